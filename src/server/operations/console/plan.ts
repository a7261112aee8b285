import type { AuditAction, GoalActionKind } from "#src/contract/console.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { ProblemError } from "#src/contract/problems.ts";
import { type ActionFacts, decideAction } from "#src/domain/actions.ts";
import { resolutionOf } from "#src/domain/ledger.ts";
import type { GoalDocument } from "../../data/documents.ts";
import { goalFacts } from "../../data/goals.ts";
import { transfersOf } from "../../data/ledger.ts";
import { findRefundHold } from "../../data/refund-holds.ts";
import type { Services } from "../../services.ts";

/** What an action on a goal answers: the events it sent, by id; and for a refund by hand, what moved. */
export interface ActionResult {
  readonly event_ids: readonly string[];
  readonly moved: { readonly amount: number; readonly currency: string } | null;
}

/** What became of an action: what the caller is answered, and what its entry says of the state since. */
export interface Effect {
  readonly result: ActionResult;
  readonly after: unknown;
}

/** How one action on a goal is done: what its entry says, and the act itself, which may be repeated under its entry. */
export interface Plan {
  readonly action: AuditAction;
  readonly input: unknown;
  readonly before: unknown;
  readonly act: (auditId: string, before: unknown) => Promise<Effect>;
}

/** What decisions about an action by hand need to know of this goal, now. */
export async function actionFacts(
  { db, clock }: Pick<Services, "db" | "clock">,
  goal: GoalDocument,
): Promise<ActionFacts> {
  const goalId = goal._id.toHexString();
  const [transfers, hold] = await Promise.all([
    transfersOf(db, escrowIdOf(goalId)),
    findRefundHold(db, goalId),
  ]);
  return {
    goal: goalFacts(goal),
    heldBack: hold !== null,
    resolved: resolutionOf(transfers, escrowIdOf(goalId)) !== undefined,
    now: clock().getTime(),
  };
}

/** Throws `action_refused` unless this may be done to the goal, as things stand. */
export async function refuseUnlessAllowed(
  services: Services,
  goal: GoalDocument,
  kind: GoalActionKind,
): Promise<void> {
  const decision = decideAction(kind, await actionFacts(services, goal));
  if (decision.kind === "refuse") throw new ProblemError("action_refused");
}
