import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Role } from "#src/contract/roles.ts";
import { ensureIndexes } from "#prisma/indexes.ts";
import { createAccount } from "../gateways/accounts.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeScene, type Scene } from "#src/testing/scene.ts";
import { endGoal } from "../data/goals.ts";
import { createServices, type Services } from "../services.ts";
import { handleDecline } from "./decline.ts";

let app: TestApp;
let scene: Scene;
let ada: string;
let bea: string;

/** Makes an account and signs it in; gives the bearer token. */
async function signIn(id: string, email: string, role: Role): Promise<string> {
  const { auth } = app.services;
  await createAccount(auth, { id, name: email, email, role, password: "goalkeeper" });
  const { headers } = await auth.api.signInEmail({
    body: { email, password: "goalkeeper" },
    returnHeaders: true,
  });
  return headers.get("set-auth-token") ?? "";
}

beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_DECLINE: "1000" }, false);
  scene = await makeScene(app.services, ["vic", "wen", "xan"]);
  const streamer = await app.services.db.driver.collection("user").findOne({ role: "streamer" });
  ada = await signIn(scene.streamerId, String(streamer?.["email"]), "streamer");
  bea = await signIn("b".repeat(24), "bea@example.com", "streamer");
});
afterAll(async () => app.close());

interface Ask {
  token?: string | null;
  body?: string;
  headers?: Record<string, string>;
  services?: Services;
}

async function decline(
  goalId: string,
  { token = ada, body = '{"agree":false}', headers, services = app.services }: Ask = {},
) {
  const response = await handleDecline(
    services,
    new Request(`http://localhost:3000/goals/${goalId}`, {
      method: "DELETE",
      body,
      headers: {
        "content-type": "application/json",
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    }),
    goalId,
  );
  const answer = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, answer };
}

describe("DELETE /goals/<goal_id>", () => {
  const nobody = "0".repeat(24);

  test("is accepted for the goal's streamer, with the id of its event", async () => {
    const goalId = await scene.invite("vic");
    const { status, answer } = await decline(goalId);
    expect(status).toBe(202);
    expect(answer).toEqual({ goal_id: goalId, status: "accepted", event_id: expect.any(String) as string });
  });

  test("knows who is asking before it says anything of the goal", async () => {
    for (const id of [nobody, "not-an-id"]) {
      const { status, answer } = await decline(id, { token: null });
      expect([status, answer["code"]]).toEqual([401, "unauthenticated"]);
    }
    expect((await decline(nobody, { token: "forged" })).status).toBe(401);
  });

  test("answers another streamer's goal with the body of a goal that does not exist", async () => {
    const goalId = await scene.invite("wen");
    const [theirs, absent] = [await decline(goalId, { token: bea }), await decline(nobody, { token: bea })];
    expect(theirs.status).toBe(404);
    expect({ ...theirs.answer, instance: "" }).toEqual({ ...absent.answer, instance: "" });
    expect(theirs.answer).toMatchObject({
      code: "goal_not_found",
      status: 404,
      instance: `/goals/${goalId}`,
    });
    expect(theirs.headers.get("content-type")).toBe("application/problem+json");
  });

  test.each<[string, string, Ask, number, string]>([
    ["an id that is none", "123", {}, 400, "invalid_goal_id"],
    ["no JSON", nobody, { body: "{" }, 400, "invalid_body"],
    ["agree missing", nobody, { body: "{}" }, 400, "invalid_body"],
    ["agree true", nobody, { body: '{"agree":true}' }, 400, "invalid_body"],
    ["an unknown field", nobody, { body: '{"agree":false,"x":1}' }, 400, "invalid_body"],
    ["a list", nobody, { body: "[]" }, 400, "invalid_body"],
    ["an empty body", nobody, { body: "" }, 400, "invalid_body"],
    [
      "another media type",
      nobody,
      { headers: { "content-type": "text/plain" } },
      415,
      "unsupported_media_type",
    ],
    [
      "over 1 KiB",
      nobody,
      { body: JSON.stringify({ agree: false, x: "y".repeat(1_024) }) },
      413,
      "body_too_large",
    ],
    ["a goal that does not exist", nobody, {}, 404, "goal_not_found"],
  ])("refuses %s", async (_, id, ask, status, code) => {
    const refused = await decline(id, ask);
    expect(refused.answer).toMatchObject({ status, code, title: expect.any(String) as string });
    expect(refused.status).toBe(status);
  });

  test("answers a goal that ended otherwise with 409, and one this streamer declined with 200", async () => {
    const goalId = await scene.invite("xan");
    const end = { goalId, streamerId: scene.streamerId, by: scene.streamerId, eventId: "e", now: new Date() };
    await endGoal(app.services.db, { ...end, reason: "expired" });
    expect((await decline(goalId)).answer).toMatchObject({ status: 409, code: "goal_not_active" });
    await app.services.db.driver
      .collection("goals")
      .updateMany({ active: false }, { $set: { "deactivated.reason": "declined" } });
    expect(await decline(goalId)).toMatchObject({
      status: 200,
      answer: { goal_id: goalId, status: "already_ended", ended: end.now.toISOString() },
    });
  });

  test("by cookie is refused from another site, and taken from our own", async () => {
    const cookie = await cookieOf(ada);
    const foreign = await decline(nobody, {
      token: null,
      headers: { cookie, origin: "https://evil.example" },
    });
    expect([foreign.status, foreign.answer["code"]]).toEqual([403, "wrong_origin"]);
    const own = await decline(nobody, { token: null, headers: { cookie, origin: "http://localhost:3000" } });
    expect(own.answer["code"]).toBe("goal_not_found");
  });

  test("is limited per caller, and says when to come back", async () => {
    const services = createServices({ ...app.services.settings, RATE_LIMIT_DECLINE: 2 });
    await ensureIndexes(services.db.driver);
    const codes = [];
    for (let n = 0; n < 3; n++) codes.push((await decline(nobody, { services })).answer["code"]);
    expect(codes).toEqual(["goal_not_found", "goal_not_found", "rate_limited"]);
    const limited = await decline(nobody, { services });
    expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await decline(nobody, { services, token: bea })).answer["code"]).toBe("goal_not_found");
    await services.close();
  });

  test("says 503, and that repeating is safe, when the event cannot be handed over", async () => {
    const pending = await app.services.db.driver.collection("goals").findOne({ active: true });
    const away = createServices({ ...app.services.settings, INNGEST_BASE_URL: "http://127.0.0.1:9" });
    const { status, answer, headers } = await decline(String(pending?._id), { services: away });
    expect([status, answer["code"]]).toEqual([503, "unavailable"]);
    expect(headers.get("retry-after")).not.toBeNull();
    await away.close();
  });
});

/** The session cookie that belongs to a bearer token. */
async function cookieOf(token: string): Promise<string> {
  const { authCookies } = await app.services.auth.$context;
  return `${authCookies.sessionToken.name}=${token}`;
}
