import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene } from "#src/testing/scene.ts";
import { insertGoal } from "../../data/goals.ts";
import { recordRun } from "../../data/receiver-runs.ts";
import { goalDetail } from "./goal-page.ts";
import { newGoal } from "../invite.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

describe("a goal's detail", () => {
  test("has the goal, its session, pair, runs and ledger, as JSON has them", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    const { metadata } = await endUnsignalled(app.services, scene, goalId);
    const started = new Date();
    const run = { goalId, receiver: "notify_goal_ended", eventId: "e" } as const;
    await recordRun(app.services.db, run, { status: "failed", attempt: 4, error: "no" }, started);
    const detail = await goalDetail(app.services, goalId);
    const vic = scene.viewers["vic"];
    expect(detail).toMatchObject({
      view: {
        goal_id: goalId,
        streamer: { id: scene.streamerId, name: "ada" },
        viewer: { id: vic, name: "vic" },
        state: "declined",
        cooldown_until: metadata.cooldown,
        amount: 1_200,
        refund: "due",
      },
      goal: { _id: goalId, active: false, metadata: { user_id: scene.streamerId } },
      session: { _id: scene.sessionId },
      pair: { trigger_exclusive_goal: goalId },
      receiver_runs: [
        {
          receiver: "notify_goal_ended",
          event_id: "e",
          status: "failed",
          reason: null,
          error: "no",
          attempt: 4,
          started: started.toISOString(),
          finished: started.toISOString(),
        },
      ],
      ledger: [{ reason: "prepayment", amount: 1_200, userId: scene.streamerId }],
    });
    expect(JSON.parse(JSON.stringify(detail))).toEqual(detail);
  });

  test("goes without its session, its pair and its people when they are gone", async () => {
    const [sessionId, streamerId, viewerId] = [new ObjectId(), new ObjectId(), new ObjectId()];
    const goal = newGoal({ sessionId, streamerId, viewerId, prepaid_s: 60, now: new Date() });
    await insertGoal(app.services.db, goal);
    expect(await goalDetail(app.services, goal._id.toHexString())).toMatchObject({
      view: { viewer: { name: viewerId.toHexString() }, amount: 0, refund: "none" },
      session: null,
      pair: null,
      receiver_runs: [],
      ledger: [],
    });
  });

  test("of a goal that does not exist is goal_not_found", async () => {
    await expect(goalDetail(app.services, "0".repeat(24))).rejects.toMatchObject({ code: "goal_not_found" });
  });
});
