import { describe, expect, test } from "vitest";
import type { GoalActionKind } from "#src/contract/console.ts";
import { type ActionFacts, type ActionRefusal, decideAction } from "./actions.ts";
import type { GoalFacts } from "./goal.ts";

const now = 1_000;
const pending: GoalFacts = {
  streamerId: "ada",
  viewerId: "vic",
  active: true,
  exp: now + 1,
  agreedAt: null,
  deactivated: null,
};
const declined: GoalFacts = {
  ...pending,
  active: false,
  exp: now - 5,
  deactivated: { at: now - 5, reason: "declined" },
};
const agreed: GoalFacts = { ...pending, active: false, agreedAt: now - 1 };
/** Its money is on the way into escrow. */
const beginning: GoalFacts = { ...pending, active: false };
/** It never came to begin, and its time has run out. */
const stranded: GoalFacts = { ...beginning, exp: now };

const facts = (goal: GoalFacts, over: Partial<ActionFacts> = {}): ActionFacts => ({
  goal,
  heldBack: false,
  resolved: false,
  now,
  ...over,
});

describe("an action by hand", () => {
  test.each<[GoalActionKind, string, ActionFacts]>([
    ["retry", "ended", facts(declined)],
    ["retry", "refunded", facts(declined, { resolved: true })],
    ["resend_signal", "held back", facts(declined, { heldBack: true })],
    ["decline", "pending", facts(pending)],
    ["hold_refund", "ended", facts(declined)],
    ["let_refund_go", "held back", facts(declined, { heldBack: true })],
    ["refund_now", "ended", facts(declined)],
    ["refund_now", "stranded before it began", facts(stranded)],
  ])("%s may be done to a goal that is %s", (kind, _, given) => {
    expect(decideAction(kind, given)).toEqual({ kind: "go" });
  });

  test.each<[GoalActionKind, string, ActionFacts, ActionRefusal]>([
    ["retry", "still active", facts(pending), "goal_still_active"],
    ["retry", "agreed to", facts(agreed), "not_its_business"],
    ["retry", "only beginning", facts(beginning), "not_its_business"],
    ["resend_signal", "still active", facts(pending), "goal_still_active"],
    ["decline", "declined", facts(declined), "goal_not_active"],
    ["decline", "agreed to", facts(agreed), "goal_not_active"],
    ["decline", "past its exp", facts({ ...pending, exp: now }), "goal_not_active"],
    ["decline", "only beginning", facts({ ...beginning, exp: now }), "goal_not_active"],
    ["hold_refund", "still active", facts(pending), "goal_still_active"],
    ["hold_refund", "refunded", facts(declined, { resolved: true }), "already_done"],
    ["hold_refund", "held back", facts(declined, { heldBack: true }), "held_back"],
    ["hold_refund", "only beginning", facts(beginning), "not_refundable"],
    ["let_refund_go", "not held back", facts(declined), "not_held_back"],
    ["refund_now", "still active", facts(pending), "goal_still_active"],
    ["refund_now", "past its exp and still active", facts({ ...pending, exp: 0 }), "goal_still_active"],
    ["refund_now", "agreed to", facts(agreed), "not_refundable"],
    ["refund_now", "only beginning", facts(beginning), "not_refundable"],
    ["refund_now", "held back", facts(declined, { heldBack: true }), "held_back"],
  ])("%s is refused for a goal that is %s", (kind, _, given, why) => {
    expect(decideAction(kind, given)).toEqual({ kind: "refuse", why });
  });
});
