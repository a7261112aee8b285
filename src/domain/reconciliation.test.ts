import { describe, expect, test } from "vitest";
import { receiverIds } from "#src/contract/receivers.ts";
import { decideMending, isComplete, patience_ms } from "./reconciliation.ts";

const all = new Set(receiverIds);
const none = new Set<never>();
const some = new Set(receiverIds.slice(1));
const missing = receiverIds.slice(0, 1);
const hour_ms = 3_600_000;

describe("nothing is missing", () => {
  test("when every receiver has a run, and a decline its cooldown", () => {
    expect(isComplete({ reason: "declined", hasCooldown: true, reached: all })).toBe(true);
    expect(isComplete({ reason: "declined", hasCooldown: false, reached: all })).toBe(false);
    expect(isComplete({ reason: "declined", hasCooldown: true, reached: some })).toBe(false);
  });

  test.each(["expired", "superseded"] as const)("when a goal that was %s has no cooldown", (reason) => {
    expect(isComplete({ reason, hasCooldown: false, reached: all })).toBe(true);
  });
});

describe("a signal", () => {
  test("that nobody has heard of is sent at once under its own id", () => {
    expect(decideMending(none, { since: 0, sends: 0, now: 0 })).toEqual({ kind: "signal" });
  });

  test("that did not help gets its time, and then a number that is the same within the hour", () => {
    expect(decideMending(none, { since: 0, sends: 1, now: patience_ms - 1 })).toEqual({
      kind: "wait",
      until: patience_ms,
    });
    const at = (now: number) => decideMending(none, { since: 0, sends: 1, now });
    expect(at(hour_ms)).toEqual({ kind: "signal", resend: 1 });
    expect(at(2 * hour_ms - 1)).toEqual(at(hour_ms));
    expect(at(2 * hour_ms)).toEqual({ kind: "signal", resend: 2 });
  });

  test("that some have heard of is sent to the others alone, and not before they have had their time", () => {
    expect(decideMending(some, { since: 0, sends: 0, now: 0 })).toEqual({ kind: "wait", until: patience_ms });
    expect(decideMending(some, { since: 0, sends: 0, now: patience_ms })).toEqual({
      kind: "retry",
      receivers: missing,
      n: 0,
    });
  });

  test("that all have heard of is no matter any more, whenever that is noticed", () => {
    for (const sends of [0, 3]) {
      expect(decideMending(all, { since: 0, sends, now: hour_ms })).toEqual({ kind: "complete" });
    }
  });
});
