import { goalIdOfEscrow } from "#src/contract/ids.ts";
import type { RefundResult } from "#src/contract/tasks.ts";
import { refundDueAt } from "#src/domain/ledger.ts";
import type { GoalDocument } from "../data/documents.ts";
import { findGoal } from "../data/goals.ts";
import { traceIdOf } from "../gateways/traces.ts";
import type { Services } from "../services.ts";

/**
 * Says that a refund has just been written, and measures for how long it had been due. The money has moved: whatever
 * goes wrong from here on costs a figure, and never throws.
 */
export async function noteRefund(
  { db, clock, settings, metrics, log }: Services,
  escrowId: string,
  refund: { readonly transfer_id: string; readonly amount: number },
): Promise<void> {
  try {
    const written = clock().getTime();
    const { transfer_id, amount } = refund;
    log.info({ escrow_id: escrowId, transfer_id, amount }, "a refund is in the ledger");
    const goalId = goalIdOfEscrow(escrowId);
    const goal = goalId === null ? null : await findGoal(db, goalId);
    if (goal === null) return;
    const due = refundDueAt(goal.exp.getTime(), settings.REFUND_DELAY_SECONDS);
    metrics.refundDelay.observe(Math.max(0, written - due) / 1_000);
  } catch (error) {
    log.warn({ err: error, escrow_id: escrowId }, "how late a refund was is not known");
  }
}

/**
 * Refunds by hand, by `refund` under this entry of the audit log: its log and its trace are those of the goal's end,
 * though no function runs. How late such a refund was is no figure of ours: it waited for somebody's decision.
 */
export function refundByHand(
  { scopes, traces, log }: Services,
  goal: GoalDocument,
  auditId: string,
  refund: () => Promise<RefundResult>,
): Promise<RefundResult> {
  const endingId = goal.deactivated?.event_id;
  const about = { goal_id: goal._id.toHexString(), audit_id: auditId };
  const place = endingId === undefined ? {} : { traceId: traceIdOf(endingId) };
  return scopes.run({ fields: { ...about, ...(endingId && { ending_id: endingId }) } }, () =>
    traces.span("refund by hand", { place, attributes: about }, async () => {
      const result = await refund();
      log.info({ kind: result.kind }, "a refund was made by hand");
      return result;
    }),
  );
}
