import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { type Cast, makeCast } from "#src/testing/cast.ts";
import { byHand } from "#src/testing/procedures.ts";
import { type Call, callRoute } from "#src/testing/routes.ts";
import { createAccount } from "../gateways/accounts.ts";
import { createServices } from "../services.ts";

let app: TestApp;
let cast: Cast;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SIGN_IN: "1000" }, false);
  cast = await makeCast(app.services);
});
afterAll(async () => app.close());

const json = { "content-type": "application/json" };

/** What browsers and scripts say of where a request comes from. */
const origins: Readonly<Record<string, Record<string, string>>> = {
  "no origin": {},
  "our own": { origin: "http://localhost:3000", "sec-fetch-site": "same-origin" },
  "typed by a person": { "sec-fetch-site": "none" },
  "another site": { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
  "another port": { origin: "http://localhost:3001", "sec-fetch-site": "same-site" },
  "a name that begins like ours": {
    origin: "http://localhost:3000.evil.example",
    "sec-fetch-site": "cross-site",
  },
  "another scheme": { origin: "https://localhost:3000", "sec-fetch-site": "cross-site" },
  null: { origin: "null", "sec-fetch-site": "cross-site" },
  "another site, no origin": { "sec-fetch-site": "cross-site" },
  "a sibling, no origin": { "sec-fetch-site": "same-site" },
};
const ours = new Set(["no origin", "our own", "typed by a person"]);

/** What changes something, or signs something: how it is asked, as whom, and what it answers when it may be. */
const changes: readonly [what: string, as: "streamer" | "moderator", call: () => Call, done: number][] = [
  [
    "DELETE /goals/<goal_id>",
    "streamer",
    () => ({ method: "DELETE", path: `/goals/${cast.goalId}`, headers: json, body: '{"agree":false}' }),
    202,
  ],
  [
    "POST /api/trpc, a change by hand",
    "moderator",
    () => ({
      method: "POST",
      path: "/api/trpc/admin.ledger.check",
      headers: json,
      body: JSON.stringify(byHand()),
    }),
    200,
  ],
  [
    "POST /api/trpc, several at once",
    "moderator",
    () => ({
      method: "POST",
      path: "/api/trpc/admin.ledger.check?batch=1",
      headers: json,
      body: JSON.stringify({ 0: byHand() }),
    }),
    200,
  ],
  [
    "POST /api/pusher/auth",
    "streamer",
    () => ({
      method: "POST",
      path: "/api/pusher/auth",
      body: `socket_id=1.1&channel_name=private-user@${cast.ids.streamer}`,
    }),
    200,
  ],
  [
    "POST /api/auth/revoke-other-sessions",
    "streamer",
    () => ({ method: "POST", path: "/api/auth/revoke-other-sessions", headers: json, body: "{}" }),
    200,
  ],
];

describe.each(changes)("%s", (what, as, call, done) => {
  test.each(Object.keys(origins))(
    "by cookie, from %s, is taken only from our own pages and from scripts",
    async (from) => {
      const { headers, ...rest } = call();
      const cookie = await cast.cookie(as);
      const { status } = await callRoute(app.services, {
        ...rest,
        headers: { ...headers, ...cookie, ...origins[from] },
      });
      // The auth library wants to be told by every cookie's sender.
      const isOurs = what.includes("/api/auth") ? from === "our own" : ours.has(from);
      expect(status).toBe(isOurs ? done : 403);
    },
  );

  // The auth library looks at the origin of whoever asks.
  test.each(Object.keys(origins).filter((from) => !what.includes("/api/auth") || ours.has(from)))(
    "by token, from %s, is taken: no browser sends a token of its own accord",
    async (from) => {
      const { headers, ...rest } = call();
      const { status } = await callRoute(app.services, {
        ...rest,
        headers: { ...headers, ...cast.bearer(as), ...origins[from] },
      });
      expect(status).toBe(done);
    },
  );
});

test("a cookie cannot ride along with a token that is nobody's", async () => {
  const { headers, ...rest } = changes[0]?.[2]() ?? { method: "", path: "" };
  const cookie = await cast.cookie("streamer");
  const { status } = await callRoute(app.services, {
    ...rest,
    headers: { ...headers, ...cookie, authorization: "Bearer nobody's" },
  });
  expect(status).toBe(401);
});

test("nothing that changes something is done by a GET", async () => {
  const cookie = await cast.cookie("moderator");
  const path = `/api/trpc/admin.ledger.check?input=${encodeURIComponent(JSON.stringify(byHand()))}`;
  expect((await callRoute(app.services, { method: "GET", path, headers: cookie })).status).toBe(405);
});

test("no answer allows another site's page to read it", async () => {
  const from = { origin: "https://evil.example", "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" };
  const cookie = await cast.cookie("streamer");
  const paths = [
    `/channels/private-user@${cast.ids.streamer}/data`,
    "/api/trpc/studio.overview",
    "/api/auth/get-session",
  ];
  for (const path of paths) {
    const { headers } = await callRoute(app.services, {
      method: "GET",
      path,
      headers: { ...cookie, ...from },
    });
    expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
  }
});

describe("the session's cookie", () => {
  test.each([
    [
      "http://localhost:3000",
      /^better-auth\.session_token=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/,
    ],
    [
      "https://studio.example.com",
      /^__Host-goalkeeper\.session_token=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    ],
  ])("of %s is kept from scripts and from other sites", async (APP_URL, expected) => {
    const services = createServices({ ...app.services.settings, APP_URL });
    try {
      const email = `${new URL(APP_URL).protocol.slice(0, -1)}@example.com`;
      const id = new URL(APP_URL).protocol === "https:" ? "a".repeat(24) : "b".repeat(24);
      await createAccount(services.auth, { id, name: "x", email, role: "viewer", password: "goalkeeper" });
      const signedIn = await callRoute(services, {
        method: "POST",
        path: "/api/auth/sign-in/email",
        headers: json,
        body: JSON.stringify({ email, password: "goalkeeper" }),
      });
      expect(signedIn.headers.getSetCookie()).toEqual([expect.stringMatching(expected)]);
      const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
      const session = await callRoute(services, {
        method: "GET",
        path: "/api/auth/get-session",
        headers: { cookie },
      });
      expect(await session.json()).toMatchObject({ user: { email } });
    } finally {
      await services.close();
    }
  });
});
