import { type Filter, ObjectId } from "mongodb";
import type { Transfer } from "#src/domain/ledger.ts";
import type { Database } from "./database.ts";
import type { TransferDocument } from "./documents.ts";

/** A transfer as it is, which may be anything: what checks the ledger must not trust it. */
type Found = Partial<Record<keyof TransferDocument, unknown>>;

const transfers = ({ driver }: Database) => driver.collection<TransferDocument>("ledger_transfers");

const text = (value: unknown) => (typeof value === "string" ? value : "");
const hex = (value: unknown) => (value instanceof ObjectId ? value.toHexString() : "");

/** What is there, as a transfer; what is missing or of the wrong kind is empty text or no number. */
const readTransfer = (found: Found): Transfer => ({
  id: typeof found._id === "string" ? found._id : JSON.stringify(found._id),
  insertId: hex(found.insert_id),
  debit: text(found.debit),
  credit: text(found.credit),
  amount: typeof found.amount === "number" ? found.amount : Number.NaN,
  currency: text(found.currency),
  at: found.at instanceof Date ? found.at.getTime() : Number.NaN,
  escrowId: text(found.escrow_id),
  userId: hex(found.user_id),
  reason: text(found.reason),
});

/** Few enough that the local database, which does one thing at a time, is never held for long. */
const batchLength = 2_000;

const read = async (db: Database, filter: Filter<TransferDocument>, limit: number): Promise<Transfer[]> =>
  (await transfers(db).find(filter).sort({ escrow_id: 1 }).limit(limit).toArray()).map(readTransfer);

/** The filter of one batch of the walk, for its test to explain. */
export const afterEscrow = (escrowId: string): Filter<TransferDocument> => ({ escrow_id: { $gt: escrowId } });

/**
 * Walks the whole ledger by escrow, a batch at a time, and gives each escrow's transfers together. What is appended
 * meanwhile may or may not be seen; of an escrow that is written to just then, a part.
 */
export async function* walkLedger(
  db: Database,
  most: number = batchLength,
): AsyncGenerator<ReadonlyMap<string, readonly Transfer[]>, void> {
  for (let after = ""; ;) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after another: the database has others to serve
    const batch = await read(db, afterEscrow(after), most);
    const byEscrow = Map.groupBy(batch, ({ escrowId }) => escrowId);
    const last = batch.at(-1)?.escrowId;
    if (last === undefined) return;
    if (batch.length === most) {
      // The last escrow may go on behind the batch: it comes with the next one, or alone when it fills this one.
      byEscrow.delete(last);
      // oxlint-disable-next-line no-await-in-loop -- as above
      if (byEscrow.size === 0) byEscrow.set(last, await transfersToJudge(db, last));
    }
    yield byEscrow;
    if (batch.length < most) return;
    after = [...byEscrow.keys()].at(-1) ?? last;
  }
}

const inOrder = (found: readonly Transfer[]) =>
  found.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));

/** Transfers that name no escrow, which must not be. */
export const transfersOfNoEscrow = async (db: Database): Promise<Transfer[]> =>
  (
    await transfers(db)
      .find({ escrow_id: null as unknown as string })
      .toArray()
  ).map(readTransfer);

/** All transfers of one escrow, in the order of their time. */
const transfersToJudge = async (db: Database, escrowId: string): Promise<Transfer[]> =>
  inOrder((await transfers(db).find({ escrow_id: escrowId }).toArray()).map(readTransfer));

/** All transfers of some escrows, by escrow, each in the order of their time. Escrows without any are absent. */
export async function transfersByEscrowToJudge(
  db: Database,
  escrowIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Transfer[]>> {
  const found = await transfers(db)
    .find({ escrow_id: { $in: [...escrowIds] } })
    .toArray();
  return Map.groupBy(inOrder(found.map(readTransfer)), ({ escrowId }) => escrowId);
}

/** The filter of one batch of what is new, for its test to explain. */
export const writtenSince = (
  since: Date,
  after: { at: Date; id: string } | null,
): Filter<TransferDocument> =>
  after === null
    ? { at: { $gte: since } }
    : { at: { $gte: after.at }, $or: [{ at: { $gt: after.at } }, { _id: { $gt: after.id } }] };

/** The escrows to which anything was written since then. */
export async function escrowsWrittenSince(db: Database, since: Date): Promise<Set<string>> {
  const escrowIds = new Set<string>();
  for (let after: { at: Date; id: string } | null = null; ;) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after another: the database has others to serve
    const batch: Pick<TransferDocument, "_id" | "at" | "escrow_id">[] = await transfers(db)
      .find(writtenSince(since, after), { projection: { at: 1, escrow_id: 1 } })
      .sort({ at: 1, _id: 1 })
      .limit(batchLength)
      .toArray();
    for (const { escrow_id } of batch) escrowIds.add(text(escrow_id));
    const last = batch.at(-1);
    if (last === undefined || batch.length < batchLength) return escrowIds;
    after = { at: last.at, id: last._id };
  }
}

/** How many transfers there are, as the database counts them by itself. */
export const countTransfers = (db: Database): Promise<number> => transfers(db).estimatedDocumentCount();
