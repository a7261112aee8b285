import { once } from "node:events";
import { connect } from "node:net";
import { signIn } from "./support/accounts.ts";
import { stack } from "./support/stack.ts";
import { expect, test } from "./support/test.ts";

/** What every answer carries, whoever makes it. */
const always: Readonly<Record<string, RegExp>> = {
  "content-security-policy":
    /default-src 'none';.*frame-ancestors 'none';.*script-src 'self'.* 'strict-dynamic'/,
  "x-content-type-options": /^nosniff$/,
  "x-frame-options": /^DENY$/,
  "referrer-policy": /^same-origin$/,
  "permissions-policy": /camera=\(\)/,
  "cross-origin-opener-policy": /^same-origin$/,
  "cross-origin-resource-policy": /^same-origin$/,
};
/** What none carries: who made it, and who else may read it. */
const never = ["x-powered-by", "server", "access-control-allow-origin"];

const kinds: readonly [
  what: string,
  path: string,
  status: number,
  init?: Omit<RequestInit, "headers"> & { headers?: Record<string, string>; as?: string },
][] = [
  ["a page", "/sign-in", 200],
  ["a page of somebody", "/studio", 200, { as: "ada@example.com" }],
  ["a page of the console", "/admin", 200, { as: "root@example.com" }],
  ["a part of a page", "/admin", 307, { as: "root@example.com", headers: { rsc: "1" } }],
  ["a page to sign in first", "/studio", 307],
  ["a page that there is not", "/no-such-page", 404],
  ["a page's head", "/sign-in", 200, { method: "HEAD" }],
  ["a method that nothing here has", "/sign-in", 405, { method: "PROPFIND" }],
  ["an asset", "/icon.svg", 200],
  ["an asset that there is not", "/_next/static/chunks/nothing.js", 404],
  ["an answer of the API", "/healthz", 200],
  ["one that is not for who asks", "/metrics", 401],
  ["a decline of nobody", `/goals/${"0".repeat(24)}`, 401, { method: "DELETE" }],
  ["a method that is not there", "/goals/x", 405, { method: "PATCH" }],
  ["a preflight", "/goals/x", 204, { method: "OPTIONS" }],
  ["a procedure", "/api/trpc/studio.overview", 200, { as: "ada@example.com" }],
  ["a procedure that there is not", "/api/trpc/no.such", 404],
  ["the auth library's", "/api/auth/get-session", 200],
  [
    "the auth library's refusal",
    "/api/auth/sign-in/email",
    400,
    { method: "POST", body: "{}", headers: { "content-type": "application/json" } },
  ],
  ["Inngest's", "/api/inngest", 401],
  ["a file", "/admin/export/goals.csv", 200, { as: "root@example.com" }],
  ["a description", "/openapi.json", 200],
];

test.describe("what a browser may do with an answer is said with it", () => {
  for (const [what, path, status, { as, ...init } = {}] of kinds)
    test(`${what}: ${init.method ?? "GET"} ${path}`, async () => {
      const { app } = stack();
      const headers = { ...(as === undefined ? {} : await cookieOf(app, as)), ...init.headers };
      const response = await fetch(`${app}${path}`, { ...init, headers, redirect: "manual" });
      await response.arrayBuffer();
      expect(response.status).toBe(status);
      for (const [name, value] of Object.entries(always))
        expect(response.headers.get(name), name).toMatch(value);
      for (const name of never) expect(response.headers.get(name), name).toBeNull();
      // This stack is reached by http, where it would mean nothing.
      expect(response.headers.get("strict-transport-security")).toBeNull();
    });

  for (const [what, status, request] of [
    ["no address", 400, "GET // HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["no request", 400, "NONSENSE\r\n\r\n"],
    ["too much of a header", 431, `GET / HTTP/1.1\r\nHost: a\r\nx: ${"y".repeat(20_000)}\r\n\r\n`],
  ] as const)
    test(`an answer to ${what} at all`, async () => {
      const socket = connect(Number(new URL(stack().app).port), "127.0.0.1");
      let answer = "";
      socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
      socket.write(request);
      await once(socket, "close");
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      for (const [name, value] of Object.entries(always)) {
        const found = new RegExp(`^${name}: ([^\\r]*)`, "im").exec(answer)?.[1];
        expect(found, name).toMatch(value);
      }
    });
});

test("each page has a nonce of its own, and all of its scripts and styles carry it", async () => {
  const { app } = stack();
  const nonces = new Set<string>();
  for (const path of ["/sign-in", "/studio", "/admin/goals", "/no-such-page"]) {
    const cookie = await cookieOf(app, path === "/studio" ? "ada@example.com" : "root@example.com");
    const response = await fetch(`${app}${path}`, { headers: path === "/sign-in" ? {} : cookie });
    const nonce = /'nonce-([^']+)'/.exec(response.headers.get("content-security-policy") ?? "")?.[1] ?? "";
    nonces.add(nonce);
    const tags = (await response.text()).match(/<(?:script|style)\b[^>]*>/g) ?? [];
    expect(tags.length).toBeGreaterThan(3);
    expect(tags.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
  }
  expect(nonces.size).toBe(4);
});

async function cookieOf(app: string, email: string): Promise<{ cookie: string }> {
  const token = (await signIn(app, email)).slice("Bearer ".length);
  return { cookie: `better-auth.session_token=${token}` };
}
