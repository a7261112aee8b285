import { type AnyBulkWriteOperation, MongoBulkWriteError, type ObjectId } from "mongodb";
import type { GoalSort } from "#src/contract/console.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import type { Transfer } from "#src/domain/ledger.ts";
import type { Effect, RunFacts, Summary } from "#src/domain/summary.ts";
import { type Database, raw } from "./database.ts";
import type { EffectRecord, GoalDocument, GoalSummaryDocument, ReceiverRunDocument } from "./documents.ts";
import { transfersByEscrow } from "./ledger.ts";
import { findRefundHolds } from "./refund-holds.ts";

/** The summaries, by the driver, which alone can be told which index to use. */
export const goalSummaries = ({ driver }: Database) =>
  driver.collection<GoalSummaryDocument>("goal_summaries");

/** Everything that one goal's summary rests on. */
export interface SummaryFacts {
  readonly goal: GoalDocument;
  readonly runs: readonly RunFacts[];
  readonly transfers: readonly Transfer[];
  readonly held: boolean;
  /** The database's own time when the reading began, by which two of them are told apart wherever they ran. */
  readonly asOf: Date;
}

/** Reads these goals with their runs, their money and their holds: the goals first, in four queries for all of them. */
export async function readSummaryFacts(db: Database, ids: readonly ObjectId[]): Promise<SummaryFacts[]> {
  const goals = await raw<GoalDocument & { as_of: Date }>(db, "goals", (found) =>
    found.aggregate([{ $match: { _id: { $in: ids } } }, { $set: { as_of: "$$NOW" } }]),
  );
  const found = goals.map(({ _id }) => _id);
  const [runs, transfers, holds] = await Promise.all([
    raw<ReceiverRunDocument>(db, "receiver_runs", (all) =>
      all.aggregate([{ $match: { goal_id: { $in: found } } }]),
    ),
    transfersByEscrow(
      db,
      found.map((id) => escrowIdOf(id.toHexString())),
    ),
    findRefundHolds(db, found),
  ]);
  const runsOf = Map.groupBy(runs, (run) => run.goal_id.toHexString());
  const held = new Set(holds.map(({ _id }) => _id.toHexString()));
  return goals.map(({ as_of: asOf, ...goal }) => {
    const goalId = goal._id.toHexString();
    return {
      goal,
      runs: (runsOf.get(goalId) ?? []).map(runFacts),
      transfers: transfers.get(escrowIdOf(goalId)) ?? [],
      held: held.has(goalId),
      asOf,
    };
  });
}

const runFacts = (run: ReceiverRunDocument): RunFacts => ({
  receiver: run.receiver,
  eventId: run.event_id,
  status: run.status,
  attempt: run.attempt,
  started: run.started.getTime(),
  finished: run.finished?.getTime() ?? null,
  reason: run.reason ?? null,
  error: run.error ?? null,
});

/** The document of a summary. */
export function summaryDocument(
  { goal, asOf }: Pick<SummaryFacts, "goal" | "asOf">,
  summary: Summary,
): GoalSummaryDocument {
  return {
    _id: goal._id,
    created: goal.created,
    exp: goal.exp,
    state: summary.state,
    ...(summary.outcome !== null && { outcome: summary.outcome }),
    ...(summary.ended !== null && { ended: new Date(summary.ended) }),
    streamer_id: goal.metadata.user_id,
    viewer_id: goal.conditions.exclusive_to,
    session_id: goal.conditions.session_id,
    amount: summary.amount,
    currency: summary.currency,
    refund: summary.refund,
    ...(summary.refundDue !== null && { refund_due: new Date(summary.refundDue) }),
    ...(summary.resolved !== null && { resolved: new Date(summary.resolved) }),
    ...(summary.heldBack && { held_back: true }),
    ...(goal.metadata.cooldown && { cooldown: goal.metadata.cooldown }),
    effects: Object.fromEntries([...summary.effects].map(([id, effect]) => [id, effectRecord(effect)])),
    ...(summary.trouble.length > 0 && { trouble: [...summary.trouble] }),
    ...(summary.settled_ms !== null && { settled_ms: summary.settled_ms }),
    ...(summary.refund_ms !== null && { refund_ms: summary.refund_ms }),
    ...(summary.checkAt !== null && { check_at: new Date(summary.checkAt) }),
    as_of: asOf,
  };
}

const effectRecord = (effect: Effect): EffectRecord => ({
  status: effect.status,
  attempt: effect.attempt,
  runs: effect.runs,
  event_id: effect.eventId,
  started: new Date(effect.started),
  ...(effect.finished !== null && { finished: new Date(effect.finished) }),
  ...(effect.reason !== null && { reason: effect.reason }),
  ...(effect.error !== null && { error: effect.error }),
});

/** What a unique index answers to an upsert whose document is there already. */
const duplicateKey = 11_000;

/**
 * Writes summaries, each only over one that rests on an earlier reading, and removes those of goals that are gone. A
 * newer summary does not match the filter; the insert that is then tried is refused, which is as it should be.
 */
export async function writeSummaries(
  db: Database,
  summaries: readonly GoalSummaryDocument[],
  gone: readonly ObjectId[],
): Promise<void> {
  const operations: AnyBulkWriteOperation<GoalSummaryDocument>[] = summaries.map(({ _id, ...rest }) => ({
    replaceOne: { filter: { _id, as_of: { $lte: rest.as_of } }, replacement: rest, upsert: true },
  }));
  if (gone.length > 0) operations.push({ deleteMany: { filter: { _id: { $in: [...gone] } } } });
  if (operations.length === 0) return;
  try {
    await goalSummaries(db).bulkWrite(operations, { ordered: false });
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const refused = [error.writeErrors].flat();
    if (refused.length === 0 || refused.some(({ code }) => code !== duplicateKey)) throw error;
  }
}

/** Which summaries, in which order (downwards, and by `_id`), and the index by which to find them so. */
export interface SummaryPlan {
  readonly match: Readonly<Record<string, unknown>>;
  readonly sort: GoalSort;
  readonly hint: Readonly<Record<string, 1 | -1>>;
}

/** The last summary of a page: what the list is ordered by, and the id that settles ties. */
export interface SummaryPlace {
  readonly value: Date | number;
  readonly id: ObjectId;
}

/** The summaries of a plan that come after a place, unread. */
export function summariesAfter(db: Database, { match, sort, hint }: SummaryPlan, after: SummaryPlace | null) {
  const bounds = match[sort] as object | undefined;
  const rest =
    after === null
      ? {}
      : {
          // The bound on the field alone lets the index be entered at the place, not at its beginning.
          [sort]: { ...bounds, $lte: after.value },
          $or: [{ [sort]: { $lt: after.value } }, { _id: { $lt: after.id } }],
        };
  return goalSummaries(db)
    .find({ ...match, ...rest })
    .sort({ [sort]: -1, _id: -1 })
    .hint(hint);
}

/** How many summaries a plan finds, counted no further than `most`. All of them are known without counting. */
export async function countSummaries(
  db: Database,
  { match, hint }: SummaryPlan,
  most: number,
): Promise<number> {
  if (Object.keys(match).length === 0)
    return Math.min(most, await goalSummaries(db).estimatedDocumentCount());
  return await goalSummaries(db).countDocuments(match, { hint, limit: most });
}

/** Whether this person was ever invited as a streamer. */
export const isStreamerOfGoals = async (db: Database, userId: ObjectId): Promise<boolean> =>
  (await goalSummaries(db).findOne({ streamer_id: userId }, { projection: { _id: 1 } })) !== null;
