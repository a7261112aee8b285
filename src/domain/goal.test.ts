import { describe, expect, test } from "vitest";
import { decideDecline, decideRefundable, type GoalFacts, goalState } from "./goal.ts";

const now = 1_000_000;
const pending: GoalFacts = {
  streamerId: "ada",
  viewerId: "vic",
  active: true,
  exp: now + 1,
  agreedAt: null,
  deactivated: null,
};
const declined: GoalFacts = { ...pending, active: false, deactivated: { at: now - 5, reason: "declined" } };
const agreed: GoalFacts = { ...pending, active: false, agreedAt: now - 5 };

describe("a goal's state", () => {
  test.each<[string, GoalFacts, string]>([
    ["active before its exp", pending, "pending"],
    ["active at its exp", { ...pending, exp: now }, "expired"],
    ["declined", declined, "declined"],
    ["superseded", { ...declined, deactivated: { at: now, reason: "superseded" } }, "superseded"],
    ["agreed to", agreed, "agreed"],
  ])("%s is %s", (_, goal, state) => {
    expect(goalState(goal, now)).toBe(state);
  });
});

describe("a decline", () => {
  test("ends the streamer's own pending goal", () => {
    expect(decideDecline(pending, "ada", now)).toEqual({ kind: "end" });
  });

  test("answers another streamer's goal like one that does not exist", () => {
    expect(decideDecline(pending, "bea", now)).toEqual(decideDecline(null, "bea", now));
    expect(decideDecline(declined, "bea", now)).toEqual({ kind: "refuse", code: "goal_not_found" });
  });

  test("said again is a success that tells when the goal ended", () => {
    expect(decideDecline(declined, "ada", now)).toEqual({ kind: "already-ended", endedAt: now - 5 });
  });

  test.each<[string, GoalFacts]>([
    ["agreed to", agreed],
    ["past its exp", { ...pending, exp: now }],
    ["expired", { ...declined, deactivated: { at: now, reason: "expired" } }],
    ["superseded", { ...declined, deactivated: { at: now, reason: "superseded" } }],
  ])("of a goal %s is refused", (_, goal) => {
    expect(decideDecline(goal, "ada", now)).toEqual({ kind: "refuse", code: "goal_not_active" });
  });
});

describe("a goal is refundable", () => {
  test("when it has ended, was never agreed to, and its escrow holds money", () => {
    expect(decideRefundable(declined, 1, false)).toEqual({ refundable: true });
  });

  test.each<[string, GoalFacts | null, number, boolean, string]>([
    ["there is none", null, 1, false, "goal_not_found"],
    ["it is active", pending, 1, false, "still_active"],
    ["it was agreed to", agreed, 1, false, "agreed_to"],
    ["its escrow is empty", declined, 0, true, "escrow_empty"],
    ["an admin holds it back", declined, 1, true, "held_back"],
  ])("but not when %s", (_, goal, balance, heldBack, reason) => {
    expect(decideRefundable(goal, balance, heldBack)).toEqual({ refundable: false, reason });
  });
});
