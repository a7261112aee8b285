import { escrowIdOf } from "#src/contract/ids.ts";
import { escrowAccount, holdId, resolutionId, type Transfer, viewerAccount } from "#src/domain/ledger.ts";

/** The goal of the transfers below, and its escrow. */
export const goalId = "0123456789abcdef01234567";
export const escrowId = escrowIdOf(goalId);

/** The n-th hold of Vic's for Ada, of 100. */
export const hold = (n: number, over: Partial<Transfer> = {}): Transfer => ({
  id: holdId(escrowId, n),
  insertId: `insert-${n}`,
  debit: viewerAccount("vic"),
  credit: escrowAccount(escrowId),
  amount: 100,
  currency: "USD",
  at: 10 + n,
  escrowId,
  userId: "ada",
  reason: "prepayment",
  ...over,
});

/** The resolution of that escrow: back to Vic, unless somebody else is named. */
export const resolution = (
  amount: number,
  credit = viewerAccount("vic"),
  over: Partial<Transfer> = {},
): Transfer => ({
  ...hold(99, { at: 500 }),
  id: resolutionId(escrowId),
  debit: escrowAccount(escrowId),
  credit,
  amount,
  ...over,
});
