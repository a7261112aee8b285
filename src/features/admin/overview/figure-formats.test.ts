import { expect, test } from "vitest";
import { axisTime, span, stretchTime } from "./figure-formats.ts";

const iso = "2026-11-22T23:30:00.000Z";

test("a chart's times are told in the reader's zone", () => {
  expect(axisTime("en", "hour", iso, "UTC")).toBe("23:30");
  expect(axisTime("en", "day", iso, "Asia/Taipei")).toBe("07:30");
  expect(axisTime("en", "month", iso, "Asia/Taipei")).toBe("11/23");
  expect(stretchTime("en", "day", iso, "Asia/Taipei")).toMatch(/Nov 23, 2026.*7:30/);
  expect(stretchTime("zh-Hant", "month", iso, "UTC")).toMatch(/2026年11月22日/);
});

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1_000, "1 sec"],
  [90_000, "90 sec"],
  [150_000, "2.5 min"],
  [3 * 3_600_000, "3 hr"],
  [3 * 86_400_000, "3 days"],
])("%d ms read as %s", (span_ms, text) => {
  expect(span("en", span_ms)).toBe(text);
});
