import { expect, test } from "vitest";
import { formatAge } from "./age-words.ts";

test("an age is told by its largest unit, and never rounded up", () => {
  const minute_ms = 60_000;
  expect(formatAge("en", 300)).toBe("now");
  expect(formatAge("en", 59_999)).toBe("59 sec. ago");
  expect(formatAge("en", 5.9 * minute_ms)).toBe("5 min. ago");
  expect(formatAge("en", 60 * minute_ms)).toBe("1 hr. ago");
  expect(formatAge("en", 47 * 60 * minute_ms)).toBe("yesterday");
  expect(formatAge("en", -3 * 60 * minute_ms)).toBe("in 3 hr.");
  expect(formatAge("zh-Hant", 5 * minute_ms)).toBe("5 分鐘前");
});
