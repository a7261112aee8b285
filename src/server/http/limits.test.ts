import { randomUUID } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { type Cast, makeCast } from "#src/testing/cast.ts";
import { byHand } from "#src/testing/procedures.ts";
import { callRoute } from "#src/testing/routes.ts";
import { createAccount } from "../gateways/accounts.ts";
import { createServices, type Services } from "../services.ts";

let app: TestApp;
let cast: Cast;
const emails = { vic: `vic-${randomUUID()}@example.com`, wen: `wen-${randomUUID()}@example.com` };
beforeAll(async () => {
  app = await startTestApp({}, false);
  cast = await makeCast(app.services);
  for (const email of Object.values(emails)) {
    const account = { id: new ObjectId().toHexString(), name: "x", email, role: "viewer" as const };
    await createAccount(app.services.auth, { ...account, password: "goalkeeper" });
  }
});
afterAll(async () => app.close());

type Settings = Partial<Record<"RATE_LIMIT_DECLINE" | "RATE_LIMIT_SIGN_IN" | "RATE_LIMIT_BY_HAND", number>>;
/** Lends services with these limits, of which nothing is spent. */
async function limited(settings: Settings, work: (services: Services) => Promise<void>): Promise<void> {
  const services = createServices({ ...app.services.settings, ...settings });
  try {
    await work(services);
  } finally {
    await services.close();
  }
}

const json = { "content-type": "application/json" };
type Sent = Record<string, string>;
const decline = (services: Services, headers: Sent) =>
  callRoute(services, {
    method: "DELETE",
    path: `/goals/${"0".repeat(24)}`,
    headers: { ...json, ...headers },
    body: '{"agree":false}',
  });
const signIn = (services: Services, email: string, password: string, address: string) =>
  callRoute(services, {
    method: "POST",
    path: "/api/auth/sign-in/email",
    headers: { ...json, "x-client-address": address },
    body: JSON.stringify({ email, password }),
  });
const getSession = (services: Services, headers: Sent) =>
  callRoute(services, { method: "GET", path: "/api/auth/get-session", headers });

/** Asks `times` times, and gives the statuses, each with how often it came. */
async function statuses(
  times: number,
  ask: (n: number) => Promise<Response>,
): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (let n = 0; n < times; n++) {
    const response = await ask(n);
    found[response.status] = (found[response.status] ?? 0) + 1;
    if (response.status !== 429) continue;
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status: 429, code: "rate_limited" });
  }
  return found;
}

describe("declines are limited", () => {
  test("per caller, from wherever", () =>
    limited({ RATE_LIMIT_DECLINE: 3 }, async (services) => {
      const from = (n: number) => ({ ...cast.bearer("streamer"), "x-client-address": `10.0.0.${n}` });
      expect(await statuses(5, (n) => decline(services, from(n)))).toEqual({ 404: 3, 429: 2 });
      const other = { ...cast.bearer("another streamer"), "x-client-address": "10.0.0.1" };
      expect((await decline(services, other)).status).toBe(404);
    }));

  test("per address, whoever they say to be, at twenty callers' worth", () =>
    limited({ RATE_LIMIT_DECLINE: 3 }, async (services) => {
      const nobody = (n: number) => ({ authorization: `Bearer ${n}`, "x-client-address": "10.0.0.1" });
      expect(await statuses(63, (n) => decline(services, nobody(n)))).toEqual({ 401: 60, 429: 3 });
      const elsewhere = { ...cast.bearer("streamer"), "x-client-address": "10.0.0.2" };
      expect((await decline(services, elsewhere)).status).toBe(404);
    }));

  test("per network, where one has addresses without number", () =>
    limited({ RATE_LIMIT_DECLINE: 1 }, async (services) => {
      const from = (n: number) => ({ "x-client-address": `2001:db8:1:2::${n.toString(16)}` });
      expect(await statuses(25, (n) => decline(services, from(n)))).toEqual({ 401: 20, 429: 5 });
    }));
});

