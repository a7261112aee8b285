import { expect, test } from "vitest";
import { receiverIds } from "#src/contract/receivers.ts";
import type { TimelineBar } from "./goal-types.ts";
import { failedReceivers, lanesOf } from "./lanes.ts";

const bar = (name: string, start: string, more: Partial<TimelineBar> = {}): TimelineBar => ({
  kind: "receiver",
  name,
  receiver: receiverIds.find((id) => id === name) ?? null,
  status: "done",
  start,
  end: start,
  attempts: 1,
  reason: null,
  error: null,
  event_id: `event:${start}`,
  run_id: null,
  input: null,
  ...more,
});

const names = (lanes: ReturnType<typeof lanesOf>) => lanes.map(({ name }) => name);

test("the lines are the decline's beginnings, then eleven receivers in the specification's order, whoever has run", () => {
  const lanes = lanesOf(
    [
      bar("track_goals", "2026-01-01T00:00:02Z"),
      bar("goal.ended", "2026-01-01T00:00:01Z", { kind: "signal" }),
      bar("deactivate_goal", "2026-01-01T00:00:00Z", { kind: "task" }),
    ],
    true,
  );
  expect(names(lanes)).toEqual(["deactivate_goal", "goal.ended", ...receiverIds]);
  expect(lanes.filter((lane) => lane.bar !== null)).toHaveLength(3);
});

test("a receiver's runs are below one another, the earlier first, each with a key of its own", () => {
  const lanes = lanesOf(
    [
      bar("track_goals", "2026-01-02T00:00:00Z", { kind: "retry" }),
      bar("track_goals", "2026-01-01T00:00:00Z"),
    ],
    true,
  ).filter(({ name }) => name === "track_goals");
  expect(lanes.map(({ again, bar: run }) => [again, run?.start])).toEqual([
    [0, "2026-01-01T00:00:00Z"],
    [1, "2026-01-02T00:00:00Z"],
  ]);
  expect(new Set(lanes.map(({ key }) => key)).size).toBe(2);
});

test("a goal that has not ended has no lines of receivers that never ran", () => {
  expect(lanesOf([], false)).toEqual([]);
});

test("a receiver has failed only if its last run has", () => {
  const failed = { status: "failed" } as const;
  expect(
    failedReceivers([
      bar("track_goals", "2026-01-02T00:00:00Z"),
      bar("track_goals", "2026-01-01T00:00:00Z", failed),
      bar("notify_goal_ended", "2026-01-01T00:00:00Z", failed),
    ]),
  ).toEqual(["notify_goal_ended"]);
});
