import fc from "fast-check";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GoalFilter, goalSorts } from "#src/contract/console.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { failureText, makeManyGoals } from "#src/testing/many-goals.ts";
import { endUnsignalled, makeScene } from "#src/testing/scene.ts";
import { goalSummaries } from "../../data/goal-summaries.ts";
import { recordRun } from "../../data/receiver-runs.ts";
import { refundEscrow } from "../escrow.ts";
import { countGoals, type Cursor, type GoalRow, listGoalRows } from "./goal-list.ts";

let app: TestApp;
let many: Awaited<ReturnType<typeof makeManyGoals>>;
const failedAt = 123;
beforeAll(async () => {
  app = await startTestApp({}, false);
  many = await makeManyGoals(app.services, { count: 300, failed: { [failedAt]: "track_goals" } });
});
afterAll(async () => app.close());

const list = (filter: GoalFilter, after: Cursor | null = null, limit = 50) =>
  listGoalRows(app.services, filter, after, limit);
const idsOf = (goals: readonly { goal_id: string }[]) => goals.map(({ goal_id }) => goal_id);

/** Every page of a list, by pages of this length. */
async function pages(filter: GoalFilter, limit: number): Promise<GoalRow[]> {
  const rows: GoalRow[] = [];
  for (let after: Cursor | null = null; ;) {
    const page = await list(filter, after, limit);
    rows.push(...page.goals);
    if (page.next === null) return rows;
    expect(page.goals).toHaveLength(limit);
    after = page.next;
  }
}

describe("the list", () => {
  test("shows every goal exactly once and in order, by pages of whatever length", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...goalSorts),
        fc.constantFrom<GoalFilter>({}, { outcome: "declined" }, { streamer: many.streamerIds[0] ?? "" }),
        fc.integer({ min: 7, max: 200 }),
        async (sort, filter, limit) => {
          const rows = await pages({ ...filter, sort }, limit);
          const all = await goalSummaries(app.services.db).countDocuments({
            ...(filter.outcome !== undefined && { outcome: filter.outcome }),
            ...(filter.streamer !== undefined && { streamer_id: new ObjectId(filter.streamer) }),
          });
          expect(new Set(idsOf(rows)).size).toBe(all);
          expect(rows).toHaveLength(all);
          const keys = rows.map((row) => [row[sort] ?? "", row.goal_id] as const);
          const downwards = keys.toSorted(([a, x], [b, y]) => (a === b ? (x < y ? 1 : -1) : a < b ? 1 : -1));
          expect(keys).toEqual(downwards);
        },
      ),
      { numRuns: 12 },
    );
  });

  test("keeps its place when goals come in between two pages", async () => {
    const first = await list({}, null, 100);
    const more = await makeManyGoals(app.services, { count: 20, days: 0.01 });
    const rest = await list({}, first.next, 200);
    expect(
      idsOf(rest.goals).filter((id) => idsOf(first.goals).includes(id) || more.goalIds.includes(id)),
    ).toEqual([]);
  });

  test("finds the one receiver that has failed, with what it said", async () => {
    const { goals } = await list({ trouble: "failed", receiver: "track_goals" });
    expect(idsOf(goals)).toEqual([many.goalIds[failedAt]]);
    expect(goals[0]).toMatchObject({
      trouble: "failed",
      held_back: false,
      state: "declined",
      refund: "refunded",
    });
    expect(goals[0]?.effects.find(({ effect }) => effect === "track_goals")).toMatchObject({
      status: "failed",
      runs: 1,
      attempt: 4,
      error: failureText,
    });
    expect(idsOf((await list({ receiver: "track_goals" })).goals)).toEqual(idsOf(goals));
    expect((await list({ trouble: "late" })).goals).toEqual([]);
  });

  test("leaves out a goal that is gone, and still reaches the next page", async () => {
    const [first, second] = (await list({}, null, 2)).goals;
    await app.services.db.driver.collection("goals").deleteOne({ _id: new ObjectId(first?.goal_id) });
    const page = await list({}, null, 1);
    expect(page.goals).toEqual([]);
    expect(idsOf((await list({}, page.next, 1)).goals)).toEqual([second?.goal_id]);
  });

  test.each<[GoalFilter, string]>([
    [{}, "yesterday"],
    [{ sort: "ended" }, ""],
    [{ sort: "amount" }, "12.5"],
    [{ sort: "amount" }, "-1"],
    [{ sort: "amount" }, "2026-01-01T00:00:00.000Z"],
  ])("refuses a place that makes no sense: %j after %j", async (filter, value) => {
    await expect(list(filter, { value, id: "a".repeat(24) })).rejects.toThrow("not understood");
  });
});

