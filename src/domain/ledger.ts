/** One transfer of the ledger. Ids are hex; `at` is milliseconds since the epoch; `amount` is whole minor units, above 0. */
export interface Transfer {
  readonly id: string;
  readonly insertId: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: number;
  readonly currency: string;
  readonly at: number;
  readonly escrowId: string;
  /** The streamer whose goal the money is for. */
  readonly userId: string;
  readonly reason: string;
  /** The entry of the audit log under which it was made by hand; absent when nobody did. */
  readonly auditId?: string;
}

export const viewerAccount = (viewerId: string) => `viewer:${viewerId}`;
export const streamerAccount = (streamerId: string) => `streamer:${streamerId}`;
export const escrowAccount = (escrowId: string) => `escrow:${escrowId}`;

export const holdId = (escrowId: string, n: number) => `hold:${escrowId}:${n}`;
/** The one id under which an escrow can be resolved: once, and never both ways. */
export const resolutionId = (escrowId: string) => `resolve:${escrowId}`;

/** The transfer by which an escrow was resolved, among the transfers of that escrow; undefined while it is not. */
export const resolutionOf = (transfers: readonly Transfer[], escrowId: string): Transfer | undefined =>
  transfers.find(({ id }) => id === resolutionId(escrowId));

/** When a goal's refund is due: its `exp`, plus the dispute window in seconds (readings, 9). Milliseconds since the epoch. */
export const refundDueAt = (exp: number, delay_s: number) => exp + delay_s * 1_000;

/** A balance is the sum over transfers, in whole minor units. */
export function balanceOf(account: string, transfers: readonly Transfer[]): number {
  return transfers.reduce(
    (sum, { debit, credit, amount }) =>
      sum + (credit === account ? amount : 0) - (debit === account ? amount : 0),
    0,
  );
}

/** Which holds a refund covers: the streamer's, not before `nbf` and not after `exp` (none: the session goes on). */
export interface RefundWindow {
  readonly userId: string;
  readonly nbf: number;
  readonly exp: number | null;
}

export type RefundDecision =
  | {
      readonly kind: "refund";
      readonly viewerAccount: string;
      readonly amount: number;
      readonly currency: string;
      readonly left: number;
    }
  | { readonly kind: "already-resolved"; readonly transfer: Transfer; readonly left: number }
  | { readonly kind: "nothing-to-refund"; readonly left: number }
  | { readonly kind: "mixed-holds" };

/**
 * What goes back, given every transfer of one escrow (readings, 9): what was put in for that streamer within the
 * window, to whom it came from. `left` stays in the escrow and wants a moderator's eye, in whole minor units. Holds
 * from several viewers or in several currencies cannot be resolved by one transfer, and none is made.
 */
export function decideRefund(
  transfers: readonly Transfer[],
  escrowId: string,
  window: RefundWindow,
): RefundDecision {
  const resolution = resolutionOf(transfers, escrowId);
  const balance = balanceOf(escrowAccount(escrowId), transfers);
  if (resolution !== undefined) return { kind: "already-resolved", transfer: resolution, left: balance };
  const covered = transfers.filter(
    ({ credit, userId, at }) =>
      credit === escrowAccount(escrowId) &&
      userId === window.userId &&
      at >= window.nbf &&
      (window.exp === null || at <= window.exp),
  );
  const first = covered[0];
  if (first === undefined || balance <= 0) return { kind: "nothing-to-refund", left: balance };
  if (covered.some(({ debit, currency }) => debit !== first.debit || currency !== first.currency)) {
    return { kind: "mixed-holds" };
  }
  const held = covered.reduce((sum, transfer) => sum + transfer.amount, 0);
  // Never more than is there: an escrow is not overdrawn, whatever else was written to it.
  const amount = Math.min(held, balance);
  return {
    kind: "refund",
    viewerAccount: first.debit,
    amount,
    currency: first.currency,
    left: balance - amount,
  };
}

export type RefundState = "none" | "held" | "due" | "refunded" | "paid";

/** How the money of one goal stands, by its ledger alone: never "refunded" before the ledger says so. */
export function refundState(
  transfers: readonly Transfer[],
  escrowId: string,
  goalEnded: boolean,
): RefundState {
  const resolution = resolutionOf(transfers, escrowId);
  if (resolution !== undefined) return resolution.credit.startsWith("viewer:") ? "refunded" : "paid";
  if (balanceOf(escrowAccount(escrowId), transfers) <= 0) return "none";
  return goalEnded ? "due" : "held";
}
