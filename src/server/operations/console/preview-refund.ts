import type { GoalEnded } from "#src/contract/events.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { decideRefundable } from "#src/domain/goal.ts";
import {
  balanceOf,
  decideRefund,
  escrowAccount,
  refundDueAt,
  type RefundWindow,
  resolutionOf,
  type Transfer,
} from "#src/domain/ledger.ts";
import type { GoalDocument } from "../../data/documents.ts";
import { goalFacts } from "../../data/goals.ts";
import { transfersOf } from "../../data/ledger.ts";
import { findRefundHold } from "../../data/refund-holds.ts";
import { findSession } from "../../data/sessions.ts";
import type { Services } from "../../services.ts";
import { refundWindowOf } from "../escrow.ts";
import { hints, type PreviewLine, type PreviewPart, type Unchanged } from "./preview-lines.ts";

const receiver = "trigger_exclusive_goal_escrow_refund";
type Lines = Pick<PreviewPart, "changes" | "unchanged">;

const moves = (transfer: Pick<Transfer, "amount" | "currency">, from: string, to: string): PreviewLine => ({
  kind: "money",
  from,
  to,
  amount: transfer.amount,
  currency: transfer.currency,
});
const unmoved = (note: Unchanged["note"], line: PreviewLine | null = null): Lines => ({
  changes: [],
  unchanged: [{ line, note }],
});

/** The money that stays in the escrow because the window leaves it out. */
function leftBehind(transfers: readonly Transfer[], escrow: string, left: number): Unchanged[] {
  const hold = transfers.find(({ credit }) => credit === escrow);
  return left > 0 && hold !== undefined
    ? [{ line: moves({ ...hold, amount: left }, escrow, hold.debit), note: "outside_window" }]
    : [];
}

/** What a refund within this window would move now: by the same decisions as the refund itself. */
export function moneyLines(
  goal: GoalDocument,
  transfers: readonly Transfer[],
  window: RefundWindow | null,
  heldBack: boolean,
): Lines {
  const escrowId = escrowIdOf(goal._id.toHexString());
  const escrow = escrowAccount(escrowId);
  const balance = balanceOf(escrow, transfers);
  const resolution = resolutionOf(transfers, escrowId);
  if (resolution !== undefined) {
    const done = unmoved("already_done", moves(resolution, resolution.debit, resolution.credit));
    return { ...done, unchanged: [...done.unchanged, ...leftBehind(transfers, escrow, balance)] };
  }
  const check = decideRefundable(goalFacts(goal), balance, heldBack);
  if (!check.refundable && check.reason === "held_back") {
    const { changes } = moneyLines(goal, transfers, window, false);
    if (changes.length === 0) return unmoved("held_back");
    return { changes: [], unchanged: changes.map((line) => ({ line, note: "held_back" })) };
  }
  if (!check.refundable) return unmoved("not_refundable");
  if (window === null) return unmoved("session_gone");
  const refund = decideRefund(transfers, escrowId, window);
  switch (refund.kind) {
    case "mixed-holds":
      return unmoved("mixed_holds");
    case "refund":
      return {
        changes: [moves(refund, escrow, refund.viewerAccount)],
        unchanged: leftBehind(transfers, escrow, refund.left),
      };
    case "already-resolved":
    case "nothing-to-refund":
      return { changes: [], unchanged: leftBehind(transfers, escrow, refund.left) };
  }
}

/** What the refund's receiver would do with this signal. `released`: as if no hold kept it back. */
export async function refundPart(
  { db, clock, settings }: Services,
  goal: GoalDocument,
  signal: GoalEnded,
  released = false,
): Promise<PreviewPart> {
  const goalId = goal._id.toHexString();
  const [transfers, session, hold] = await Promise.all([
    transfersOf(db, escrowIdOf(goalId)),
    findSession(db, signal.conditions.session_id),
    findRefundHold(db, goalId),
  ]);
  const window = session && refundWindowOf(session);
  const money = moneyLines(goal, transfers, window, hold !== null && !released);
  const due = refundDueAt(Date.parse(signal.exp), settings.REFUND_DELAY_SECONDS);
  const sleeps = due > clock().getTime();
  const told = hints("refund.updated", {
    streamerId: signal.metadata.user_id,
    viewerId: signal.conditions.exclusive_to,
  });
  return {
    receiver,
    changes: [
      ...money.changes,
      ...(sleeps ? [{ kind: "wait" as const, until: new Date(due).toISOString() }] : []),
      ...told,
    ],
    unchanged: [...money.unchanged, ...(sleeps ? [{ line: null, note: "sleeps_first" as const }] : [])],
  };
}
