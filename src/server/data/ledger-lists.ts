import { ObjectId } from "mongodb";
import type { Transfer } from "#src/domain/ledger.ts";
import type { Database } from "./database.ts";
import type { TransferDocument } from "./documents.ts";
import { below, type Place } from "./keyset.ts";
import { toTransfer } from "./ledger.ts";

const transfers = ({ driver }: Database) => driver.collection<TransferDocument>("ledger_transfers");

/** Whose transfers: of one escrow, and from or to one account, where it is said. */
export interface TransferSelection {
  readonly escrow_id?: string;
  readonly debit?: string;
  readonly credit?: string;
}

/** The filter of a page, for its test to explain. */
export const transferFilter = (selection: TransferSelection, after: Place<string> | null) => ({
  ...selection,
  ...below("at", after),
});

/** The newest first, by time and then by id: what was done in one millisecond stays in its order. */
export const newestFirst = { at: -1, _id: -1 } as const;

/** Transfers, the newest first. */
export async function listTransferDocuments(
  db: Database,
  selection: TransferSelection,
  after: Place<string> | null,
  limit: number,
): Promise<Transfer[]> {
  const found = await transfers(db)
    .find(transferFilter(selection, after))
    .sort(newestFirst)
    .limit(limit)
    .toArray();
  return found.map(toTransfer);
}

/** The id of the transfer with this `insert_id`; null when there is none. */
export async function transferIdOf(db: Database, insertId: string): Promise<string | null> {
  const found = await transfers(db).findOne(
    { insert_id: new ObjectId(insertId) },
    { projection: { _id: true } },
  );
  return found?._id ?? null;
}
