import { expect, test } from "vitest";
import { effectIds } from "#src/contract/console.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import type { EffectView } from "#src/server/operations/console/goal-list.ts";
import { failedReceivers, lookOf, receiverOf } from "./cell.ts";

const effect = (parts: Partial<EffectView>): EffectView => ({
  effect: "track_goals",
  status: "done",
  late: false,
  runs: 1,
  attempt: 0,
  started: null,
  finished: null,
  reason: null,
  error: null,
  ...parts,
});

test("a cell shows the worst that can be said of its effect", () => {
  expect(lookOf(effect({ status: "failed", late: true, runs: 2 }))).toBe("failed");
  expect(lookOf(effect({ status: "none", late: true }))).toBe("late");
  expect(lookOf(effect({ status: "waiting", late: true }))).toBe("late");
  expect(lookOf(effect({}))).toBe("done");
  expect(lookOf(effect({ attempt: 3 }))).toBe("retried");
  expect(lookOf(effect({ runs: 2 }))).toBe("retried");
  expect(lookOf(effect({ status: "returned", runs: 2 }))).toBe("returned");
  expect(lookOf(effect({ status: "running", attempt: 2 }))).toBe("running");
});

test("every effect has a receiver that can be run again", () => {
  for (const id of effectIds) expect(receiverIds).toContain(receiverOf(id));
});

test("the refund is run again once, however many of its columns failed", () => {
  const failed = effectIds.map((id) => effect({ effect: id, status: "failed" }));
  expect(failedReceivers({ effects: failed })).toEqual([...receiverIds]);
  expect(failedReceivers({ effects: [effect({ effect: "escrow_refund", status: "failed" })] })).toEqual([
    "trigger_exclusive_goal_escrow_refund",
  ]);
});
