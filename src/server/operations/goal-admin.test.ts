import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene } from "#src/testing/scene.ts";
import { insertGoal } from "../data/goals.ts";
import { recordRun } from "../data/receiver-runs.ts";
import { type GoalCursor, goalDetail, listGoalViews } from "./goal-admin.ts";
import { newGoal } from "./invite.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

/** Reads page after page to the end. */
async function pages(limit: number): Promise<string[][]> {
  const read: string[][] = [];
  let cursor: GoalCursor | null = null;
  do {
    const page: Awaited<ReturnType<typeof listGoalViews>> = await listGoalViews(app.services, cursor, limit);
    read.push(page.goals.map(({ goal_id }) => goal_id));
    cursor = page.next;
  } while (cursor !== null);
  return read;
}

describe("the list of goals", () => {
  test("shows every goal once, latest exp first, however long its pages and however many share an exp", async () => {
    const times = [3, 1, 2, 2, 2, 1, 3].map((minute) => new Date(Date.UTC(2026, 0, 1, 0, minute)));
    const goals = times.map((now) => {
      const [sessionId, streamerId, viewerId] = [new ObjectId(), new ObjectId(), new ObjectId()];
      return newGoal({ sessionId, streamerId, viewerId, prepaid_s: 60, now });
    });
    for (const goal of goals) await insertGoal(app.services.db, goal);
    const expected = goals
      .toSorted(
        (a, b) => b.exp.getTime() - a.exp.getTime() || (a._id.toHexString() < b._id.toHexString() ? 1 : -1),
      )
      .map(({ _id }) => _id.toHexString());
    for (const limit of [1, 2, 3, 7, 100]) {
      const read = await pages(limit);
      expect(read.flat()).toEqual(expected);
      expect(read).toHaveLength(Math.ceil(expected.length / limit));
    }
  });
});

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
