import { describe, expect, test } from "vitest";
import { lightState } from "./light-state.ts";

const checked = "2026-11-22T10:00:00.000Z";
const at = (minutes: number) => Date.parse(checked) + minutes * 60_000;

describe("the conservation light", () => {
  test("agrees while the last check is at most five minutes old", () => {
    const green = { light: "green", checked, breach_count: 0 } as const;
    expect(lightState(green, at(1))).toEqual({ kind: "agrees" });
    expect(lightState(green, at(5))).toEqual({ kind: "agrees" });
    expect(lightState(green, null)).toEqual({ kind: "agrees" });
  });

  test("says that nobody checks any more rather than that all is well", () => {
    const green = { light: "green", checked, breach_count: 0 } as const;
    expect(lightState(green, at(7.5))).toEqual({ kind: "stale", minutes: 7 });
    expect(lightState({ ...green, light: "unknown" }, at(4))).toEqual({ kind: "stale", minutes: 4 });
  });

  test("stays red until a check says otherwise, however old", () => {
    const red = { light: "red", checked, breach_count: 3 } as const;
    expect(lightState(red, at(1))).toEqual({ kind: "breached", count: 3 });
    expect(lightState(red, at(60))).toEqual({ kind: "breached", count: 3 });
    expect(lightState({ ...red, light: "unknown" }, at(4))).toEqual({ kind: "breached", count: 3 });
  });

  test("is never green before the first check", () => {
    expect(lightState({ light: "unknown", checked: null, breach_count: 0 }, at(0))).toEqual({
      kind: "unchecked",
    });
    expect(lightState(undefined, at(0))).toEqual({ kind: "looking" });
  });
});
