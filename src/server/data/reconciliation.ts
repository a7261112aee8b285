import type { ObjectId } from "mongodb";
import type { ReceiverId } from "#src/contract/receivers.ts";
import { type Database, raw } from "./database.ts";
import type { Place } from "./keyset.ts";

/**
 * A goal that has ended and whose signal has not been seen to arrive everywhere: since when that is known, what has been
 * sent for it, and when to look again. It is gone once nothing is missing.
 */
export interface StragglerDocument {
  _id: ObjectId;
  since: Date;
  due: Date;
  sends: number;
}

/** How far the walk over the ended goals has come. */
interface WalkDocument {
  _id: "walk";
  ended: Date;
  goal: ObjectId;
}

const stragglers = ({ driver }: Database) => driver.collection<StragglerDocument>("stragglers");
const walk = ({ driver }: Database) => driver.collection<WalkDocument>("reconciliation");

/** Where the walk goes on; null at its very beginning. */
export async function findWalk(db: Database): Promise<Place<ObjectId> | null> {
  const found = await walk(db).findOne({ _id: "walk" });
  return found && { at: found.ended, id: found.goal };
}

/** Notes how far the walk has come. */
export async function keepWalk(db: Database, { at, id }: Place<ObjectId>): Promise<void> {
  await walk(db).updateOne({ _id: "walk" }, { $set: { ended: at, goal: id } }, { upsert: true });
}

/** Notes goals whose signal has not arrived everywhere, due at once. Those that are noted already keep their time. */
export async function addStragglers(db: Database, goalIds: readonly ObjectId[], now: Date): Promise<void> {
  if (goalIds.length === 0) return;
  await stragglers(db).bulkWrite(
    goalIds.map((_id) => ({
      updateOne: {
        filter: { _id },
        update: { $setOnInsert: { since: now, due: now, sends: 0 } },
        upsert: true,
      },
    })),
    { ordered: false },
  );
}

/** The stragglers that are due, the longest due first. */
export const findDueStragglers = (db: Database, now: Date, limit: number): Promise<StragglerDocument[]> =>
  stragglers(db)
    .find({ due: { $lte: now } })
    .sort({ due: 1 })
    .limit(limit)
    .toArray();

/** Some of the goals of which something is missing, as far as it was noted. */
export async function findStragglerIds(db: Database, limit: number): Promise<ObjectId[]> {
  const found = stragglers(db)
    .find({}, { projection: { _id: true } })
    .limit(limit);
  return (await found.toArray()).map(({ _id }) => _id);
}

/** Looks at a straggler again at `due`; `sent` says that something was sent for it. */
export async function postponeStraggler(
  db: Database,
  goalId: ObjectId,
  { due, sent }: { due: Date; sent: boolean },
): Promise<void> {
  await stragglers(db).updateOne({ _id: goalId }, { $set: { due }, $inc: { sends: sent ? 1 : 0 } });
}

/** Nothing is missing of this goal any more. */
export async function dropStraggler(db: Database, goalId: ObjectId): Promise<void> {
  await stragglers(db).deleteOne({ _id: goalId });
}

/** Which receivers have a run for each of these goals, whatever became of it. Goals without any are absent. */
export async function receiversReached(
  db: Database,
  goalIds: readonly ObjectId[],
): Promise<ReadonlyMap<string, ReadonlySet<ReceiverId>>> {
  const found = await raw<{ _id: ObjectId; receivers: ReceiverId[] }>(db, "receiver_runs", (runs) =>
    runs.aggregate([
      { $match: { goal_id: { $in: goalIds } } },
      { $project: { _id: false, goal_id: true, receiver: true } },
      { $group: { _id: "$goal_id", receivers: { $addToSet: "$receiver" } } },
    ]),
  );
  return new Map(found.map(({ _id, receivers }) => [_id.toHexString(), new Set(receivers)]));
}
