import type { GoalActionKind } from "#src/contract/console.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import { type GoalFacts, goalState } from "./goal.ts";

/** What a decision about an action by hand needs to know. `now` is milliseconds since the epoch. */
export interface ActionFacts {
  readonly goal: GoalFacts;
  /** Whether an admin holds the refund back. */
  readonly heldBack: boolean;
  /** Whether the escrow is resolved: refunded or paid out. */
  readonly resolved: boolean;
  readonly now: number;
}

/** Why an action on a goal is not to be had. */
export type ActionRefusal =
  | "goal_still_active"
  | "goal_not_active"
  | "not_its_business"
  | "not_refundable"
  | "already_done"
  | "held_back"
  | "not_held_back";

export type ActionDecision =
  | { readonly kind: "go" }
  | { readonly kind: "refuse"; readonly why: ActionRefusal };

const go = { kind: "go" } as const;
const refuse = (why: ActionRefusal) => ({ kind: "refuse", why }) as const;

/** May this be done to the goal by hand, as things stand? Who may do it is decided elsewhere. */
export function decideAction(kind: GoalActionKind, facts: ActionFacts): ActionDecision {
  const { goal, heldBack, resolved, now } = facts;
  switch (kind) {
    case "retry":
    case "resend_signal":
      if (goal.active) return refuse("goal_still_active");
      // Without an end by `deactivate_goal` there never was a signal: it was agreed to, or has not begun.
      return goal.agreedAt === null && goal.deactivated !== null ? go : refuse("not_its_business");
    case "decline":
      return goalState(goal, now) === "pending" ? go : refuse("goal_not_active");
    case "hold_refund":
      if (resolved) return refuse("already_done");
      if (heldBack) return refuse("held_back");
      return refundableByHand(goal, now);
    case "let_refund_go":
      return heldBack ? go : refuse("not_held_back");
    case "refund_now":
      if (heldBack) return refuse("held_back");
      return refundableByHand(goal, now);
  }
}

/**
 * A goal that is neither active nor ended is still being made: its money is on the way into escrow, and goes back by
 * hand only when its time has run out before it began.
 */
function refundableByHand(goal: GoalFacts, now: number): ActionDecision {
  if (goal.active) return refuse("goal_still_active");
  if (goal.agreedAt !== null) return refuse("not_refundable");
  return goal.deactivated !== null || goal.exp <= now ? go : refuse("not_refundable");
}

/** The id of the event by which one receiver runs again: one per entry of the audit log, however often it is sent. */
export const retryEventId = (goalId: string, receiver: ReceiverId, auditId: string) =>
  `goal.ended.retry:${goalId}:${receiver}:${auditId}`;

/** The id of the event by which a goal is declined on behalf of its streamer. */
export const byHandEventId = (auditId: string) => `by-hand:${auditId}`;
