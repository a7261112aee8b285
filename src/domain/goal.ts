import type { EndReason } from "#src/contract/events.ts";

/** What decisions need to know of a goal. Ids are hex; times are milliseconds since the epoch. */
export interface GoalFacts {
  readonly streamerId: string;
  readonly viewerId: string;
  readonly active: boolean;
  readonly exp: number;
  readonly agreedAt: number | null;
  readonly deactivated: { readonly at: number; readonly reason: EndReason } | null;
}

/** How a goal stands, as people see it. */
export type GoalState = "pending" | "agreed" | EndReason;

/**
 * The state of a goal at `now`. One that is still active after its `exp` counts as expired: it may no longer be
 * declined or agreed to, whether or not its end has been written yet.
 */
export function goalState(goal: GoalFacts, now: number): GoalState {
  if (goal.agreedAt !== null) return "agreed";
  if (goal.deactivated !== null) return goal.deactivated.reason;
  return goal.active && goal.exp > now ? "pending" : "expired";
}

export type DeclineDecision =
  | { readonly kind: "end" }
  | { readonly kind: "already-ended"; readonly endedAt: number }
  | { readonly kind: "refuse"; readonly code: "goal_not_found" | "goal_not_active" };

/**
 * May this streamer decline this goal now? Another streamer's goal is answered like one that does not exist, so that
 * nobody learns of it; a goal that was declined already is a success said twice.
 */
export function decideDecline(goal: GoalFacts | null, streamerId: string, now: number): DeclineDecision {
  if (goal === null || goal.streamerId !== streamerId) return { kind: "refuse", code: "goal_not_found" };
  switch (goalState(goal, now)) {
    case "pending":
      return { kind: "end" };
    case "declined":
      return { kind: "already-ended", endedAt: goal.deactivated?.at ?? now };
    case "agreed":
    case "expired":
    case "superseded":
      return { kind: "refuse", code: "goal_not_active" };
  }
}

export type RefundableDecision =
  | { readonly refundable: true }
  | {
      readonly refundable: false;
      readonly reason: "goal_not_found" | "still_active" | "agreed_to" | "escrow_empty" | "held_back";
    };

/**
 * Refundable is a goal that is no longer active, was never agreed to, and whose escrow still holds money
 * (readings, 9); unless an admin holds the refund back. `escrowBalance` is in whole minor units.
 */
export function decideRefundable(
  goal: GoalFacts | null,
  escrowBalance: number,
  heldBack: boolean,
): RefundableDecision {
  if (goal === null) return { refundable: false, reason: "goal_not_found" };
  if (goal.agreedAt !== null) return { refundable: false, reason: "agreed_to" };
  if (goal.active) return { refundable: false, reason: "still_active" };
  if (escrowBalance <= 0) return { refundable: false, reason: "escrow_empty" };
  if (heldBack) return { refundable: false, reason: "held_back" };
  return { refundable: true };
}
