import { createHash } from "node:crypto";
import { ObjectId } from "mongodb";
import type { Transfer } from "#src/domain/ledger.ts";
import { type Database, isDuplicateKey } from "./database.ts";
import type { TransferDocument } from "./documents.ts";

const transfers = ({ driver }: Database) => driver.collection<TransferDocument>("ledger_transfers");

/** One transfer, read off its document. */
export const toTransfer = (document: TransferDocument): Transfer => ({
  id: document._id,
  insertId: document.insert_id.toHexString(),
  debit: document.debit,
  credit: document.credit,
  amount: document.amount,
  currency: document.currency,
  at: document.at.getTime(),
  escrowId: document.escrow_id,
  userId: document.user_id.toHexString(),
  reason: document.reason,
  ...(document.audit_id === undefined ? {} : { auditId: document.audit_id.toHexString() }),
});

/**
 * The `insert_id` of the n-th transfer of an escrow. It is unique in the ledger, so a hold and a resolution that race
 * for the same place in the escrow cannot both be written: the resolution covers every hold, or it is tried again.
 */
export function transferInsertId(escrowId: string, n: number): string {
  return createHash("sha256").update(`${escrowId}#${n}`).digest("hex").slice(0, 24);
}

/** All transfers of one escrow, in the order of their time. */
export async function transfersOf(db: Database, escrowId: string): Promise<Transfer[]> {
  return (await transfers(db).find({ escrow_id: escrowId }).sort({ at: 1, _id: 1 }).toArray()).map(
    toTransfer,
  );
}

/** All transfers of several escrows, by escrow. Escrows without any are absent. */
export async function transfersByEscrow(
  db: Database,
  escrowIds: readonly string[],
): Promise<Map<string, Transfer[]>> {
  const found = await transfers(db)
    .find({ escrow_id: { $in: [...escrowIds] } })
    .sort({ at: 1, _id: 1 })
    .toArray();
  return Map.groupBy(found.map(toTransfer), ({ escrowId }) => escrowId);
}

/**
 * Writes one transfer. False when its id or its place in the escrow is taken: someone was faster, or this is a
 * second run; look again and decide again.
 */
export async function insertTransfer(db: Database, transfer: Transfer): Promise<boolean> {
  if (!Number.isSafeInteger(transfer.amount) || transfer.amount <= 0) {
    throw new RangeError(`A transfer's amount is whole minor units above 0, not ${transfer.amount}.`);
  }
  try {
    await transfers(db).insertOne({
      _id: transfer.id,
      insert_id: new ObjectId(transfer.insertId),
      debit: transfer.debit,
      credit: transfer.credit,
      amount: transfer.amount,
      currency: transfer.currency,
      at: new Date(transfer.at),
      escrow_id: transfer.escrowId,
      user_id: new ObjectId(transfer.userId),
      reason: transfer.reason,
      ...(transfer.auditId === undefined ? {} : { audit_id: new ObjectId(transfer.auditId) }),
    });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
