import { ObjectId } from "mongodb";
import { type Database, isDuplicateKey, raw } from "./database.ts";
import type { RefundHoldDocument } from "./documents.ts";

const find = (db: Database, filter: Record<string, unknown>) =>
  raw<RefundHoldDocument>(db, "refund_holds", (holds) => holds.aggregate([{ $match: filter }]));

/** The hold that keeps this goal's refund back, or null. */
export async function findRefundHold(db: Database, goalId: string): Promise<RefundHoldDocument | null> {
  const [hold] = await find(db, { _id: new ObjectId(goalId) });
  return hold ?? null;
}

/** The holds among these goals; goals whose refund is not held back are absent. */
export const findRefundHolds = (db: Database, goalIds: readonly ObjectId[]) =>
  find(db, { _id: { $in: goalIds } });

/** Holds a refund back; false when it is held back already, by whomever. */
export async function insertRefundHold(db: Database, hold: RefundHoldDocument): Promise<boolean> {
  try {
    await raw(db, "refund_holds", (holds) => holds.insertOne({ ...hold }));
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/** Removes this very hold; one that was put there since stays. A second run removes nothing. */
export async function removeRefundHold(db: Database, goalId: ObjectId, auditId: ObjectId): Promise<void> {
  await raw(db, "refund_holds", (holds) => holds.deleteOne({ _id: goalId, audit_id: auditId }));
}
