import { referenceFunction } from "inngest";
import { escrowIdOf } from "#src/contract/ids.ts";
import {
  checkRefundableInput,
  checkRefundableResult,
  escrowRefundInput,
  escrowRefundResult,
  type RefundResult,
} from "#src/contract/tasks.ts";
import { refundDueAt } from "#src/domain/ledger.ts";
import { findSession } from "#src/server/data/sessions.ts";
import { refundWindowOf } from "#src/server/operations/escrow.ts";
import { done, type Outcome, receiver, returned } from "./receiver.ts";

const checkRefundable = referenceFunction({
  functionId: "check_trigger_exclusive_goal_refundable",
  schemas: { data: checkRefundableInput, return: checkRefundableResult },
});
const escrowRefund = referenceFunction({
  functionId: "escrow_refund",
  schemas: { data: escrowRefundInput, return: escrowRefundResult },
});

/**
 * "`trigger_exclusive_goal_escrow_refund`": waits until `exp` plus `REFUND_DELAY_SECONDS`, triggers
 * `check_trigger_exclusive_goal_refundable`, and links `escrow_refund` to it (readings, 9). Money moves at most once,
 * because an escrow has one resolution, not because this runs once. A refund that an admin holds back returns; letting
 * it go runs this again.
 */
export const triggerExclusiveGoalEscrowRefund = receiver(
  "trigger_exclusive_goal_escrow_refund",
  async ({ signal, services, step, effect, waiting, underway }) => {
    const { goal_id } = signal;
    const people = { streamerId: signal.metadata.user_id, viewerId: signal.conditions.exclusive_to };
    const due = await effect("set the refund's time", async () => {
      await services.live.hint("refund.updated", people, { goal_id });
      // Whoever ended the goal set its `exp` to then at the latest: one that lies ahead is of a clock that was put back since.
      const ended = Math.min(Date.parse(signal.exp), services.clock().getTime());
      return new Date(refundDueAt(ended, services.settings.REFUND_DELAY_SECONDS)).toISOString();
    });
    if (Date.parse(due) > services.clock().getTime()) await waiting(`The refund is due at ${due}.`);
    await step.sleepUntil("until the refund is due", due);
    await effect("begin", underway);

    const check = await step.invoke("check", { function: checkRefundable, data: { goal_id } });
    if (!check.refundable) return returned(`Not refundable: ${check.reason}.`);

    const session = await effect("read the session", async () => {
      const found = await findSession(services.db, signal.conditions.session_id);
      if (found === null) throw new Error(`Session ${signal.conditions.session_id} is gone.`);
      const { userId, nbf, exp } = refundWindowOf(found);
      return {
        user_id: userId,
        nbf: new Date(nbf).toISOString(),
        exp: exp === null ? null : new Date(exp).toISOString(),
      };
    });
    const refund = await step.invoke("refund", {
      function: escrowRefund,
      data: { escrow_id: escrowIdOf(goal_id), ...session },
    });
    await effect("tell the pages", () => services.live.hint("refund.updated", people, { goal_id }));

    return outcomeOf(refund);
  },
  { retries: 20 },
);

/** What the refund came to, with a word to moderators where money stays behind in the escrow. */
function outcomeOf(refund: RefundResult): Outcome {
  switch (refund.kind) {
    case "mixed_holds":
      return { status: "done", reason: "A moderator must look: several viewers' holds stay in escrow." };
    case "held_back":
      return returned("Not refundable: held_back.");
    case "refunded":
    case "already_resolved":
    case "nothing_to_refund": {
      const { kind, left } = refund;
      if (left > 0) {
        return {
          status: "done",
          reason: `A moderator must look: ${left} outside the session's time stays in escrow.`,
        };
      }
      return kind === "refunded" ? done : { status: "done", reason: `No money moved: ${kind}.` };
    }
  }
}
