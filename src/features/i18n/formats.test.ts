import { expect, test } from "vitest";
import {
  formatClock,
  formatMinutes,
  formatMoment,
  formatMoney,
  formatReceiptMoment,
  formatTook,
} from "./formats.ts";

test.each([
  [0, "0:00"],
  [-5_000, "0:00"],
  [1, "0:01"],
  [59_001, "1:00"],
  [599_000, "9:59"],
  [3_600_000, "1:00:00"],
  [90_061_000, "25:01:01"],
])("a clock with %i ms left reads %s", (left, text) => {
  expect(formatClock(left)).toBe(text);
});

test("money is written from minor units by the decimals of its currency", () => {
  expect(formatMoney("en", 1_200, "USD")).toBe("$12.00");
  expect(formatMoney("en", 1_200, "JPY")).toBe("¥1,200");
  expect(formatMoney("zh-Hant", 1_234_567, "TWD")).toBe("$12,345.67");
});

test("durations are written in the reader's language", () => {
  expect(formatMinutes("en", 600)).toBe("10 minutes");
  expect(formatMinutes("en", 90)).toBe("1.5 minutes");
  expect(formatMinutes("zh-Hant", 600)).toBe("10 分鐘");
  expect(formatTook("en", 45)).toBe("45 ms");
  expect(formatTook("en", 1_234)).toBe("1.2 sec");
});

test("a moment is written in the reader's time zone", () => {
  const iso = "2026-11-22T23:30:00.000Z";
  expect(formatMoment("en", iso, "Asia/Taipei")).toMatch(/Nov 23, 2026.*7:30/);
  expect(formatMoment("zh-Hant", iso, "UTC")).toMatch(/2026年11月22日.*11:30/);
});

test("a moment of a receipt names its zone", () => {
  expect(formatReceiptMoment("en", "2026-01-02T03:04:05.000Z", "UTC")).toBe("Jan 2, 2026, 03:04:05 UTC");
  expect(formatReceiptMoment("en", "2026-01-02T03:04:05.000Z", "Asia/Taipei")).toBe(
    "Jan 2, 2026, 11:04:05 GMT+8",
  );
});
