import { type EffectId, effectIds } from "#src/contract/console.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import type { EffectRecord, GoalSummaryDocument } from "../../data/documents.ts";
import type { GoalView } from "../goal-view.ts";
import type { EffectView } from "./goal-list.ts";

const refundReceiver = "trigger_exclusive_goal_escrow_refund";

/**
 * What became of each effect of a goal, in the specification's order: the eleven receivers by their latest runs, and
 * the two tasks of the refund, which leave no record of their own, by the refund receiver's and the ledger.
 */
export function viewEffects(
  summary: Pick<GoalSummaryDocument, "effects" | "trouble"> | undefined,
  money: Pick<GoalView, "refund" | "resolved">,
): EffectView[] {
  const isLate = (receiver: ReceiverId) => summary?.trouble?.includes(`late:${receiver}`) === true;
  return effectIds.map((effect) => {
    if (effect !== "check_trigger_exclusive_goal_refundable" && effect !== "escrow_refund") {
      return { ...viewRecord(effect, summary?.effects[effect]), late: isLate(effect) };
    }
    const receiver = viewRecord(effect, summary?.effects[refundReceiver]);
    const view = effect === "escrow_refund" ? refundOf(receiver, money) : checkOf(receiver, money);
    const isOver = view.status === "done" || view.status === "returned";
    return { ...view, late: isLate(refundReceiver) && !isOver };
  });
}

const viewRecord = (effect: EffectId, record: EffectRecord | undefined): EffectView => ({
  effect,
  status: record?.status ?? "none",
  late: false,
  runs: record?.runs ?? 0,
  attempt: record?.attempt ?? 0,
  started: record?.started.toISOString() ?? null,
  finished: record?.finished?.toISOString() ?? null,
  reason: record?.reason ?? null,
  error: record?.error ?? null,
});

/** The check has said yes once the refund went on, and no where the receiver returned: its reason is the check's. */
function checkOf(receiver: EffectView, { refund }: Pick<GoalView, "refund">): EffectView {
  const wentOn = receiver.status === "done" || (refund === "refunded" && receiver.status !== "none");
  return wentOn ? { ...receiver, status: "done", reason: null, error: null } : receiver;
}

/** The refund is done when the ledger says so, whoever moved the money; a receiver that moved none says why. */
function refundOf(
  receiver: EffectView,
  { refund, resolved }: Pick<GoalView, "refund" | "resolved">,
): EffectView {
  if (refund === "refunded") {
    return { ...receiver, status: "done", finished: resolved, error: null };
  }
  return receiver.status === "done" ? { ...receiver, status: "returned" } : receiver;
}
