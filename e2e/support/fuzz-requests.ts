import { body, type Chance, fields, value, words } from "./fuzz-values.ts";

/** Malformed requests, made by a seed: the same seed and number give the same bytes, on every machine. */

/** What one request puts on the wire, and how. */
export interface FuzzRequest {
  readonly kind: string;
  /** Written one after the other. */
  readonly pieces: readonly Buffer[];
  /** The request is never completed: no answer is owed. */
  readonly unfinished: boolean;
}

/** Whoever is signed in: what goes into a request's headers. */
export interface FuzzCallers {
  readonly tokens: readonly string[];
  readonly cookies: readonly string[];
  readonly ids: readonly string[];
}

const odd = (chance: Chance) => encodeURIComponent(chance.text().toWellFormed());
const queryOf = (chance: Chance) =>
  Array.from(
    { length: chance.below(4) },
    () =>
      `${chance.pick([...fields, "next", "batch", "input", "_rsc"])}=${chance.is(0.3) ? encodeURIComponent(JSON.stringify(value(chance)) ?? "").slice(0, 6_000) : odd(chance)}`,
  ).join("&");

const procedures = words(`
  studio.overview me.invitations me.receipt admin.goals.list admin.goals.count admin.goals.byId
  admin.goals.run admin.goals.preview admin.goals.act admin.bulk.preview admin.bulk.start
  admin.bulk.approve admin.bulk.stop admin.bulk.list admin.bulk.byId admin.ledger.light
  admin.ledger.check admin.ledger.transfers admin.ledger.accounts admin.ledger.openEscrows
  admin.sessions.list admin.sessions.byId admin.users.list admin.users.setRole admin.audit.list
  admin.overview admin.search no.such __proto__ constructor admin admin.goals.toString . ,
`);
const authPaths = words(`
  sign-in/email sign-up/email sign-out get-session list-sessions revoke-session revoke-sessions
  change-password update-user verify-password reset-password/x callback/google error ok ../trpc
  sign-in/social list-accounts %2e%2e/x delete-user/callback
`);
const pages = words(`
  / /sign-in /studio /me /admin /admin/goals /admin/users /admin/audit /no-such /favicon.ico
  /icon.svg
`);
const files = words(`
  /_next/static/../../package.json /_next/static/%2e%2e/%2e%2e/package.json
  /_next/static/chunks/..%5c..%5cserver /_next/image?url=http://127.0.0.1:9/&w=64&q=1
  /_next/image?url=%2f&w=1 /_next/data/x/studio.json /_next/static/x /_next/webpack-hmr /.env
  /.git/config /%2e%2e/%2e%2e/etc/passwd /__nextjs_original-stack-frames /_next/../.env /_not-found
  /_error /404 /500 /_global-error
`);

/** Where a request goes: its method and its target. */
function target(chance: Chance, callers: FuzzCallers): [kind: string, method: string, path: string] {
  const id = chance.is(0.4) ? chance.pick([...callers.ids, "0".repeat(24)]) : odd(chance);
  const query = chance.is(0.4) ? `?${queryOf(chance)}` : "";
  const method = chance.pick([
    "GET",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "HEAD",
    "OPTIONS",
    "TRACE",
    "QUERY",
    "PROPFIND",
  ]);
  switch (chance.below(11)) {
    case 0:
    case 1:
      return ["goals", chance.is(0.8) ? "DELETE" : method, `/goals/${id}${query}`];
    case 2:
    case 3: {
      const names = Array.from({ length: chance.is(0.4) ? chance.below(40) + 1 : 1 }, () =>
        chance.pick(procedures),
      );
      const input = chance.is(0.5)
        ? `&input=${encodeURIComponent(JSON.stringify(value(chance)) ?? "").slice(0, 6_000)}`
        : "&input=%7b%ff";
      return [
        "trpc",
        chance.is(0.9) ? chance.pick(["GET", "POST"]) : method,
        `/api/trpc/${names.join(",")}?${chance.is(0.5) ? "batch=1" : "x"}${input}`,
      ];
    }
    case 4:
      return ["pusher", chance.is(0.9) ? "POST" : method, `/api/pusher/auth${query}`];
    case 5:
    case 6:
      return [
        "auth",
        chance.is(0.9) ? chance.pick(["GET", "POST"]) : method,
        `/api/auth/${chance.pick(authPaths)}${query}`,
      ];
    case 7:
      return [
        "inngest",
        chance.is(0.9) ? chance.pick(["GET", "POST", "PUT"]) : method,
        `/api/inngest${query}`,
      ];
    case 8:
      return [
        "views",
        method,
        chance.pick([
          `/sessions/${id}/token`,
          `/channels/private-user@${id}/data`,
          `/channels/${id}/data`,
          "/metrics",
          "/healthz",
          "/readyz",
          "/openapi.json",
        ]) + query,
      ];
    case 9:
      return [
        "pages",
        method,
        chance.pick([
          ...pages,
          `/me/receipts/${id}`,
          `/admin/goals/${id}`,
          `/admin/sessions/${id}`,
          `/admin/bulk/${id}`,
        ]) + query,
      ];
    default:
      return [
        "files",
        method,
        chance.is(0.5)
          ? chance.pick(files)
          : chance.pick(["/admin/export/goals.csv", "/admin/export/audit.csv"]) + query,
      ];
  }
}

