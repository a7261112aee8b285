import { randomUUID } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { GoalAction } from "#src/contract/console.ts";
import { goalEnded, goalEndedId } from "#src/contract/events.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import type { Caller } from "#src/contract/roles.ts";
import { byHandEventId, retryEventId } from "#src/domain/actions.ts";
import { findGoal } from "#src/server/data/goals.ts";
import { runsOfGoal } from "#src/server/data/receiver-runs.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene, sendTo } from "#src/testing/scene.ts";
import { createServices } from "../../services.ts";
import { signalOfEndedGoal } from "../end-goal.ts";
import { actOnGoal } from "./act.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

const admin: Caller = { id: new ObjectId().toHexString(), name: "root", email: "", role: "admin" };
const moderator: Caller = { ...admin, id: new ObjectId().toHexString(), role: "moderator" };
const act = (goalId: string, action: GoalAction, requestId: string = randomUUID(), caller = moderator) =>
  actOnGoal(app.services, caller, { goalId, action, reason: "It hung.", requestId });
const retry: GoalAction = { kind: "retry", receivers: ["track_goals", "snapshot_rtc_sources"] };
const entries = (goalId: string) =>
  app.services.db.driver
    .collection("audit_log")
    .find({ target: `goal:${goalId}` })
    .sort({ at: 1 })
    .toArray();
const settledRuns = async (goalId: string) =>
  (await runsOfGoal(app.services.db, goalId)).filter(({ finished }) => finished !== undefined);

async function declined() {
  const scene = await makeScene(app.services, ["vic"]);
  const goalId = await scene.invite("vic");
  const signal = await endUnsignalled(app.services, scene, goalId);
  return { scene, goalId, signal };
}

describe("a retry by hand", () => {
  test("runs each receiver once more, however often the request is sent, and leaves one entry", async () => {
    const { goalId } = await declined();
    const requestId = randomUUID();
    const first = await act(goalId, retry, requestId);
    const again = await Promise.all([act(goalId, retry, requestId), act(goalId, retry, requestId)]);
    expect(again).toEqual([first, first]);
    expect(first.event_ids).toEqual([
      retryEventId(goalId, "track_goals", first.audit_id),
      retryEventId(goalId, "snapshot_rtc_sources", first.audit_id),
    ]);
    await vi.waitFor(async () => {
      const runs = await settledRuns(goalId);
      expect(runs.map(({ receiver, status }) => `${receiver} ${status}`).toSorted()).toEqual([
        "snapshot_rtc_sources returned",
        "track_goals done",
      ]);
    }, 5_000);
    expect(await entries(goalId)).toEqual([
      expect.objectContaining({
        action: "goal.retry",
        role: "moderator",
        reason: "It hung.",
        status: "completed",
        before: { receivers: { track_goals: null, snapshot_rtc_sources: null } },
        after: { event_ids: first.event_ids },
      }),
    ]);
  });

  test.each<[string, object]>([
    ["still active", { $set: { active: true }, $unset: { deactivated: true } }],
    ["agreed to", { $set: { agreed: { at: new Date() } }, $unset: { deactivated: true } }],
  ])("of a goal that is %s is refused, stays refused, and sends nothing", async (_, state) => {
    const { goalId } = await declined();
    await app.services.db.driver.collection("goals").updateOne({ _id: new ObjectId(goalId) }, state);
    const requestId = randomUUID();
    for (const action of [retry, { kind: "resend_signal" }] as const) {
      const asked = () => act(goalId, action, action === retry ? requestId : randomUUID());
      await expect(asked()).rejects.toMatchObject({ code: "action_refused" });
      await expect(asked()).rejects.toMatchObject({ code: "action_refused" });
    }
    const found = await entries(goalId);
    expect(found.map(({ status, error }) => `${status} ${error}`)).toEqual(
      Array.from({ length: 3 }, () => "refused action_refused"),
    );
    expect(await runsOfGoal(app.services.db, goalId)).toEqual([]);
  });

  test("that Inngest does not confirm may have been sent: its entry stays open, and the same request completes it", async () => {
    const { goalId } = await declined();
    const away = createServices({ ...app.services.settings, INNGEST_BASE_URL: "http://127.0.0.1:9" });
    const request = { goalId, action: retry, reason: "It hung.", requestId: randomUUID() };
    await expect(actOnGoal(away, moderator, request)).rejects.toMatchObject({ code: "unavailable" });
    expect(await entries(goalId)).toMatchObject([{ status: "intended" }]);
    await actOnGoal(app.services, moderator, request);
    expect(await entries(goalId)).toMatchObject([{ status: "completed" }]);
    await away.close();
  });
});

describe("a signal sent again by hand", () => {
  test("is numbered, reaches all eleven receivers, and says what the first one said", async () => {
    const { goalId, signal } = await declined();
    const goal = await findGoal(app.services.db, goalId);
    const [one, two] = [
      await act(goalId, { kind: "resend_signal" }),
      await act(goalId, { kind: "resend_signal" }),
    ];
    expect([...one.event_ids, ...two.event_ids]).toEqual(
      [1, 2].map((n) => goalEndedId(goalId, goal?.deactivated?.event_id ?? "", n)),
    );
    await vi.waitFor(
      async () => expect(await settledRuns(goalId)).toHaveLength(2 * receiverIds.length),
      10_000,
    );
    const rebuilt = goal && signalOfEndedGoal(goal);
    expect(goalEnded.schema.parse(rebuilt)).toEqual({
      ...signal,
      metadata: { ...signal.metadata, reason: "declined" },
    });
  });
});

describe("a decline on behalf of the streamer", () => {
  test("ends the goal and refunds it, and says who asked", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    const { audit_id, event_ids } = await act(goalId, { kind: "decline" });
    expect(event_ids).toEqual([byHandEventId(audit_id)]);
    await vi.waitFor(async () => expect(await settledRuns(goalId)).toHaveLength(receiverIds.length), 10_000);
    expect((await findGoal(app.services.db, goalId))?.deactivated).toMatchObject({
      by: new ObjectId(moderator.id),
      event_id: byHandEventId(audit_id),
      reason: "declined",
    });
    await expect(act(goalId, { kind: "decline" })).rejects.toMatchObject({ code: "action_refused" });
  });
});

describe("a refund that sleeps", () => {
  test("and is held back returns when it wakes up, and goes once it is let go", async () => {
    const { goalId, signal } = await declined();
    const exp = new Date(Date.now() + 1_000).toISOString();
    const sleeper = await sendTo(app.services, "trigger_exclusive_goal_escrow_refund", { ...signal, exp });
    await act(goalId, { kind: "hold_refund" }, randomUUID(), admin);
    expect(await sleeper.settled()).toMatchObject({
      status: "returned",
      reason: "Not refundable: held_back.",
    });
    const { event_ids } = await act(goalId, { kind: "let_refund_go" }, randomUUID(), admin);
    await vi.waitFor(async () => {
      const runs = await settledRuns(goalId);
      expect(runs.find(({ event_id }) => event_id === event_ids[0])).toMatchObject({ status: "done" });
    }, 5_000);
    const { moved } = await act(goalId, { kind: "refund_now" }, randomUUID(), admin);
    expect(moved).toBeNull();
  });
});

describe("what only admins may do", () => {
  test.each(["hold_refund", "let_refund_go", "refund_now"] as const)(
    "%s is forbidden to moderators",
    async (kind) => {
      const { goalId } = await declined();
      await expect(act(goalId, { kind })).rejects.toMatchObject({ code: "forbidden" });
      expect(await entries(goalId)).toEqual([]);
    },
  );
});
