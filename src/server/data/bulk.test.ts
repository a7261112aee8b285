import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BulkStatus } from "#src/contract/console.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { bulkEventId, bulkEventPrefix } from "#src/domain/bulk.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import {
  bulkPipeline,
  countItems,
  countRuns,
  findBulkAction,
  heardPipeline,
  insertBulk,
  insertItems,
  itemCountsPipeline,
  itemsOfGoalPipeline,
  moveBulk,
  nextItems,
  nextItemsPipeline,
  runningPipeline,
  settledPipeline,
  settleItems,
} from "./bulk.ts";
import type { BulkActionDocument, ReceiverRunDocument } from "./documents.ts";

const actionsOf = 30;
const goalsOf = 20;
const hex = () => new ObjectId().toHexString();
const bulkIds = Array.from({ length: actionsOf }, hex);
const goalIds = Array.from({ length: goalsOf }, hex);
const [bulkId = "", otherId = ""] = bulkIds;
const [goalId = ""] = goalIds;

const action = (id: string, n: number, status: BulkStatus): BulkActionDocument => ({
  _id: new ObjectId(id),
  audit_id: new ObjectId(id),
  actor: new ObjectId(),
  reason: "Pusher was away.",
  filter: {},
  receivers: [],
  failed: true,
  status,
  goals: goalsOf,
  items: goalsOf,
  sent: 0,
  skipped: 0,
  amounts: [],
  // Pairs of them at the same moment, so that ties are among them.
  created: new Date(1_700_000_000_000 + Math.floor(n / 2) * 1_000),
});

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({}, false);
  const { db } = app.services;
  await Promise.all(
    bulkIds.map(async (id, n) => {
      await insertBulk(db, action(id, n, n < 2 ? "running" : "done"));
      await insertItems(
        db,
        id,
        goalIds.map((goal) => ({ goalId: goal, receivers: ["track_goals", "notify_goal_ended"] })),
      );
    }),
  );
  await db.driver.collection<ReceiverRunDocument>("receiver_runs").insertMany(
    bulkIds.flatMap((id) =>
      goalIds.map((goal) => ({
        _id: new ObjectId(),
        goal_id: new ObjectId(goal),
        receiver: "track_goals",
        event_id: bulkEventId(id, goal, "track_goals"),
        status: "done",
        attempt: 0,
        started: new Date(),
      })),
    ),
  );
});
afterAll(async () => app.close());

interface Plan {
  readonly stage?: string;
  readonly indexName?: string;
  readonly inputStage?: Plan;
}
interface Explained {
  readonly queryPlanner?: { readonly winningPlan: Plan };
  readonly executionStats?: { readonly totalKeysExamined: number; readonly totalDocsExamined: number };
  readonly stages?: readonly { readonly $cursor?: Explained }[];
}

/** How the database finds what a pipeline asks for: its stages, the index, and how much it looks at. */
async function explain(collection: string, pipeline: Record<string, unknown>[]) {
  const answer = (await app.services.db.driver
    .collection(collection)
    .aggregate(pipeline)
    .explain("executionStats")) as Explained;
  const found = answer.queryPlanner === undefined ? answer.stages?.[0]?.$cursor : answer;
  const stages: Plan[] = [];
  for (let plan = found?.queryPlanner?.winningPlan; plan !== undefined; plan = plan.inputStage) {
    stages.push(plan);
  }
  return {
    stages: stages.map(({ stage }) => stage),
    index: stages.find(({ indexName }) => indexName !== undefined)?.indexName,
    keys: found?.executionStats?.totalKeysExamined ?? Infinity,
    docs: found?.executionStats?.totalDocsExamined ?? Infinity,
  };
}

describe("each question is answered by a declared index, without sorting and without looking at others", () => {
  const after = { at: new Date(1_700_000_010_000), id: new ObjectId("f".repeat(24)) };
  const questions: [string, string, () => Record<string, unknown>[], string, number][] = [
    ["the newest actions", "bulk_actions", () => bulkPipeline(null, 5), "created_-1__id_-1", 5],
    ["the actions after a place", "bulk_actions", () => bulkPipeline(after, 5), "created_-1__id_-1", 7],
    ["what goes on", "bulk_actions", () => runningPipeline(100), "status_1_created_-1__id_-1", 2],
    ["the next items", "bulk_items", () => nextItemsPipeline(bulkId, 10), "bulk_id_1_status_1__id_1", 10],
    [
      "what items come to",
      "bulk_items",
      () => itemCountsPipeline(bulkId),
      "bulk_id_1_status_1__id_1",
      goalsOf,
    ],
    ["a goal's actions", "bulk_items", () => itemsOfGoalPipeline(goalId, 5), "goal_id_1", 5],
    [
      "an action's runs",
      "receiver_runs",
      () => settledPipeline(bulkEventPrefix(bulkId)),
      "event_id_1_status_1",
      goalsOf,
    ],
    [
      "events that were heard of",
      "receiver_runs",
      () => heardPipeline([bulkEventId(bulkId, goalId, "track_goals"), "unheard"]),
      "event_id_1_status_1",
      2,
    ],
  ];
  test.each(questions)("%s", async (_, collection, pipeline, index, most) => {
    const plan = await explain(collection, pipeline());
    expect(plan.index).toBe(index);
    expect(plan.stages).not.toContain("COLLSCAN");
    expect(plan.stages).not.toContain("SORT");
    expect(plan.docs).toBeLessThanOrEqual(most);
    expect(plan.keys).toBeLessThanOrEqual(most + 2);
  });
});

describe("an action's items", () => {
  test("are written once, and keep what became of them", async () => {
    const { db } = app.services;
    const id = hex();
    const selected = goalIds.map((goal) => ({ goalId: goal, receivers: receiverIds }));
    await insertItems(db, id, selected.slice(0, 5));
    const [first, second] = await nextItems(db, id, 2);
    if (first === undefined || second === undefined) throw new Error("no items");
    await settleItems(db, [
      { item: first, sent: ["track_goals"] },
      { item: second, sent: [] },
    ]);
    // Whoever comes late with the same items changes nothing.
    await settleItems(db, [{ item: first, sent: [] }]);
    await insertItems(db, id, selected);
    expect(await countItems(db, id)).toEqual({ goals: goalsOf, sent: 1, waiting: 11 * (goalsOf - 2) });
    expect((await nextItems(db, id, 100)).map(({ goal_id }) => goal_id)).not.toContainEqual(first.goal_id);
  });
});

describe("an action", () => {
  test("moves from the status that was seen, once", async () => {
    const { db } = app.services;
    const bulk = action(hex(), 0, "awaiting_approval");
    await insertBulk(db, bulk);
    const from = { status: "awaiting_approval" } as const;
    const own = { ...from, notBy: bulk.actor.toHexString() };
    expect(await moveBulk(db, bulk._id, own, { status: "running" })).toBe(false);
    const moves = await Promise.all([
      moveBulk(db, bulk._id, from, { status: "running" }),
      moveBulk(db, bulk._id, from, { status: "rejected" }),
    ]);
    expect(moves.toSorted()).toEqual([false, true]);
    await insertBulk(db, bulk);
    expect((await findBulkAction(db, bulk._id.toHexString()))?.status).not.toBe("awaiting_approval");
  });

  test("counts its own runs alone", async () => {
    const { db } = app.services;
    expect(await countRuns(db, bulkEventPrefix(otherId))).toEqual(new Map([["done", goalsOf]]));
    expect(await countRuns(db, bulkEventPrefix(hex()))).toEqual(new Map());
  });
});
