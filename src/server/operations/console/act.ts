import { adminsOnly, type AuditAction, type GoalAction } from "#src/contract/console.ts";
import { goalEndedRetry } from "#src/contract/events.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { ProblemError } from "#src/contract/problems.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import type { Caller } from "#src/contract/roles.ts";
import { decideAction, retryEventId } from "#src/domain/actions.ts";
import { resolutionOf } from "#src/domain/ledger.ts";
import type { GoalDocument } from "../../data/documents.ts";
import { findGoal, goalFacts } from "../../data/goals.ts";
import { transfersOf } from "../../data/ledger.ts";
import { runsOfGoal } from "../../data/receiver-runs.ts";
import type { Services } from "../../services.ts";
import { signalOfEndedGoal } from "../end-goal.ts";
import { sendConfirmed } from "../send-confirmed.ts";
import { audited } from "./audit.ts";
import { comingSoon } from "./coming.ts";

/** What came of an action on one goal: the events it sent, by id; and for a refund by hand, what moved. */
export interface Acted {
  readonly audit_id: string;
  readonly event_ids: readonly string[];
  readonly moved: { readonly amount: number; readonly currency: string } | null;
}

type Result = Omit<Acted, "audit_id">;

/** What an action is in the audit log, and how it is done. */
interface Plan {
  readonly action: AuditAction;
  readonly input: unknown;
  readonly before: unknown;
  act(auditId: string, before: unknown): Promise<{ readonly result: Result; readonly after: unknown }>;
}

/**
 * Acts on one goal by hand, audited. Throws `goal_not_found`, `forbidden` (what only admins may do), `action_refused`
 * when the goal's state does not allow it, `unavailable` when it was not confirmed.
 */
export async function actOnGoal(
  services: Services,
  caller: Caller,
  request: { goalId: string; action: GoalAction; reason: string; requestId: string },
): Promise<Acted> {
  const { goalId, action, reason, requestId } = request;
  if (adminsOnly.includes(action.kind) && caller.role !== "admin") throw new ProblemError("forbidden");
  const goal = await findGoal(services.db, goalId);
  if (goal === null) throw new ProblemError("goal_not_found");
  const { act, ...plan } = await planOf(services, goal, action);
  const { audit_id, result } = await audited(
    services,
    { caller, reason, requestId, target: `goal:${goalId}`, ...plan },
    act,
  );
  services.news.tell(goalId);
  return { audit_id, ...result };
}

async function planOf(services: Services, goal: GoalDocument, action: GoalAction): Promise<Plan> {
  switch (action.kind) {
    case "retry":
      return retryPlan(services, goal, [...new Set(action.receivers)]);
    case "resend_signal":
    case "decline":
    case "hold_refund":
    case "let_refund_go":
    case "refund_now":
      return comingSoon(services, goal, action);
  }
}

/** Runs receivers of the goal again, each by an event of its own under the entry's id. */
async function retryPlan(
  services: Services,
  goal: GoalDocument,
  receivers: readonly ReceiverId[],
): Promise<Plan> {
  const goalId = goal._id.toHexString();
  const runs = await runsOfGoal(services.db, goalId);
  const before = Object.fromEntries(
    receivers.map((receiver) => [
      receiver,
      runs.findLast((run) => run.receiver === receiver)?.status ?? null,
    ]),
  );
  return {
    action: "goal.retry",
    input: { receivers },
    before: { receivers: before },
    act: async (auditId) => {
      await refuseUnlessAllowed(services, goal, "retry");
      const signal = signalOfEndedGoal(goal);
      if (signal === null) throw new ProblemError("action_refused");
      const event_ids = receivers.map((receiver) => retryEventId(goalId, receiver, auditId));
      await sendConfirmed(
        services,
        receivers.map((receiver) =>
          goalEndedRetry.create({ ...signal, receiver }, { id: retryEventId(goalId, receiver, auditId) }),
        ),
      );
      return { result: { event_ids, moved: null }, after: { event_ids } };
    },
  };
}

async function refuseUnlessAllowed(services: Services, goal: GoalDocument, kind: GoalAction["kind"]) {
  const escrowId = escrowIdOf(goal._id.toHexString());
  const transfers = await transfersOf(services.db, escrowId);
  const decision = decideAction(kind, {
    goal: goalFacts(goal),
    heldBack: false,
    resolved: resolutionOf(transfers, escrowId) !== undefined,
    now: services.clock().getTime(),
  });
  if (decision.kind === "refuse") throw new ProblemError("action_refused");
}
