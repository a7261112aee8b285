import { ObjectId } from "mongodb";
import type { Money } from "#src/contract/console.ts";
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

/** Sums over one side of some accounts, for its test to explain. */
export const sideSums = (side: "debit" | "credit", accounts: readonly string[]) => [
  { $match: { [side]: { $in: [...accounts] } } },
  { $group: { _id: { account: `$${side}`, currency: "$currency" }, amount: { $sum: "$amount" } } },
];

/** The balances of some accounts, by account and currency; accounts without any transfer are absent. */
export async function balancesOfAccounts(
  db: Database,
  accounts: readonly string[],
): Promise<ReadonlyMap<string, readonly Money[]>> {
  const sums = (side: "debit" | "credit") =>
    transfers(db)
      .aggregate<{ _id: { account: string; currency: string }; amount: number }>(sideSums(side, accounts))
      .toArray();
  const [given, got] = await Promise.all([sums("debit"), sums("credit")]);
  const balances = new Map<string, Map<string, number>>();
  for (const [found, sign] of [
    [given, -1],
    [got, 1],
  ] as const) {
    for (const { _id, amount } of found) {
      const own = balances.get(_id.account) ?? new Map<string, number>();
      own.set(_id.currency, (own.get(_id.currency) ?? 0) + sign * amount);
      balances.set(_id.account, own);
    }
  }
  return new Map(
    [...balances].map(([account, own]) => [
      account,
      [...own]
        .map(([currency, amount]) => ({ currency, amount }))
        .toSorted((a, b) => a.currency.localeCompare(b.currency)),
    ]),
  );
}
