import { type Document, ObjectId } from "mongodb";
import { goalIdOfEscrow } from "#src/contract/ids.ts";
import type { Database } from "./database.ts";
import { goalSummaries } from "./goal-summaries.ts";

/** How far the sweep of summaries has come, in `console_state`. */
interface SweepDocument {
  _id: "summaries";
  /** Everything written before this is in the summaries. Absent or 1970: nothing is, and all are to be made. */
  watermark?: Date;
  /** A making of all summaries under way: when it began, and the last goal that it has done. */
  rebuild?: { since: Date; after?: ObjectId };
}

type SweepState =
  | { readonly kind: "sweeping"; readonly watermark: Date }
  | { readonly kind: "rebuilding"; readonly since: Date | null; readonly after: ObjectId | null };

const states = ({ driver }: Database) => driver.collection<SweepDocument>("console_state");

export async function findSweepState(db: Database): Promise<SweepState> {
  const found = await states(db).findOne({ _id: "summaries" });
  const watermark = found?.watermark;
  if (watermark !== undefined && watermark.getTime() > 0) return { kind: "sweeping", watermark };
  return { kind: "rebuilding", since: found?.rebuild?.since ?? null, after: found?.rebuild?.after ?? null };
}

/** Notes that everything written before this is in the summaries; never goes back. */
export async function advanceWatermark(db: Database, watermark: Date): Promise<void> {
  await states(db).updateOne(
    { _id: "summaries" },
    { $max: { watermark }, $unset: { rebuild: true } },
    { upsert: true },
  );
}

/** Notes how far the making of all summaries has come. */
export async function keepRebuild(db: Database, since: Date, after: ObjectId): Promise<void> {
  await states(db).updateOne({ _id: "summaries" }, { $set: { rebuild: { since, after } } }, { upsert: true });
}

/** The next goals by id, for the making of all summaries. */
export async function goalIdsAfter(
  { driver }: Database,
  after: ObjectId | null,
  limit: number,
): Promise<ObjectId[]> {
  const goals = await driver
    .collection("goals")
    .find(after === null ? {} : { _id: { $gt: after } }, { projection: { _id: 1 } })
    .sort({ _id: 1 })
    .hint({ _id: 1 })
    .limit(limit)
    .toArray();
  return goals.map(({ _id }) => _id);
}

/** Where a goal leaves the time of what happened to it, and its own id there. */
const sources: readonly { collection: string; time: string; goal: string }[] = [
  { collection: "goals", time: "created", goal: "_id" },
  { collection: "goals", time: "agreed.at", goal: "_id" },
  { collection: "goals", time: "deactivated.at", goal: "_id" },
  { collection: "receiver_runs", time: "started", goal: "goal_id" },
  { collection: "receiver_runs", time: "finished", goal: "goal_id" },
  { collection: "ledger_transfers", time: "at", goal: "escrow_id" },
];

/** Everything that was written at a time from `from` on and, where it is given, before `until`: a query for each source. */
export const writtenBetween = ({ driver }: Database, from: Date, until: Date | null) =>
  sources.map(({ collection, time, goal }) => ({
    goal,
    cursor: driver.collection(collection).find(
      { [time]: { $gte: from, ...(until !== null && { $lt: until }) } },
      // The limit of time is for each answer of the database, not for reading all of them.
      { projection: { [goal]: 1 }, timeoutMode: "iteration" },
    ),
  }));

/** The goals that those documents are about, in hex, one after another; some come several times. */
export async function* goalsWrittenBetween(
  db: Database,
  from: Date,
  until: Date | null,
): AsyncGenerator<string, void> {
  for (const { goal, cursor } of writtenBetween(db, from, until)) {
    for await (const document of cursor) {
      const id: unknown = (document as Document)[goal];
      if (id instanceof ObjectId) yield id.toHexString();
      const ofEscrow = typeof id === "string" ? goalIdOfEscrow(id) : null;
      if (ofEscrow !== null) yield ofEscrow;
    }
  }
}

/** Goals whose refund is held back, and those whose summary says so: letting go leaves no time behind. Ids are hex. */
export async function heldBackGoals(db: Database): Promise<string[]> {
  const [holds, summaries] = await Promise.all([
    db.driver
      .collection("refund_holds")
      .find({}, { projection: { _id: 1 } })
      .toArray(),
    goalSummaries(db)
      .find({ held_back: true }, { projection: { _id: 1 } })
      .toArray(),
  ]);
  return [...holds, ...summaries].map(({ _id }) => _id.toHexString());
}

/** The summaries that the clock alone may have changed by now, the longest due first. */
export const summariesDue = (db: Database, now: Date) =>
  goalSummaries(db)
    .find({ check_at: { $lte: now } }, { projection: { _id: 1 }, timeoutMode: "iteration" })
    .sort({ check_at: 1 });
