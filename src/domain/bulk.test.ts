import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BulkWhat, goalOutcomes } from "#src/contract/console.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import {
  bulkEventId,
  bulkEventPrefix,
  extentOf,
  narrowed,
  needsApproval,
  receiversToRun,
  type Selectable,
} from "./bulk.ts";

const declined: Selectable = { outcome: "declined", signalled: true, trouble: [] };
const failed = { kind: "failed" } as const;
const push = (only_failed: boolean) =>
  ({ kind: "receiver", receiver: "notify_goal_ended", only_failed }) as const;

const trouble = fc.subarray([
  ...receiverIds.map((receiver) => `any:${receiver}`),
  ...receiverIds.map((receiver) => `late:${receiver}`),
]);
const goals = fc.record({
  outcome: fc.constantFrom(null, ...goalOutcomes),
  signalled: fc.boolean(),
  trouble,
});
const whats = fc.oneof(
  fc.constant<BulkWhat>(failed),
  fc.record<BulkWhat & { kind: "receiver" }>({
    kind: fc.constant("receiver"),
    receiver: fc.constantFrom(...receiverIds),
    only_failed: fc.boolean(),
  }),
);

describe("what runs again", () => {
  test("is nothing of a goal that goes on, was agreed to, or was never signalled", () => {
    fc.assert(
      fc.property(goals, whats, (goal, what) => {
        if (goal.outcome !== null && goal.outcome !== "agreed" && goal.signalled) return;
        expect(receiversToRun(goal, what)).toEqual([]);
      }),
    );
  });

  test("is whatever failed or is late, in the specification's order", () => {
    const goal = { ...declined, trouble: ["any", "any:notify_goal_ended", "any:track_goals", "failed"] };
    expect(receiversToRun(goal, failed)).toEqual(["track_goals", "notify_goal_ended"]);
    expect(receiversToRun(declined, failed)).toEqual([]);
  });

  test("is the receiver that was named: everywhere, or only where it is in trouble", () => {
    expect(receiversToRun(declined, push(false))).toEqual(["notify_goal_ended"]);
    expect(receiversToRun(declined, push(true))).toEqual([]);
    const late = { ...declined, trouble: ["any:notify_goal_ended"] };
    expect(receiversToRun(late, push(true))).toEqual(["notify_goal_ended"]);
  });
});

describe("the filter that is looked through", () => {
  test("asks for trouble where only trouble runs again", () => {
    expect(narrowed({ outcome: "declined" }, failed)).toEqual({ outcome: "declined", trouble: "any" });
    expect(narrowed({}, push(true))).toEqual({ trouble: "any", receiver: "notify_goal_ended" });
  });

  test("keeps what was asked for of trouble, and of the state", () => {
    const filter = { trouble: "late", receiver: "track_goals" } as const;
    expect(narrowed(filter, push(true))).toEqual(filter);
    expect(narrowed({ receiver: "track_goals" }, failed)).toEqual({ receiver: "track_goals" });
    expect(narrowed({ state: "pending" }, push(false))).toEqual({ state: "pending" });
    expect(narrowed({}, push(false))).toEqual({ state: "ended" });
  });
});

describe("a second admin", () => {
  const extent = (goalCount: number, ...amounts: [string, number][]) =>
    extentOf([
      ...Array.from({ length: goalCount }, () => ({
        receivers: ["track_goals" as const],
        currency: "USD",
        amount: 0,
      })),
      ...amounts.map(([currency, amount]) => ({ receivers: [], currency, amount })),
    ]);
  const limits = { goals: 50, amount: 100_000 };

  test("must agree to more goals than the limit, and not to as many", () => {
    expect(needsApproval(extent(50), limits)).toBe(false);
    expect(needsApproval(extent(51), limits)).toBe(true);
  });

  test("must agree to more money of any one currency than the limit, and not to as much", () => {
    expect(needsApproval(extent(0, ["USD", 60_000], ["USD", 40_000]), limits)).toBe(false);
    expect(needsApproval(extent(0, ["USD", 60_000], ["TWD", 60_000]), limits)).toBe(false);
    expect(needsApproval(extent(0, ["USD", 60_000], ["USD", 40_001]), limits)).toBe(true);
    expect(needsApproval(extent(0, ["USD", 1], ["TWD", 100_001]), limits)).toBe(true);
  });
});

test("the events of one action are those, and only those, whose ids begin alike", () => {
  const hex = fc.stringMatching(/^[0-9a-f]{24}$/);
  fc.assert(
    fc.property(hex, hex, hex, fc.constantFrom(...receiverIds), (bulk, other, goal, receiver) => {
      expect(bulkEventId(bulk, goal, receiver).startsWith(bulkEventPrefix(bulk))).toBe(true);
      expect(bulkEventId(other, goal, receiver).startsWith(bulkEventPrefix(bulk))).toBe(other === bulk);
    }),
  );
});
