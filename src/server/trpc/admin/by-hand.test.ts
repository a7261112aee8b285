import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminsOnly } from "#src/contract/console.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { type Askers, openAskers } from "#src/testing/ask.ts";
import { endUnsignalled, makeScene } from "#src/testing/scene.ts";

let app: TestApp;
let askers: Askers;
let goalId: string;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_BY_HAND: "10000" }, false);
  askers = await openAskers(app.services);
  const scene = await makeScene(app.services, ["vic"]);
  goalId = await scene.invite("vic");
  await endUnsignalled(app.services, scene, goalId);
});
afterAll(async () => app.close());

const nobody = "0".repeat(24);
const byHand = () => ({ reason: "To see what happens.", request_id: randomUUID() });
const entries = () => app.services.db.driver.collection("audit_log").countDocuments();

/** Every mutation of the console, and its input without what all of them want. */
const mutations: [string, () => object][] = [
  ["admin.goals.act", () => ({ goal_id: goalId, action: { kind: "resend_signal" } })],
  ["admin.bulk.start", () => ({ filter: {}, what: { kind: "failed" }, confirmation: "0" })],
  ["admin.bulk.approve", () => ({ bulk_id: nobody })],
  ["admin.bulk.reject", () => ({ bulk_id: nobody })],
  ["admin.bulk.stop", () => ({ bulk_id: nobody })],
  ["admin.ledger.check", () => ({})],
  ["admin.users.setRole", () => ({ user_id: askers.ids.viewer, role: "streamer" })],
];

const change = (path: string, input: object, role: "admin" | "moderator" = "admin") =>
  askers.ask(path, { method: "POST", role, input });

describe("a change by hand", () => {
  test.each(mutations)(
    "%s without a reason, or without an id of its own, is refused",
    async (path, input) => {
      const before = await entries();
      const { reason, request_id } = byHand();
      const malformed = [
        { request_id },
        { reason },
        { reason: "", request_id },
        { reason: "   ab   ", request_id },
        { reason: "x".repeat(501), request_id },
        { reason: 42, request_id },
        { reason, request_id: "1" },
        { reason, request_id: { $ne: null } },
      ];
      for (const wrong of malformed) {
        const { status, error } = await change(path, { ...input(), ...wrong });
        expect([status, error?.data["problem"]]).toEqual([400, "invalid_request"]);
      }
      expect(await entries()).toBe(before);
    },
  );

  test.each(mutations)(
    "%s asked for by another site's page, with an admin's cookie, is refused",
    async (path, input) => {
      const before = await entries();
      const cookie = await askers.cookieOf("admin");
      const asked = async (origin: string) => {
        const headers = { cookie, origin };
        const answer = await askers.ask(path, {
          method: "POST",
          headers,
          input: { ...input(), ...byHand() },
        });
        return answer.error?.data["problem"];
      };
      expect(await asked("https://elsewhere.example")).toBe("wrong_origin");
      expect(await entries()).toBe(before);
      expect(await asked("http://localhost:3000")).not.toBe("wrong_origin");
    },
  );

  test("of a goal that does not exist leaves no entry", async () => {
    const before = await entries();
    const input = { goal_id: nobody, action: { kind: "resend_signal" }, ...byHand() };
    const { status, error } = await change("admin.goals.act", input);
    expect([status, error?.data["problem"]]).toEqual([404, "goal_not_found"]);
    expect(await entries()).toBe(before);
  });

  test.each([
    { kind: "retry", receivers: [] },
    { kind: "retry", receivers: ["deactivate_goal"] },
    { kind: "retry" },
    { kind: "agree" },
    {},
    { kind: "refund_now", amount: 1_000_000 },
  ])("%j is none that there is, and is refused", async (action) => {
    const before = await entries();
    const { status } = await change("admin.goals.act", { goal_id: goalId, action, ...byHand() });
    expect(status).toBe(400);
    expect(await entries()).toBe(before);
  });

  test.each(adminsOnly)("%s is refused to a moderator, and leaves no entry", async (kind) => {
    const before = await entries();
    const input = { goal_id: goalId, action: { kind }, ...byHand() };
    const { status, error } = await change("admin.goals.act", input, "moderator");
    expect([status, error?.data["problem"]]).toEqual([403, "forbidden"]);
    expect(await entries()).toBe(before);
  });

  test("whose id was used for something else is refused", async () => {
    const input = { goal_id: goalId, action: { kind: "resend_signal" }, ...byHand() };
    expect((await change("admin.goals.act", input)).status).toBe(200);
    const before = await entries();
    for (const other of [{ reason: "Another one." }, { action: { kind: "hold_refund" } }]) {
      const { status, error } = await change("admin.goals.act", { ...input, ...other });
      expect([status, error?.data["problem"]]).toEqual([400, "invalid_request"]);
    }
    expect(await entries()).toBe(before);
  });

  test("under an id that somebody else used is an action of its own", async () => {
    const input = { goal_id: goalId, action: { kind: "resend_signal" }, ...byHand() };
    const [one, two] = [
      await change("admin.goals.act", input),
      await change("admin.goals.act", input, "moderator"),
    ];
    expect([one.status, two.status]).toEqual([200, 200]);
    expect((one.data as { audit_id: string }).audit_id).not.toBe((two.data as { audit_id: string }).audit_id);
  });
});
