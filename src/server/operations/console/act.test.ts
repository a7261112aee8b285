import { randomUUID } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { GoalAction } from "#src/contract/console.ts";
import type { Caller } from "#src/contract/roles.ts";
import { retryEventId } from "#src/domain/actions.ts";
import { runsOfGoal } from "#src/server/data/receiver-runs.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene } from "#src/testing/scene.ts";
import { actOnGoal } from "./act.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

const moderator: Caller = { id: new ObjectId().toHexString(), name: "mod", email: "", role: "moderator" };
const act = (goalId: string, action: GoalAction, requestId: string = randomUUID()) =>
  actOnGoal(app.services, moderator, { goalId, action, reason: "It hung.", requestId });
const entries = (goalId: string) =>
  app.services.db.driver
    .collection("audit_log")
    .find({ target: `goal:${goalId}` })
    .toArray();

describe("a retry by hand", () => {
  test("runs each receiver once more, however often the request is sent, and leaves one entry", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    await endUnsignalled(app.services, scene, goalId);
    const requestId = randomUUID();
    const action: GoalAction = { kind: "retry", receivers: ["track_goals", "snapshot_rtc_sources"] };
    const first = await act(goalId, action, requestId);
    expect(await act(goalId, action, requestId)).toEqual(first);
    expect(first.event_ids).toEqual([
      retryEventId(goalId, "track_goals", first.audit_id),
      retryEventId(goalId, "snapshot_rtc_sources", first.audit_id),
    ]);
    await vi.waitFor(async () => {
      const runs = await runsOfGoal(app.services.db, goalId);
      expect(runs.map(({ receiver, status }) => [receiver, status]).toSorted()).toEqual([
        ["snapshot_rtc_sources", "returned"],
        ["track_goals", "done"],
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
});
