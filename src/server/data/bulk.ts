import { createHash } from "node:crypto";
import { MongoBulkWriteError, ObjectId } from "mongodb";
import type { BulkStatus } from "#src/contract/console.ts";
import type { ReceiverId, ReceiverStatus } from "#src/contract/receivers.ts";
import { type Database, isDuplicateKey, raw } from "./database.ts";
import type { BulkActionDocument, BulkItemDocument, GoalSummaryDocument } from "./documents.ts";
import { below, type Place } from "./keyset.ts";

const find = (db: Database, pipeline: Record<string, unknown>[]) =>
  raw<BulkActionDocument>(db, "bulk_actions", (actions) => actions.aggregate(pipeline));

/** Writes an action, unless it is there already. */
export async function insertBulk(db: Database, bulk: BulkActionDocument): Promise<void> {
  try {
    await raw(db, "bulk_actions", (actions) => actions.insertOne({ ...bulk }));
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

export async function findBulkAction(db: Database, bulkId: string): Promise<BulkActionDocument | null> {
  const [bulk] = await find(db, [{ $match: { _id: new ObjectId(bulkId) } }]);
  return bulk ?? null;
}

/** The pipeline of a page of actions, for its test to explain. */
export const bulkPipeline = (after: Place<ObjectId> | null, limit: number): Record<string, unknown>[] => [
  { $match: below("created", after) },
  { $sort: { created: -1, _id: -1 } },
  { $limit: limit },
];

/** Actions, the newest first. */
export const listBulkActions = (db: Database, after: Place<ObjectId> | null, limit: number) =>
  find(db, bulkPipeline(after, limit));

/** The pipeline of the actions that go on, for its test to explain. */
export const runningPipeline = (limit: number): Record<string, unknown>[] => [
  { $match: { status: "running" satisfies BulkStatus } },
  { $sort: { created: 1, _id: 1 } },
  { $limit: limit },
];

/** Actions that go on, the oldest first, at most `limit`. */
export const runningBulkActions = (db: Database, limit: number) => find(db, runningPipeline(limit));

/**
 * Changes an action, if its status is still `from`: of two that decide at once one wins. Says whether it did. With
 * `notBy`, only if somebody else started it.
 */
export async function moveBulk(
  db: Database,
  bulkId: ObjectId,
  from: { readonly status: BulkStatus; readonly notBy?: string },
  set: Partial<Omit<BulkActionDocument, "_id">>,
): Promise<boolean> {
  const { status, notBy } = from;
  const [before] = await raw(db, "bulk_actions", (actions) =>
    actions.findOneAndUpdate(
      { _id: bulkId, status, ...(notBy !== undefined && { actor: { $ne: new ObjectId(notBy) } }) },
      { $set: set },
    ),
  );
  return before !== undefined;
}

const items = ({ driver }: Database) => driver.collection<BulkItemDocument>("bulk_items");

/** One goal of an action has one item, whoever writes it and however often. */
const itemId = (bulkId: string, goalId: string) =>
  new ObjectId(createHash("sha256").update(`${bulkId}:${goalId}`).digest("hex").slice(0, 24));

const insertLength = 1_000;

/** Writes the items of an action, all waiting. Those that are there already stay as they are. */
export async function insertItems(
  db: Database,
  bulkId: string,
  selected: readonly { readonly goalId: string; readonly receivers: readonly ReceiverId[] }[],
): Promise<void> {
  const documents = selected.map(({ goalId, receivers }): BulkItemDocument => ({
    _id: itemId(bulkId, goalId),
    bulk_id: new ObjectId(bulkId),
    goal_id: new ObjectId(goalId),
    receivers: [...receivers],
    status: "waiting",
  }));
  for (let start = 0; start < documents.length; start += insertLength) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after another: the database has others to serve
      await items(db).insertMany(documents.slice(start, start + insertLength), { ordered: false });
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError) || error.code !== 11_000) throw error;
    }
  }
}

/** The pipeline of the next items, for its test to explain. */
export const nextItemsPipeline = (bulkId: string, limit: number): Record<string, unknown>[] => [
  {
    $match: {
      bulk_id: new ObjectId(bulkId),
      status: "waiting" satisfies BulkItemDocument["status"],
    },
  },
  { $sort: { _id: 1 } },
  { $limit: limit },
];

