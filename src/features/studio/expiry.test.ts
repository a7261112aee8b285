import { expect, test } from "vitest";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { linger_ms, shownInvitations, timesUp } from "./expiry.ts";

const goal = (goal_id: string, exp_ms: number): GoalView => ({
  goal_id,
  session_id: "s",
  streamer: { id: "1", name: "Ada" },
  viewer: { id: goal_id, name: goal_id },
  state: "pending",
  created: new Date(0).toISOString(),
  exp: new Date(exp_ms).toISOString(),
  ended: null,
  cooldown_until: null,
  prepaid_duration_s: 600,
  amount: 1_200,
  currency: "USD",
  refund: "held",
  refund_due: null,
  resolved: null,
});
const ids = (views: readonly GoalView[]) => views.map(({ goal_id }) => goal_id);

test("a card whose time ran out stays a while after the reading has dropped it; others go with the reading", () => {
  const before = [goal("b", 10_000), goal("a", 90_000)];
  expect(ids(shownInvitations(before, [], 10_000))).toEqual(["b"]);
  expect(ids(shownInvitations(before, [], 10_000 + linger_ms))).toEqual([]);
  expect(ids(shownInvitations(before, [goal("c", 99_000)], 12_000))).toEqual(["c", "b"]);
});

test("a reading in which nothing ran out is shown as it is", () => {
  const reading = [goal("a", 90_000)];
  expect(shownInvitations([goal("b", 80_000)], reading, 1_000)).toBe(reading);
});

test("a minute before the end is short, and the end is the end", () => {
  const { expired, short } = timesUp([goal("a", 1_000), goal("b", 61_000), goal("c", 61_001)], 1_000);
  expect([[...expired], [...short]]).toEqual([["a"], ["b"]]);
});
