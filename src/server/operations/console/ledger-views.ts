import type { Money } from "#src/contract/console.ts";
import { ProblemError } from "#src/contract/problems.ts";
import type { Transfer } from "#src/domain/ledger.ts";
import type { Place } from "../../data/keyset.ts";
import { listTransferDocuments, transferIdOf, type TransferSelection } from "../../data/ledger-lists.ts";
import type { Services } from "../../services.ts";
import type { Person } from "../people.ts";
import { comingSoon } from "./coming.ts";
import type { Cursor } from "./goal-list.ts";
import { pageOf, timeOf } from "./paging.ts";

export interface AccountView {
  readonly account: string;
  readonly person: Person;
  readonly balances: readonly Money[];
}

/** An escrow that still holds money although its goal has ended. Times are ISO 8601. */
export interface OpenEscrow {
  readonly escrow_id: string;
  readonly goal_id: string;
  readonly amount: number;
  readonly currency: string;
  readonly due: string | null;
  readonly late: boolean;
  readonly held_back: boolean;
}

/**
 * Transfers, the newest first; of one account or one escrow where asked for. A cursor names the last transfer by its
 * `insert_id`. Throws `invalid_request` for a cursor that names none.
 */
export async function listTransfers(
  services: Services,
  of: { account?: string | undefined; escrow?: string | undefined },
  after: Cursor | null,
  limit: number,
): Promise<{ readonly transfers: readonly Transfer[]; readonly next: Cursor | null }> {
  const { db } = services;
  const place = after && (await placeOfTransfer(services, after));
  const read = (selection: TransferSelection) => listTransferDocuments(db, selection, place, limit + 1);
  const found = await transfersOfSelection(read, of);
  const { page, next } = pageOf(found, limit, ({ at, insertId }) => ({
    value: new Date(at).toISOString(),
    id: insertId,
  }));
  return { transfers: page, next };
}

/** Reads what was asked for: an account's transfers are those that it gave and those that it got, merged. */
async function transfersOfSelection(
  read: (selection: TransferSelection) => Promise<Transfer[]>,
  { account, escrow }: { account?: string | undefined; escrow?: string | undefined },
): Promise<Transfer[]> {
  const ofEscrow = escrow === undefined ? {} : { escrow_id: escrow };
  if (account === undefined) return await read(ofEscrow);
  const sides = await Promise.all([
    read({ ...ofEscrow, debit: account }),
    read({ ...ofEscrow, credit: account }),
  ]);
  // A transfer from an account to itself must never be, and is shown once where it is.
  const found = new Map(sides.flat().map((transfer) => [transfer.id, transfer]));
  return [...found.values()].toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
}

async function placeOfTransfer({ db }: Services, after: Cursor): Promise<Place<string>> {
  const id = await transferIdOf(db, after.id);
  if (id === null) throw new ProblemError("invalid_request");
  return { at: timeOf(after), id };
}

/** Accounts of viewers or streamers with their balances, by name. */
export async function listAccounts(
  services: Services,
  kind: "viewer" | "streamer",
  after: Cursor | null,
  limit: number,
): Promise<{ readonly accounts: readonly AccountView[]; readonly next: Cursor | null }> {
  return comingSoon(services, kind, after, limit);
}

/** Escrows that should be at zero and are not, the longest due first. */
export async function listOpenEscrows(
  services: Services,
  after: Cursor | null,
  limit: number,
): Promise<{ readonly escrows: readonly OpenEscrow[]; readonly next: Cursor | null }> {
  return comingSoon(services, after, limit);
}
