import { expect, test } from "vitest";
import { formatSpan } from "./span.ts";

test.each([
  [0, "0 ms"],
  [999.4, "999 ms"],
  [1_000, "1 sec"],
  [59_990, "59.9 sec"],
  [60_000, "1 min"],
  [3_723_000, "1 hr 2 min"],
  [86_405_000, "1 day"],
  [3 * 86_400_000 + 7_200_000, "3 days 2 hr"],
])("%i ms are written as %s", (length, words) => {
  expect(formatSpan("en", length)).toBe(words);
});

test("a length is written in the page's language", () => {
  expect(formatSpan("zh-Hant", 90_000)).toMatch(/1\s?分鐘.*30\s?秒/);
});