const strangeHeaders = words(`
  next-action rsc next-router-state-tree next-router-prefetch next-router-segment-prefetch next-url
  next-hmr-refresh x-middleware-subrequest x-middleware-rewrite x-nextjs-data x-matched-path
  x-invoke-path x-invoke-output x-now-route-matches x-prerender-revalidate accept-language accept
  accept-encoding if-none-match if-modified-since range origin referer host x-forwarded-for
  x-forwarded-host x-forwarded-proto forwarded x-http-method-override x-inngest-signature
  x-inngest-sync-kind x-inngest-req-version sec-fetch-site sec-fetch-mode user-agent expect te
  trailer content-encoding content-language trpc-accept last-event-id x-trpc-source cookie
  authorization content-security-policy x-goalkeeper-nonce upgrade connection date __proto__
  constructor
`);
const strangeValues = [
  "",
  "1",
  "null",
  "undefined",
  "%",
  "%5B%22%22%5D",
  "[]",
  "{",
  "true",
  "..",
  "http://[",
  "bytes=0-,-1",
  "x".repeat(2_000),
  "identity",
  "gzip",
  "100-continue",
  "application/json",
  "text/event-stream",
  "websocket",
  "en;q=x,*;q=9",
  "0000",
];

function headers(chance: Chance, callers: FuzzCallers): string[] {
  const lines = [
    chance.is(0.9)
      ? "Host: localhost"
      : `Host: ${chance.pick(["", "evil.example", "[", "a b", "localhost:99999", "%"])}`,
  ];
  if (chance.is(0.5)) lines.push(`Authorization: Bearer ${chance.pick([...callers.tokens, "x", ""])}`);
  else if (chance.is(0.6))
    lines.push(
      `Cookie: ${chance.pick([...callers.cookies, "better-auth.session_token=%ff", "NEXT_LOCALE=%", ";;=;", "a"])}`,
    );
  const types = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain",
    "application/json; charset=utf-16",
    "",
    ";;;",
    "text/x-component",
  ];
  if (chance.is(0.8)) lines.push(`Content-Type: ${chance.is(0.6) ? "application/json" : chance.pick(types)}`);
  for (let n = chance.below(4); n > 0; n--)
    lines.push(
      `${chance.pick(strangeHeaders)}: ${chance.is(0.7) ? chance.pick(strangeValues) : chance.text().replaceAll(/[\r\n]/g, "")}`,
    );
  return lines;
}

/** A request whose frame is sound, and whose content is not. */
export function strangeRequest(chance: Chance, callers: FuzzCallers): FuzzRequest {
  const [kind, method, path] = target(chance, callers);
  const content =
    kind === "pusher" && chance.is(0.7)
      ? Buffer.from(
          `socket_id=${chance.pick(["1.1", odd(chance)])}&channel_name=${chance.pick([`private-user@${chance.pick(callers.ids)}`, odd(chance), "private-admin", "presence-stream@"])}&${queryOf(chance)}`,
        )
      : body(chance);
  const bodyless = method === "GET" || method === "HEAD" || method === "TRACE";
  const sent = bodyless && chance.is(0.9) ? Buffer.alloc(0) : content;
  const chunked = sent.length > 0 && chance.is(0.2);
  const lines = [`${method} ${path} HTTP/1.1`, ...headers(chance, callers), "Connection: close"];
  if (chunked) lines.push("Transfer-Encoding: chunked");
  else if (sent.length > 0 || !bodyless) lines.push(`Content-Length: ${sent.length}`);
  const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "utf8");
  if (!chunked)
    return { kind, pieces: chance.is(0.1) ? [head, sent] : [Buffer.concat([head, sent])], unfinished: false };
  const middle = chance.below(sent.length);
  const chunk = (part: Buffer) =>
    part.length === 0
      ? Buffer.alloc(0)
      : Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]);
  return {
    kind,
    pieces: [head, chunk(sent.subarray(0, middle)), chunk(sent.subarray(middle)), Buffer.from("0\r\n\r\n")],
    unfinished: false,
  };
}
