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

/** A generator of numbers from 0 to 1 (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export class Chance {
  readonly #next: () => number;
  constructor(seed: number, index: number) {
    this.#next = numbers((Math.imul(seed, 2_654_435_761) ^ Math.imul(index + 1, 40_503)) >>> 0);
  }
  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }
  is(probability: number): boolean {
    return this.#next() < probability;
  }
  pick<T>(from: readonly T[]): T {
    const found = from[this.below(from.length)];
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  }
  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
  /** Text that people do not type. */
  text(): string {
    const letters = this.pick([
      "abcXYZ019",
      "'\"\\<>&;${}[]()",
      "\u0001\u001f\u007f",
      "é漢😀\u202e\ufeff",
      "%00%ff%c0%af../;",
      "\t \u00a0",
    ]);
    const length = this.pick([0, 1, 3, 24, 60, 300]);
    const characters = [...letters];
    return Array.from({ length }, () => this.pick(characters)).join("");
  }
}

const strange: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  "",
  "x",
  "0".repeat(24),
  "f".repeat(24),
  "G".repeat(24),
  [],
  {},
  [[]],
  [null],
  { $ne: null },
  { $gt: "" },
  { $where: "1" },
  { __proto__: null },
  { constructor: { prototype: {} } },
  "__proto__",
  "\u0000",
  "\ud800",
  "9".repeat(400),
  "2026-13-45T99:99:99Z",
  "1970-01-01T00:00:00.000Z",
  "-271821-04-20T00:00:00.000Z",
  "+275760-09-13T00:00:00.001Z",
];
const fields = [
  "goal_id",
  "agree",
  "filter",
  "cursor",
  "limit",
  "action",
  "reason",
  "request_id",
  "user_id",
  "role",
  "q",
  "email",
  "password",
  "kind",
  "what",
  "value",
  "id",
  "state",
  "since",
  "session_id",
  "bulk_id",
  "confirmation",
  "callbackURL",
  "token",
  "newPassword",
  "currentPassword",
  "receivers",
  "min_amount",
  "max_amount",
  "account",
  "escrow_id",
  "__proto__",
  "constructor",
  "rememberMe",
  "run_id",
];

/** Some JSON value, deeper now and then. */
export function value(chance: Chance, depth = 0): unknown {
  if (depth > 4 || chance.is(0.4)) return chance.is(0.8) ? chance.pick(strange) : chance.text();
  if (chance.is(0.25)) return Array.from({ length: chance.below(5) }, () => value(chance, depth + 1));
  return Object.fromEntries(
    Array.from({ length: chance.below(6) }, () => [chance.pick(fields), value(chance, depth + 1)]),
  );
}

/** A body: JSON that is strange, JSON that is broken, or none. */
function body(chance: Chance): Buffer {
  const json = JSON.stringify(value(chance)) ?? "";
  switch (chance.below(10)) {
    case 0:
      return Buffer.alloc(0);
    case 1:
      return chance.bytes(chance.pick([1, 10, 200, 3_000]));
    case 2:
      return Buffer.from(json.slice(0, chance.below(json.length + 1)));
    case 3:
      return Buffer.from("[".repeat(chance.pick([10, 1_000, 50_000])));
    case 4:
      return Buffer.from(`{"a":"${"x".repeat(chance.pick([1_000, 20_000, 200_000]))}"}`);
    case 5:
      return Buffer.concat([
        Buffer.from('{"email":"'),
        chance.bytes(5),
        Buffer.from('","password":"'),
        chance.bytes(5),
        Buffer.from('"}'),
      ]);
    default:
      return Buffer.from(json);
  }
}

const odd = (chance: Chance) => encodeURIComponent(chance.text().toWellFormed());
const queryOf = (chance: Chance) =>
  Array.from(
    { length: chance.below(4) },
    () =>
      `${chance.pick([...fields, "next", "batch", "input", "_rsc"])}=${chance.is(0.3) ? encodeURIComponent(JSON.stringify(value(chance)) ?? "").slice(0, 6_000) : odd(chance)}`,
  ).join("&");

const procedures = [
  "studio.overview",
  "me.invitations",
  "me.receipt",
  "admin.goals.list",
  "admin.goals.count",
  "admin.goals.byId",
  "admin.goals.run",
  "admin.goals.preview",
  "admin.goals.act",
  "admin.bulk.preview",
  "admin.bulk.start",
  "admin.bulk.approve",
  "admin.bulk.stop",
  "admin.bulk.list",
  "admin.bulk.byId",
  "admin.ledger.light",
  "admin.ledger.check",
  "admin.ledger.transfers",
  "admin.ledger.accounts",
  "admin.ledger.openEscrows",
  "admin.sessions.list",
  "admin.sessions.byId",
  "admin.users.list",
  "admin.users.setRole",
  "admin.audit.list",
  "admin.overview",
  "admin.search",
  "no.such",
  "__proto__",
  "constructor",
  "admin",
  "admin.goals.toString",
  "",
  ".",
  ",",
];
const authPaths = [
  "sign-in/email",
  "sign-up/email",
  "sign-out",
  "get-session",
  "list-sessions",
  "revoke-session",
  "revoke-sessions",
  "change-password",
  "update-user",
  "verify-password",
  "reset-password/x",
  "callback/google",
  "error",
  "ok",
  "../trpc",
  "sign-in/social",
  "list-accounts",
  "%2e%2e/x",
  "delete-user/callback",
];
const pages = [
  "/",
  "/sign-in",
  "/studio",
  "/me",
  "/admin",
  "/admin/goals",
  "/admin/users",
  "/admin/audit",
  "/no-such",
  "/favicon.ico",
  "/icon.svg",
];
const files = [
  "/_next/static/../../package.json",
  "/_next/static/%2e%2e/%2e%2e/package.json",
  "/_next/static/chunks/..%5c..%5cserver",
  "/_next/image?url=http://127.0.0.1:9/&w=64&q=1",
  "/_next/image?url=%2f&w=1",
  "/_next/data/x/studio.json",
  "/_next/static/x",
  "/_next/webpack-hmr",
  "/.env",
  "/.git/config",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/__nextjs_original-stack-frames",
  "/_next/../.env",
  "/_not-found",
  "/_error",
  "/404",
  "/500",
  "/_global-error",
];

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

const strangeHeaders = [
  "next-action",
  "rsc",
  "next-router-state-tree",
  "next-router-prefetch",
  "next-router-segment-prefetch",
  "next-url",
  "next-hmr-refresh",
  "x-middleware-subrequest",
  "x-middleware-rewrite",
  "x-nextjs-data",
  "x-matched-path",
  "x-invoke-path",
  "x-invoke-output",
  "x-now-route-matches",
  "x-prerender-revalidate",
  "accept-language",
  "accept",
  "accept-encoding",
  "if-none-match",
  "if-modified-since",
  "range",
  "origin",
  "referer",
  "host",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "forwarded",
  "x-http-method-override",
  "x-inngest-signature",
  "x-inngest-sync-kind",
  "x-inngest-req-version",
  "sec-fetch-site",
  "sec-fetch-mode",
  "user-agent",
  "expect",
  "te",
  "trailer",
  "content-encoding",
  "content-language",
  "trpc-accept",
  "last-event-id",
  "x-trpc-source",
  "cookie",
  "authorization",
  "content-security-policy",
  "x-goalkeeper-nonce",
  "upgrade",
  "connection",
  "date",
  "__proto__",
  "constructor",
];
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
  else if (chance.is(0.5))
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