describe("signing in is limited", () => {
  test("per address", () =>
    limited({ RATE_LIMIT_SIGN_IN: 3 }, async (services) => {
      const wrong = (n: number) => signIn(services, `${n}@example.com`, "wrong", "10.0.0.1");
      expect(await statuses(5, wrong)).toEqual({ 401: 3, 429: 2 });
      expect((await signIn(services, emails.vic, "goalkeeper", "10.0.0.2")).status).toBe(200);
    }));

  test("per account, from however many addresses, and its owner is not kept out where they have been before", () =>
    limited({ RATE_LIMIT_SIGN_IN: 2 }, async (services) => {
      expect((await signIn(services, emails.vic, "goalkeeper", "10.0.0.1")).status).toBe(200);
      const guess = (n: number) =>
        signIn(services, n % 2 ? emails.vic : emails.vic.toUpperCase(), "wrong", `10.1.0.${n}`);
      expect(await statuses(12, guess)).toEqual({ 401: 10, 429: 2 });
      expect((await signIn(services, emails.vic, "goalkeeper", "10.0.0.1")).status).toBe(200);
      expect((await signIn(services, emails.wen, "goalkeeper", "10.2.0.1")).status).toBe(200);
    }));

  test("by its failures: who signs in rightly, however often, spends nothing of the account's", () =>
    limited({ RATE_LIMIT_SIGN_IN: 1 }, async (services) => {
      const right = (n: number) => signIn(services, emails.vic, "goalkeeper", `10.0.1.${n}`);
      expect(await statuses(8, right)).toEqual({ 200: 8 });
    }));
});

describe("the other requests to the auth library are limited", () => {
  test("per session, from wherever", () =>
    limited({ RATE_LIMIT_SIGN_IN: 1 }, async (services) => {
      const cookie = await cast.cookie("viewer");
      const from = (n: number) => ({ ...cookie, "x-client-address": `10.0.0.${n}` });
      expect(await statuses(7, (n) => getSession(services, from(n)))).toEqual({ 200: 5, 429: 2 });
      expect((await getSession(services, await cast.cookie("streamer"))).status).toBe(200);
    }));

  test("per address, whatever they claim", () =>
    limited({ RATE_LIMIT_SIGN_IN: 1 }, async (services) => {
      const from = (n: number) => ({ authorization: `Bearer ${n}`, "x-client-address": "10.0.0.1" });
      expect(await statuses(22, (n) => getSession(services, from(n)))).toEqual({ 200: 20, 429: 2 });
    }));
});

test("changes by hand are limited per moderator, reading is not, and the answer says when to come back", () =>
  limited({ RATE_LIMIT_BY_HAND: 2 }, async (services) => {
    const check = () =>
      callRoute(services, {
        method: "POST",
        path: "/api/trpc/admin.ledger.check",
        headers: { ...json, ...cast.bearer("moderator") },
        body: JSON.stringify(byHand()),
      });
    expect([(await check()).status, (await check()).status]).toEqual([200, 200]);
    const refused = await check();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ error: { data: { problem: "rate_limited" } } });
    const read = await callRoute(services, {
      method: "GET",
      path: "/api/trpc/admin.audit.list",
      headers: cast.bearer("moderator"),
    });
    expect(read.status).toBe(200);
  }));

describe("what is too much at once is refused before it is worked on", () => {
  test("many procedures in one request", async () => {
    const path = `/api/trpc/${Array(31).fill("studio.overview").join(",")}?batch=1`;
    const { status } = await callRoute(app.services, {
      method: "GET",
      path,
      headers: cast.bearer("streamer"),
    });
    expect(status).toBe(400);
  });

  test.each(["/api/trpc/admin.ledger.check", "/api/auth/sign-in/email", "/api/pusher/auth"])(
    "a long body, to %s",
    async (path) => {
      const response = await callRoute(app.services, {
        method: "POST",
        path,
        headers: { ...json, ...cast.bearer("moderator") },
        body: JSON.stringify({ reason: "x".repeat(70_000) }),
      });
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: "body_too_large" });
    },
  );
});
