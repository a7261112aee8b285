import type { ObjectId } from "mongodb";
import { escrowIdOf } from "#src/contract/ids.ts";
import { type Database, raw } from "./database.ts";
import type { GoalSummaryDocument } from "./documents.ts";
import type { Place } from "./keyset.ts";

/** A goal that has ended and whose escrow holds money, as its summary says. */
export type DueRefund = Required<Pick<GoalSummaryDocument, "_id" | "refund_due">> &
  Pick<GoalSummaryDocument, "held_back">;

/** The pipeline of one page, the longest due first, for its test to explain. `before`: due by then, and not held back. */
export const dueRefundsPipeline = (
  before: Date | null,
  after: Place<ObjectId> | null,
  limit: number,
): Record<string, unknown>[] => [
  {
    $match: {
      refund: "due",
      ...(before && { held_back: null }),
      refund_due: { $gte: after?.at ?? new Date(0), ...(before && { $lt: before }) },
      ...(after && { $or: [{ refund_due: { $gt: after.at } }, { _id: { $gt: after.id } }] }),
    },
  },
  { $sort: { refund_due: 1, _id: 1 } },
  { $limit: limit },
  { $project: { refund_due: 1, held_back: 1 } },
];

/** Refunds that are due and have not gone through, the longest due first. */
export const listDueRefunds = (
  db: Database,
  before: Date | null,
  after: Place<ObjectId> | null,
  limit: number,
) =>
  raw<DueRefund>(db, "goal_summaries", (found) => found.aggregate(dueRefundsPipeline(before, after, limit)));

/** Few enough that the local database, which does one thing at a time, is never held for long. */
const batchLength = 2_000;

/** The escrows whose refunds were due before a time, as the summaries say, and are not held back. */
export async function escrowsDueBefore(db: Database, before: Date): Promise<string[]> {
  const escrowIds: string[] = [];
  for (let after: Place<ObjectId> | null = null; ;) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after another: the database has others to serve
    const batch: DueRefund[] = await listDueRefunds(db, before, after, batchLength);
    escrowIds.push(...batch.map(({ _id }) => escrowIdOf(_id.toHexString())));
    const last = batch.at(-1);
    if (last === undefined || batch.length < batchLength) return escrowIds;
    after = { at: last.refund_due, id: last._id };
  }
}