describe("words", () => {
  test("are understood as a goal, a session, a person by the role, or nobody", async () => {
    const [goalId = "", streamer = "", viewer = "", session = ""] = [
      many.goalIds[9],
      many.streamerIds[0],
      many.viewerIds[0],
      many.sessionIds[0],
    ];
    expect(idsOf((await list({ q: goalId })).goals)).toEqual([goalId]);
    expect((await list({ q: goalId.toUpperCase() })).understood).toEqual({ q: goalId });
    expect((await list({ q: streamer })).understood).toEqual({ streamer });
    expect((await list({ q: viewer, outcome: "declined" })).understood).toEqual({
      viewer,
      outcome: "declined",
    });
    expect((await list({ q: session })).understood).toEqual({ session });
    const account = await app.services.db.driver.collection("user").findOne({ _id: new ObjectId(viewer) });
    const email = String(account?.["email"]);
    expect((await list({ q: email.toUpperCase() })).understood).toEqual({ viewer });
    for (const q of ["nobody@example.com", "f".repeat(24), "vic"]) {
      expect(await list({ q })).toEqual({ goals: [], next: null, understood: null });
      expect(await countGoals(app.services, { q })).toEqual({ count: 0, capped: false });
    }
    expect(await list({ q: streamer, streamer: many.streamerIds[1] ?? "" })).toMatchObject({
      understood: null,
    });
  });
});

test("goals are counted by the same filter", async () => {
  const rows = await pages({ outcome: "agreed" }, 200);
  expect(await countGoals(app.services, { outcome: "agreed" })).toEqual({
    count: rows.length,
    capped: false,
  });
  expect(rows.length).toBeGreaterThan(10);
});

describe("the refund's two tasks", () => {
  const states = async (goalId: string) => {
    await app.services.news.settle();
    const row = (await list({ q: goalId })).goals[0];
    return row?.effects
      .slice(-2)
      .map(({ status, reason }) => (reason === null ? status : `${status}: ${reason}`));
  };

  test("follow the refund's receiver and the ledger, whoever moved the money", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    expect(await states(goalId)).toEqual(["none", "none"]);
    await endUnsignalled(app.services, scene, goalId);
    const record = async (status: "waiting" | "returned" | "failed" | "done", reason?: string) => {
      const key = {
        goalId,
        receiver: "trigger_exclusive_goal_escrow_refund",
        eventId: String(Math.random()),
      };
      const progress = { status, attempt: 0, ...(reason !== undefined && { reason }) };
      await recordRun(app.services.db, key as Parameters<typeof recordRun>[1], progress, new Date());
      app.services.news.tell(goalId);
    };
    await record("waiting");
    expect(await states(goalId)).toEqual(["waiting", "waiting"]);
    await record("failed");
    expect(await states(goalId)).toEqual(["failed", "failed"]);
    await record("returned", "Not refundable: agreed_to.");
    expect(await states(goalId)).toEqual([
      "returned: Not refundable: agreed_to.",
      "returned: Not refundable: agreed_to.",
    ]);
    await record("done", "A moderator must look.");
    expect(await states(goalId)).toEqual(["done", "returned: A moderator must look."]);
    await record("failed");
    await refundEscrow(app.services, escrowIdOf(goalId), { userId: scene.streamerId, nbf: 0, exp: null });
    expect(await states(goalId)).toEqual(["done", "done"]);
  });
});
