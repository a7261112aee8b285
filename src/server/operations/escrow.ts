import { escrowIdOf, goalIdOfEscrow } from "#src/contract/ids.ts";
import type { RefundResult } from "#src/contract/tasks.ts";
import { decideRefundable, type RefundableDecision } from "#src/domain/goal.ts";
import {
  balanceOf,
  decideRefund,
  escrowAccount,
  holdId,
  type RefundWindow,
  resolutionId,
  resolutionOf,
  streamerAccount,
  type Transfer,
  viewerAccount,
} from "#src/domain/ledger.ts";
import type { SessionDocument } from "../data/documents.ts";
import { findGoal, goalFacts } from "../data/goals.ts";
import { insertTransfer, transferInsertId, transfersOf } from "../data/ledger.ts";
import { findRefundHold } from "../data/refund-holds.ts";
import type { Services } from "../services.ts";

/** A transfer still without its place in the ledger, and the answer to give once it is written. */
interface Next<T> {
  readonly transfer?: Omit<Transfer, "insertId" | "escrowId" | "at">;
  readonly result: T;
}

/** More rounds than people could ever lose in a row: beyond them something else is wrong, and it must be seen. */
const maxRounds = 100;

/**
 * Decides on the next transfer of an escrow and writes it in the place after those it has decided on. Whoever is
 * faster takes that place, and the loser looks and decides again: no two of them can rest on the same past.
 */
async function appendTransfer<T>(
  { db, clock, news, log, traces }: Services,
  escrowId: string,
  decide: (transfers: readonly Transfer[], insertId: string) => Next<T> | Promise<Next<T>>,
): Promise<T> {
  for (let round = 0; round < maxRounds; round++) {
    const transfers = await transfersOf(db, escrowId);
    const insertId = transferInsertId(escrowId, transfers.length);
    const { transfer, result } = await decide(transfers, insertId);
    if (transfer === undefined) return result;
    const { id, reason, amount, currency } = transfer;
    const attributes = { escrow_id: escrowId, transfer_id: id, reason };
    const isWritten = await traces.span(`ledger ${reason}`, { kind: "client", attributes }, async (span) => {
      const written = await insertTransfer(db, { ...transfer, insertId, escrowId, at: clock().getTime() });
      span?.set({ written });
      return written;
    });
    if (isWritten) {
      log.debug({ ...attributes, amount, currency }, "money has moved");
      const goalId = goalIdOfEscrow(escrowId);
      if (goalId !== null) news.tell(goalId);
      return result;
    }
  }
  throw new Error(`The place of the next transfer of escrow ${escrowId} stays taken.`);
}

/**
 * Puts a viewer's prepayment into escrow, and gives the hold's `insert_id`; null when the escrow is resolved already,
 * and no money moves. A second run with the same `n` finds its own hold. `amount` is whole minor units.
 */
export function holdInEscrow(
  services: Services,
  hold: {
    readonly escrowId: string;
    readonly n: number;
    readonly viewerId: string;
    readonly streamerId: string;
    readonly amount: number;
    readonly currency: string;
  },
): Promise<string | null> {
  const id = holdId(hold.escrowId, hold.n);
  return appendTransfer<string | null>(services, hold.escrowId, (transfers, insertId) => {
    const own = transfers.find((transfer) => transfer.id === id);
    if (own !== undefined) return { result: own.insertId };
    if (resolutionOf(transfers, hold.escrowId) !== undefined) return { result: null };
    return {
      transfer: {
        id,
        debit: viewerAccount(hold.viewerId),
        credit: escrowAccount(hold.escrowId),
        amount: hold.amount,
        currency: hold.currency,
        userId: hold.streamerId,
        reason: "prepayment",
      },
      result: insertId,
    };
  });
}

/** `check_trigger_exclusive_goal_refundable`: read from the goal, its ledger and what is held back, now. */
export async function checkRefundable({ db }: Services, goalId: string): Promise<RefundableDecision> {
  const goal = await findGoal(db, goalId);
  const escrowId = escrowIdOf(goalId);
  const balance = balanceOf(escrowAccount(escrowId), await transfersOf(db, escrowId));
  const heldBack = (await findRefundHold(db, goalId)) !== null;
  return decideRefundable(goal && goalFacts(goal), balance, heldBack);
}

/** The holds that a refund covers by itself: those of the session's user, from within the session's time. */
export const refundWindowOf = (session: SessionDocument): RefundWindow => ({
  userId: session.user.id.toHexString(),
  nbf: session.statuses.created.getTime(),
  exp: session.statuses.ended?.getTime() ?? null,
});

/**
 * `escrow_refund`: what was put into the escrow within the window goes back to whom it came from, at most once,
 * whoever asks, however often (readings, 9): the resolution of an escrow has one possible id. By hand, it says under
 * which entry of the audit log.
 *
 * Whether it is held back is read last, right before the transfer is written. So a refund that begins after an admin's
 * hold was written moves nothing. One that has looked just before, and writes just after, still goes through: then the
 * admin, who reads the ledger after the hold, is told so, or, if that reading came first as well, is left with a hold
 * on an escrow that is resolved, which the console shows as such. Two collections have no common write to do better.
 */
export function refundEscrow(
  services: Services,
  escrowId: string,
  window: RefundWindow,
  auditId?: string,
): Promise<RefundResult> {
  const goalId = goalIdOfEscrow(escrowId);
  return appendTransfer<RefundResult>(services, escrowId, async (transfers) => {
    const decision = decideRefund(transfers, escrowId, window);
    switch (decision.kind) {
      case "already-resolved":
        return {
          result: { kind: "already_resolved", transfer_id: decision.transfer.id, left: decision.left },
        };
      case "nothing-to-refund":
        return { result: { kind: "nothing_to_refund", left: decision.left } };
      case "mixed-holds":
        return { result: { kind: "mixed_holds" } };
      case "refund": {
        if (goalId !== null && (await findRefundHold(services.db, goalId)) !== null) {
          return { result: { kind: "held_back" } };
        }
        const { amount, currency, left } = decision;
        const id = resolutionId(escrowId);
        return {
          transfer: {
            id,
            debit: escrowAccount(escrowId),
            credit: decision.viewerAccount,
            amount,
            currency,
            userId: window.userId,
            reason: "refund",
            ...(auditId === undefined ? {} : { auditId }),
          },
          result: { kind: "refunded", transfer_id: id, amount, left },
        };
      }
    }
  });
}

/** Pays what an escrow holds out to the streamer, as the platform does after a show; false when it cannot. */
export function payOutEscrow(services: Services, escrowId: string, streamerId: string): Promise<boolean> {
  return appendTransfer<boolean>(services, escrowId, (transfers) => {
    const id = resolutionId(escrowId);
    const amount = balanceOf(escrowAccount(escrowId), transfers);
    const currency = transfers[0]?.currency;
    if (currency === undefined || amount <= 0 || resolutionOf(transfers, escrowId) !== undefined) {
      return { result: false };
    }
    return {
      transfer: {
        id,
        debit: escrowAccount(escrowId),
        credit: streamerAccount(streamerId),
        amount,
        currency,
        userId: streamerId,
        reason: "payout",
      },
      result: true,
    };
  });
}
