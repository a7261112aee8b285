import { expect, test } from "vitest";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { changesBetween, nextFocus } from "./changes.ts";

const goals = (...ids: string[]): GoalView[] =>
  ids.map((goal_id) => ({
    goal_id,
    session_id: "s",
    streamer: { id: "1", name: "Ada" },
    viewer: { id: goal_id, name: goal_id },
    state: "pending",
    created: "2026-01-01T00:00:00.000Z",
    exp: "2026-02-01T00:00:00.000Z",
    ended: null,
    cooldown_until: null,
    prepaid_duration_s: 600,
    amount: 1_200,
    currency: "USD",
    refund: "held",
    refund_due: null,
    resolved: null,
  }));
const ids = (views: readonly GoalView[]) => views.map(({ goal_id }) => goal_id);

test("tells who has come and who has gone", () => {
  const { arrived, left } = changesBetween(goals("a", "b", "c"), goals("d", "b"));
  expect([ids(arrived), ids(left)]).toEqual([["d"], ["a", "c"]]);
});

test("the keyboard goes on from the card that took the place of the one that left", () => {
  expect(nextFocus(goals("a", "b", "c"), goals("a", "c"), "b")).toBe("c");
  expect(nextFocus(goals("a", "b", "c"), goals("a", "b"), "c")).toBe("b");
  expect(nextFocus(goals("a", "b", "c"), goals("d"), "b")).toBe(null);
});

test("the keyboard stays where it is while its card is there", () => {
  expect(nextFocus(goals("a", "b"), goals("b", "a"), "a")).toBe(null);
  expect(nextFocus(goals("a"), goals("a"), "unknown")).toBe(null);
});
