import { expect, test } from "vitest";
import { createSignalMemory } from "./signals.ts";

const ended = (signal_id: string) => ({ signal_id, goal_id: "1".repeat(24) });

test("a signal that comes on three channels, or is sent again, is heard once", () => {
  const { isRepeat } = createSignalMemory();
  const first = ["a", "b", "a", "a", "b"].map((id) => isRepeat("goal.ended", ended(id)));
  expect(first).toEqual([false, false, true, true, true]);
});

test("other events and messages without an id always count", () => {
  const { isRepeat } = createSignalMemory();
  for (const data of [ended("a"), ended("a")]) expect(isRepeat("pair.updated", data)).toBe(false);
  for (const data of [{}, null, "text", { signal_id: 7 }, {}])
    expect(isRepeat("goal.ended", data)).toBe(false);
});

test("forgets the oldest signals, so that a page left open for weeks does not grow", () => {
  const { isRepeat } = createSignalMemory(2);
  for (const id of ["a", "b", "c"]) isRepeat("goal.ended", ended(id));
  expect(isRepeat("goal.ended", ended("c"))).toBe(true);
  expect(isRepeat("goal.ended", ended("a"))).toBe(false);
});
