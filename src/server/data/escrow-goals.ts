import { ObjectId } from "mongodb";
import { escrowIdOf } from "#src/contract/ids.ts";
import type { EscrowGoal } from "#src/domain/conservation.ts";
import type { RefundWindow } from "#src/domain/ledger.ts";
import { type Database, raw } from "./database.ts";
import type { AuditDocument, GoalDocument, GoalSummaryDocument, SessionDocument } from "./documents.ts";
import { findGoals, goalFacts } from "./goals.ts";

const objectIds = (ids: readonly string[]) => ids.map((id) => new ObjectId(id));

/** What is known of a goal before it is asked why its refund is late. */
type Known = Omit<EscrowGoal, "letGo" | "window">;

/** Goals by their hex ids, as their escrows are judged; the holds are read before the goals. Absent ones are absent. */
export async function findEscrowGoals(
  db: Database,
  goalIds: readonly string[],
): Promise<ReadonlyMap<string, Known & { sessionId: ObjectId }>> {
  const ids = objectIds(goalIds);
  const holds = await raw<{ _id: ObjectId }>(db, "refund_holds", (found) =>
    found.aggregate([{ $match: { _id: { $in: ids } } }]),
  );
  const held = new Set(holds.map(({ _id }) => _id.toHexString()));
  const goals: GoalDocument[] = await findGoals(db, ids);
  return new Map(
    goals.map((goal) => [
      goal._id.toHexString(),
      {
        ...goalFacts(goal),
        created: goal.created.getTime(),
        insertIds: goal.metadata.insert_ids.map((id) => id.toHexString()),
        isPrepaid: goal.progress >= 1,
        heldBack: held.has(goal._id.toHexString()),
        sessionId: goal.conditions.session_id,
      },
    ]),
  );
}

/** Which holds a refund covers, by the session's hex id. Sessions that are gone are absent. */
export async function findRefundWindows(
  db: Database,
  sessionIds: readonly ObjectId[],
): Promise<ReadonlyMap<string, RefundWindow>> {
  const sessions = await raw<Pick<SessionDocument, "_id" | "user" | "statuses">>(db, "sessions", (found) =>
    found.aggregate([{ $match: { _id: { $in: [...sessionIds] } } }, { $project: { user: 1, statuses: 1 } }]),
  );
  return new Map(
    sessions.map(({ _id, user, statuses }) => [
      _id.toHexString(),
      {
        userId: user.id.toHexString(),
        nbf: statuses.created.getTime(),
        exp: statuses.ended?.getTime() ?? null,
      },
    ]),
  );
}

/** When the refunds of these goals were last let go by hand, by the goal's hex id, whether or not it came through. */
export async function findLetGo(
  db: Database,
  goalIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const entries = await raw<Pick<AuditDocument, "target" | "at">>(db, "audit_log", (log) =>
    log.aggregate([
      { $match: { target: { $in: goalIds.map((id) => `goal:${id}`) }, action: "refund.let_go" } },
      { $sort: { at: 1 } },
      { $project: { target: 1, at: 1 } },
    ]),
  );
  return new Map(entries.map(({ target, at }) => [target.slice("goal:".length), at.getTime()]));
}

/** What a summary says of its goal's escrow. Ids are hex, `amount` is what was put in, in whole minor units. */
export interface HeldSummary {
  readonly escrowId: string;
  readonly amount: number;
}

const heldSummary = ({ _id, amount }: Pick<GoalSummaryDocument, "_id" | "amount">): HeldSummary => ({
  escrowId: escrowIdOf(_id.toHexString()),
  amount,
});

/** Few enough that the local database, which does one thing at a time, is never held for long. */
const batchLength = 2_000;

const summaries = (db: Database, pipeline: Record<string, unknown>[]) =>
  raw<Pick<GoalSummaryDocument, "_id" | "amount" | "created">>(db, "goal_summaries", (found) =>
    found.aggregate([...pipeline, { $project: { amount: 1, created: 1 } }]),
  );

/** Which summaries are to be compared with the ledger: where money is held or due, and where it should be and is not. */
export const comparedSummaries = [
  { refund: "held" },
  { refund: "due" },
  { refund: "none", state: "pending" },
];

/** One batch of the summaries that are compared with the ledger, for its test to explain. */
export const comparedPipeline = (
  selection: Readonly<Record<string, string>>,
  after: { created: Date; _id: ObjectId } | null,
): Record<string, unknown>[] => [
  {
    $match: {
      ...selection,
      ...(after && {
        created: { $lte: after.created },
        $or: [{ created: { $lt: after.created } }, { _id: { $lt: after._id } }],
      }),
    },
  },
  { $sort: { created: -1, _id: -1 } },
  { $limit: batchLength },
];

/** The summaries that are compared with the ledger, a batch at a time. */
export async function* walkComparedSummaries(db: Database): AsyncGenerator<readonly HeldSummary[], void> {
  for (const selection of comparedSummaries) {
    for (let after: { created: Date; _id: ObjectId } | null = null; ;) {
      // oxlint-disable-next-line no-await-in-loop -- one batch after another: the database has others to serve
      const batch = await summaries(db, comparedPipeline(selection, after));
      yield batch.map(heldSummary);
      after = batch.at(-1) ?? null;
      if (after === null || batch.length < batchLength) break;
    }
  }
}

/** Of these goals' summaries, those that say that the escrow holds money, by the goal's hex id. */
export async function findHeldSummaries(
  db: Database,
  goalIds: readonly string[],
): Promise<ReadonlyMap<string, HeldSummary>> {
  const found = await summaries(db, [
    { $match: { _id: { $in: objectIds(goalIds) }, refund: { $in: ["held", "due"] } } },
  ]);
  return new Map(found.map((summary) => [summary._id.toHexString(), heldSummary(summary)]));
}
