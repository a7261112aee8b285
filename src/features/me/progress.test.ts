import { expect, test } from "vitest";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { newestByStreamer, stepsOf, totalsOf } from "./progress.ts";

const view = (over: Partial<GoalView>): GoalView => ({
  goal_id: "g",
  session_id: "s",
  streamer: { id: "ada", name: "Ada" },
  viewer: { id: "vic", name: "Vic" },
  state: "pending",
  created: "2026-01-01T10:00:00.000Z",
  exp: "2026-01-31T10:00:00.000Z",
  ended: null,
  cooldown_until: null,
  prepaid_duration_s: 600,
  amount: 1_200,
  currency: "USD",
  refund: "held",
  refund_due: null,
  resolved: null,
  ...over,
});
const steps = (over: Partial<GoalView>) =>
  stepsOf(view(over)).map(({ name, standing }) => `${name} ${standing}`);

test("a decline is refunded on the page only when the ledger says so, however late it is", () => {
  const declined = { state: "declined", ended: "2026-01-01T10:05:00.000Z" } as const;
  const due = { ...declined, refund: "due", refund_due: "2020-01-01T00:00:00.000Z" } as const;
  expect(steps(due)).toEqual(["held done", "declined done", "refund_due current"]);
  expect(steps({ ...declined, refund: "refunded", resolved: "2026-01-01T10:05:01.000Z" })).toEqual([
    "held done",
    "declined done",
    "refunded done",
  ]);
});

test("an invitation whose time is over and whose end nobody has written yet is not called refunded", () => {
  expect(steps({ state: "expired", refund: "held" })).toEqual([
    "held done",
    "expired done",
    "refund_due current",
  ]);
});

test("an agreed invitation waits for its payout, and never for a refund", () => {
  expect(steps({ state: "agreed", refund: "held" })).toEqual([
    "held done",
    "agreed done",
    "payout_due current",
  ]);
  expect(steps({ state: "agreed", refund: "paid" }).at(-1)).toBe("paid done");
});

test("an invitation without money in escrow promises none", () => {
  expect(steps({ state: "superseded", refund: "none" })).toEqual(["superseded done"]);
});

test("totals add up what is under way, each currency by itself", () => {
  expect(
    totalsOf([
      view({ refund: "held", amount: 100 }),
      view({ refund: "due", amount: 20 }),
      view({ refund: "held", amount: 5, currency: "TWD" }),
      view({ refund: "refunded", amount: 999 }),
    ]),
  ).toEqual([
    { currency: "USD", held: 100, due: 20 },
    { currency: "TWD", held: 5, due: 0 },
  ]);
});

test("only the newest invitation to a streamer speaks of inviting again", () => {
  const old = view({ goal_id: "old", created: "2025-01-01T00:00:00.000Z" });
  const other = view({ goal_id: "other", streamer: { id: "bea", name: "Bea" } });
  expect([...newestByStreamer([view({ goal_id: "new" }), old, other])].toSorted()).toEqual(["new", "other"]);
});
