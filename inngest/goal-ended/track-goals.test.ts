import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GoalEnded } from "#src/contract/events.ts";
import { findGoal } from "#src/server/data/goals.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene, sendTo } from "#src/testing/scene.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

const receive = async (signal: GoalEnded) => (await sendTo(app.services, "track_goals", signal)).settled();
const tracks = () => app.services.db.driver.collection("goal_tracks");

describe("track_goals", () => {
  test("writes who, the outcome, the wait and the prepaid duration, once however often it runs", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    const signal = await endUnsignalled(app.services, scene, goalId);
    const goal = await findGoal(app.services.db, goalId);
    const ended = goal?.deactivated?.at ?? new Date(0);
    expect(await receive(signal)).toMatchObject({ status: "done" });
    const record = {
      _id: goal?._id,
      session_id: new ObjectId(scene.sessionId),
      streamer_id: new ObjectId(scene.streamerId),
      viewer_id: new ObjectId(scene.viewers["vic"]),
      triggerer: new ObjectId(scene.streamerId),
      outcome: "declined",
      invited: goal?.created,
      ended,
      waited_ms: ended.getTime() - (goal?.created.getTime() ?? 0),
      prepaid_duration: 600,
    };
    expect(await tracks().find().toArray()).toEqual([record]);
    expect(await receive({ ...signal, triggerer: "f".repeat(24) })).toMatchObject({ status: "done" });
    expect(await tracks().find().toArray()).toEqual([record]);
  });

  test("names another reason as the outcome", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    await receive(await endUnsignalled(app.services, scene, goalId, { reason: "superseded" }));
    expect(await tracks().findOne({ _id: new ObjectId(goalId) })).toMatchObject({ outcome: "superseded" });
  });
});
