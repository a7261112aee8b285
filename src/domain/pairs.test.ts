import { describe, expect, test } from "vitest";
import { decideInvite, type PairFacts, pairState } from "./pairs.ts";

const now = 1_000;
const pending: PairFacts = {
  created: 1,
  goalId: "g",
  agreedAt: null,
  endedAt: null,
  cooldownUntil: null,
  exclusiveGoalId: null,
  exclusiveGoalEndedAt: null,
};

describe("a pair", () => {
  test.each<[string, PairFacts, string, "invite" | "refuse"]>([
    ["unanswered", pending, "pending", "refuse"],
    ["declined, in cooldown", { ...pending, endedAt: 1, cooldownUntil: now + 1 }, "cooldown", "refuse"],
    ["declined, after the cooldown", { ...pending, endedAt: 1, cooldownUntil: now }, "ended", "invite"],
    ["ended without a cooldown", { ...pending, endedAt: 1 }, "ended", "invite"],
    ["agreed to", { ...pending, agreedAt: 1 }, "agreed", "refuse"],
    ["on show", { ...pending, agreedAt: 1, exclusiveGoalId: "s" }, "live", "refuse"],
    [
      "after its show",
      { ...pending, agreedAt: 1, exclusiveGoalId: "s", exclusiveGoalEndedAt: 2 },
      "over",
      "invite",
    ],
  ])("%s is %s, and its viewer may %s", (_, pair, state, decision) => {
    expect(pairState(pair, now)).toBe(state);
    expect(decideInvite(pair, null, now).kind).toBe(decision);
  });

  test("that does not exist may begin", () => {
    expect(decideInvite(null, null, now)).toEqual({ kind: "invite" });
    expect(decideInvite(null, now, now)).toEqual({ kind: "invite" });
  });

  test("that was cleaned away still has the cooldown of its last invitation", () => {
    expect(decideInvite(null, now + 1, now).kind).toBe("refuse");
  });
});
