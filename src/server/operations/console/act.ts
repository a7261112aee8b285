import { adminsOnly, type GoalAction } from "#src/contract/console.ts";
import { ProblemError } from "#src/contract/problems.ts";
import type { Caller } from "#src/contract/roles.ts";
import type { GoalDocument } from "../../data/documents.ts";
import { findGoal } from "../../data/goals.ts";
import type { Services } from "../../services.ts";
import { holdRefundPlan, letRefundGoPlan, refundNowPlan } from "./act-refund.ts";
import { declinePlan, resendPlan, retryPlan } from "./act-signals.ts";
import { audited } from "./audit.ts";
import type { ActionResult, Plan } from "./plan.ts";

/** What came of an action on one goal. */
export interface Acted extends ActionResult {
  readonly audit_id: string;
}

interface ActRequest {
  readonly goalId: string;
  readonly action: GoalAction;
  readonly reason: string;
  readonly requestId: string;
}

/**
 * Acts on one goal by hand, audited. Throws `goal_not_found`, `forbidden` (what only admins may do), `action_refused`
 * when the goal's state does not allow it, `unavailable` when it was not confirmed.
 */
export async function actOnGoal(services: Services, caller: Caller, request: ActRequest): Promise<Acted> {
  const { goalId, action, reason, requestId } = request;
  if (adminsOnly.includes(action.kind) && caller.role !== "admin") throw new ProblemError("forbidden");
  const goal = await findGoal(services.db, goalId);
  if (goal === null) throw new ProblemError("goal_not_found");
  const { act, ...plan } = await planOf(services, caller, goal, request);
  const intention = { caller, reason, requestId, target: `goal:${goalId}`, ...plan };
  try {
    const { audit_id, result } = await audited(services, intention, act);
    return { audit_id, ...result };
  } finally {
    // Also when it was not confirmed: it may have been done.
    services.news.tell(goalId);
  }
}

function planOf(
  services: Services,
  caller: Caller,
  goal: GoalDocument,
  { action, reason }: ActRequest,
): Promise<Plan> | Plan {
  switch (action.kind) {
    case "retry":
      return retryPlan(services, goal, [...new Set(action.receivers)]);
    case "resend_signal":
      return resendPlan(services, goal);
    case "decline":
      return declinePlan(services, caller, goal);
    case "hold_refund":
      return holdRefundPlan(services, caller, goal, reason);
    case "let_refund_go":
      return letRefundGoPlan(services, goal);
    case "refund_now":
      return refundNowPlan(services, goal);
  }
}
