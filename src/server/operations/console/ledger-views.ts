import type { Money } from "#src/contract/console.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { ProblemError } from "#src/contract/problems.ts";
import { escrowBalances } from "#src/domain/conservation.ts";
import { late_ms } from "#src/domain/summary.ts";
import { streamerAccount, type Transfer, viewerAccount } from "#src/domain/ledger.ts";
import { listDueRefunds } from "../../data/due-refunds.ts";
import type { Place } from "../../data/keyset.ts";
import {
  balancesOfAccounts,
  listTransferDocuments,
  transferIdOf,
  type TransferSelection,
} from "../../data/ledger-lists.ts";
import { transfersByEscrow } from "../../data/ledger.ts";
import { listUserDocuments } from "../../data/user-lists.ts";
import type { Services } from "../../services.ts";
import type { Person } from "../people.ts";
import type { Cursor } from "./goal-list.ts";
import { pageOf, placeOf, timeOf } from "./paging.ts";

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

/** Accounts of viewers or streamers with their balances, by e-mail address. */
export async function listAccounts(
  { db }: Services,
  kind: "viewer" | "streamer",
  after: Cursor | null,
  limit: number,
): Promise<{ readonly accounts: readonly AccountView[]; readonly next: Cursor | null }> {
  const found = await listUserDocuments(db, { role: kind }, after?.value ?? null, limit + 1);
  const { page, next } = pageOf(found, limit, ({ email, _id }) => ({ value: email, id: _id.toHexString() }));
  const accountOf = kind === "viewer" ? viewerAccount : streamerAccount;
  const people = page.map(({ _id, name }) => ({ id: _id.toHexString(), name }));
  const balances = await balancesOfAccounts(
    db,
    people.map(({ id }) => accountOf(id)),
  );
  return {
    accounts: people.map((person) => ({
      account: accountOf(person.id),
      person,
      balances: balances.get(accountOf(person.id)) ?? [],
    })),
    next,
  };
}

/**
 * Escrows that should be at zero and are not, the longest due first: the summaries say which, the ledger how much. One
 * that has just come to zero is left out, so a page may be shorter than asked for. Throws `invalid_request`.
 */
export async function listOpenEscrows(
  { db, clock }: Services,
  after: Cursor | null,
  limit: number,
): Promise<{ readonly escrows: readonly OpenEscrow[]; readonly next: Cursor | null }> {
  const found = await listDueRefunds(db, null, placeOf(after), limit + 1);
  const { page, next } = pageOf(found, limit, ({ refund_due, _id }) => ({
    value: refund_due.toISOString(),
    id: _id.toHexString(),
  }));
  const ledger = await transfersByEscrow(
    db,
    page.map(({ _id }) => escrowIdOf(_id.toHexString())),
  );
  const lateBefore = clock().getTime() - late_ms;
  const escrows = page.flatMap(({ _id, refund_due, held_back }): OpenEscrow[] => {
    const goal_id = _id.toHexString();
    const escrow_id = escrowIdOf(goal_id);
    const balances = escrowBalances(escrow_id, ledger.get(escrow_id) ?? []);
    return [...balances]
      .filter(([, amount]) => amount !== 0)
      .map(([currency, amount]) => ({
        escrow_id,
        goal_id,
        amount,
        currency,
        due: refund_due.toISOString(),
        late: held_back !== true && refund_due.getTime() < lateBefore,
        held_back: held_back === true,
      }));
  });
  return { escrows, next };
}
