import { ObjectId } from "mongodb";
import { escrowIdOf } from "#src/contract/ids.ts";
import { ProblemError } from "#src/contract/problems.ts";
import type { Caller } from "#src/contract/roles.ts";
import { resolutionOf, type Transfer } from "#src/domain/ledger.ts";
import { completeEntry } from "../../data/audit-log.ts";
import type { GoalDocument, RefundHoldDocument } from "../../data/documents.ts";
import { findGoal } from "../../data/goals.ts";
import { transfersOf } from "../../data/ledger.ts";
import { findRefundHold, insertRefundHold, removeRefundHold } from "../../data/refund-holds.ts";
import type { Services } from "../../services.ts";
import { signalOfEndedGoal } from "../end-goal.ts";
import { refundEscrow } from "../escrow.ts";
import { refundByHand } from "../note-refund.ts";
import { sendRetries } from "./act-signals.ts";
import { type Effect, type Plan, refuseUnlessAllowed } from "./plan.ts";

const refundReceiver = "trigger_exclusive_goal_escrow_refund";

async function resolution({ db }: Services, goalId: string): Promise<Transfer | undefined> {
  const escrowId = escrowIdOf(goalId);
  return resolutionOf(await transfersOf(db, escrowId), escrowId);
}

const nothingMoved = { event_ids: [], moved: null } as const;

/** What became of holding a refund back. */
export const heldEffect = (hold: RefundHoldDocument): Effect => ({
  result: nothingMoved,
  after: { held_back: { since: hold.at } },
});

/**
 * Holds a refund back that has not gone through. After the hold is written the ledger is read again: a refund that was
 * under way and has gone through takes the hold back, and the admin is told. For what that leaves open see
 * `refundEscrow`.
 */
export async function holdRefundPlan(
  services: Services,
  caller: Caller,
  goal: GoalDocument,
  reason: string,
): Promise<Plan> {
  const { db, clock } = services;
  const goalId = goal._id.toHexString();
  return {
    action: "refund.hold",
    input: null,
    before: { held_back: await heldBackBy(services, goalId) },
    act: async (auditId) => {
      const audit_id = new ObjectId(auditId);
      const found = await findRefundHold(db, goalId);
      const own = found?.audit_id.equals(audit_id) === true ? found : null;
      const hold = own ?? { _id: goal._id, audit_id, by: new ObjectId(caller.id), reason, at: clock() };
      if (own === null) {
        await refuseUnlessAllowed(services, goal, "hold_refund");
        if (!(await insertRefundHold(db, hold))) throw new ProblemError("action_refused");
      }
      if ((await resolution(services, goalId)) !== undefined) {
        await removeRefundHold(db, goal._id, audit_id);
        throw new ProblemError("action_refused");
      }
      return heldEffect(hold);
    },
  };
}

/** The entry of the audit log under which a refund is held back, as entries keep it; null when it is not. */
async function heldBackBy({ db }: Services, goalId: string): Promise<string | null> {
  return (await findRefundHold(db, goalId))?.audit_id.toHexString() ?? null;
}

/** The hold that an entry found when it began. */
export const holdBefore = (before: unknown): string | null => {
  const hold = (before as { held_back?: unknown } | null)?.held_back;
  return typeof hold === "string" ? hold : null;
};

/**
 * Lets a refund go that was held back: removes the hold that was seen, and only that one, then has the refund's
 * receiver run again. The hold is the one trace that its own entry has, so that entry is completed first. Of whoever
 * dies in between, `finishLetGo` does the rest.
 */
export async function letRefundGoPlan(services: Services, goal: GoalDocument): Promise<Plan> {
  const { db, clock } = services;
  const goalId = goal._id.toHexString();
  return {
    action: "refund.let_go",
    input: null,
    before: { held_back: await heldBackBy(services, goalId) },
    act: async (auditId, before) => {
      const seen = holdBefore(before);
      if (seen === null) throw new ProblemError("action_refused");
      const hold = await findRefundHold(db, goalId);
      if (hold?.audit_id.toHexString() === seen) {
        await completeEntry(db, hold.audit_id, heldEffect(hold), clock());
        await removeRefundHold(db, goal._id, hold.audit_id);
      }
      return await askForRefund(services, goal, auditId);
    },
  };
}

/** Has the refund's receiver run under this entry: by one event, however often it is asked for. */
async function askForRefund(services: Services, goal: GoalDocument, auditId: string): Promise<Effect> {
  if (signalOfEndedGoal(goal) === null) return letGoEffect([]);
  return letGoEffect((await sendRetries(services, goal, [refundReceiver], auditId)).result.event_ids);
}

/**
 * Does the rest of letting a refund go whose hold is gone, and by whose event no receiver has run: has it run, by the
 * very event that the entry's own process would have sent, which starts nothing twice. Null when the money has moved:
 * then there is nothing left. Throws `unavailable` when Inngest has not confirmed.
 */
export async function finishLetGo(
  services: Services,
  goalId: string,
  auditId: string,
): Promise<Effect | null> {
  const goal = await findGoal(services.db, goalId);
  if (goal === null || (await resolution(services, goalId)) !== undefined) return null;
  services.log.warn(
    { goal_id: goalId, audit_id: auditId },
    "a refund that was let go had not been asked for",
  );
  return await askForRefund(services, goal, auditId);
}

/** What became of letting a refund go. */
export const letGoEffect = (event_ids: readonly string[]): Effect => ({
  result: { event_ids, moved: null },
  after: { held_back: null, event_ids },
});

/**
 * Refunds at once, without Inngest: for a refund that is stuck, also one that the session's time leaves out, since
 * this is the look that such a one waits for. Lifts no hold. Money moves at most once, since an escrow has one
 * resolution; nothing moves, and nothing is wrong, when it is resolved already.
 */
export async function refundNowPlan(services: Services, goal: GoalDocument): Promise<Plan> {
  const goalId = goal._id.toHexString();
  const streamerId = goal.metadata.user_id.toHexString();
  const resolved = await resolution(services, goalId);
  return {
    action: "refund.now",
    input: null,
    before: { resolved: resolved === undefined ? null : resolvedView(resolved) },
    act: async (auditId) => {
      let made = await resolution(services, goalId);
      if (made === undefined) {
        await refuseUnlessAllowed(services, goal, "refund_now");
        const window = { userId: streamerId, nbf: 0, exp: null };
        await refundByHand(services, goal, auditId, () =>
          refundEscrow(services, escrowIdOf(goalId), window, auditId),
        );
        made = await resolution(services, goalId);
      }
      // Nothing is there, several people's money is there, or it is held back since just now.
      if (made === undefined) throw new ProblemError("action_refused");
      const people = { streamerId, viewerId: goal.conditions.exclusive_to.toHexString() };
      await services.live.hint("refund.updated", people, { goal_id: goalId });
      return refundedEffect(made, auditId);
    },
  };
}

const resolvedView = ({ id, amount, currency, credit }: Transfer) => ({
  transfer_id: id,
  amount,
  currency,
  to: credit,
});

/** What became of a refund by hand: what moved under this entry; nothing, when somebody else moved it. */
export const refundedEffect = (made: Transfer, auditId: string): Effect => ({
  result: {
    event_ids: [],
    moved: made.auditId === auditId ? { amount: made.amount, currency: made.currency } : null,
  },
  after: { resolved: resolvedView(made), by_this: made.auditId === auditId },
});
