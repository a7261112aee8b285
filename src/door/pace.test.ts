import { expect, test } from "vitest";
import { openPace } from "./pace.ts";

test("a pace begins at its most, falls by a quarter to a quarter of that, and rises by one", () => {
  const pace = openPace(32);
  const seen = [pace.limit];
  for (let n = 0; n < 8; n++) {
    pace.press();
    seen.push(pace.limit);
  }
  expect(seen).toEqual([32, 24, 18, 13, 9, 8, 8, 8, 8]);
  pace.ease();
  expect(pace.limit).toBe(9);
  for (let n = 0; n < 100; n++) pace.ease();
  expect(pace.limit).toBe(32);
});

test.each([1, 2, 3])("a pace of %i lets somebody in, whatever happens", (most) => {
  const pace = openPace(most);
  for (let n = 0; n < 10; n++) pace.press();
  expect(pace.limit).toBeGreaterThanOrEqual(1);
});