/** The next items that wait, at most `limit`. */
export const nextItems = (db: Database, bulkId: string, limit: number) =>
  raw<BulkItemDocument>(db, "bulk_items", (found) => found.aggregate(nextItemsPipeline(bulkId, limit)));

/**
 * Says what became of waiting items: the receivers that were sent, none when the item was skipped. An item that waits
 * no longer stays as it is.
 */
export async function settleItems(
  db: Database,
  settled: readonly { readonly item: BulkItemDocument; readonly sent: readonly ReceiverId[] }[],
): Promise<void> {
  await items(db).bulkWrite(
    settled.map(({ item, sent }) => ({
      updateOne: {
        filter: { _id: item._id, status: "waiting" },
        update: {
          $set: sent.length === 0 ? { status: "skipped" } : { status: "sent", receivers: [...sent] },
        },
      },
    })),
    { ordered: false },
  );
}

/** What an action's items come to: goals, receivers that are to run, were sent, or still wait. */
export interface ItemCounts {
  readonly goals: number;
  readonly sent: number;
  readonly waiting: number;
}

/** The pipeline of what an action's items come to, for its test to explain. */
export const itemCountsPipeline = (bulkId: string): Record<string, unknown>[] => [
  { $match: { bulk_id: new ObjectId(bulkId) } },
  { $group: { _id: "$status", goals: { $sum: 1 }, receivers: { $sum: { $size: "$receivers" } } } },
];

/** Counts an action's items, as they are now. */
export async function countItems(db: Database, bulkId: string): Promise<ItemCounts> {
  const counted = await raw<{ _id: BulkItemDocument["status"]; goals: number; receivers: number }>(
    db,
    "bulk_items",
    (found) => found.aggregate(itemCountsPipeline(bulkId)),
  );
  const of = (status: BulkItemDocument["status"]) =>
    counted.find(({ _id }) => _id === status)?.receivers ?? 0;
  return {
    goals: counted.reduce((sum, { goals }) => sum + goals, 0),
    sent: of("sent"),
    waiting: of("waiting"),
  };
}

/** The pipeline of the runs whose event's id begins so, for its test to explain. */
export const settledPipeline = (prefix: string): Record<string, unknown>[] => [
  { $match: { event_id: { $gte: prefix, $lt: `${prefix}\uffff` } } },
  { $group: { _id: "$status", runs: { $sum: 1 } } },
];

/** The runs of receivers whose event's id begins so, by how they stand. */
export async function countRuns(db: Database, prefix: string): Promise<ReadonlyMap<ReceiverStatus, number>> {
  const counted = await raw<{ _id: ReceiverStatus; runs: number }>(db, "receiver_runs", (found) =>
    found.aggregate(settledPipeline(prefix)),
  );
  return new Map(counted.map(({ _id, runs }) => [_id, runs]));
}

/** The pipeline of the runs that these events have started, for its test to explain. */
export const heardPipeline = (eventIds: readonly string[]): Record<string, unknown>[] => [
  { $match: { event_id: { $in: eventIds } } },
  { $project: { _id: 0, event_id: 1 } },
];

/** Which of these events a receiver has heard of already. */
export async function eventsHeard(db: Database, eventIds: readonly string[]): Promise<ReadonlySet<string>> {
  const runs = await raw<{ event_id: string }>(db, "receiver_runs", (found) =>
    found.aggregate(heardPipeline(eventIds)),
  );
  return new Set(runs.map(({ event_id }) => event_id));
}

/** The summaries of these goals; those of goals that are gone are absent. */
export const findSummaries = (db: Database, goalIds: readonly ObjectId[]) =>
  raw<GoalSummaryDocument>(db, "goal_summaries", (summaries) =>
    summaries.aggregate([{ $match: { _id: { $in: goalIds } } }]),
  );

/** The pipeline of a goal's items, for its test to explain. */
export const itemsOfGoalPipeline = (goalId: string, limit: number): Record<string, unknown>[] => [
  { $match: { goal_id: new ObjectId(goalId) } },
  { $limit: limit },
  { $project: { bulk_id: true } },
];

/** The actions on many goals that this goal is part of, at most `limit`. Ids are hex. */
export async function bulkIdsOfGoal(db: Database, goalId: string, limit: number): Promise<string[]> {
  const found = await raw<Pick<BulkItemDocument, "bulk_id">>(db, "bulk_items", (all) =>
    all.aggregate(itemsOfGoalPipeline(goalId, limit)),
  );
  return found.map(({ bulk_id }) => bulk_id.toHexString());
}
