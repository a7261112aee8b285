import { describe, expect, test } from "vitest";
import { axisTicks, mostOf, totalOf } from "./measures.ts";

const point = (at: string, declined: number) => ({ at, invited: 0, declined, refunded: 0, failed: 0 });

describe("a chart's axis", () => {
  test.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [4, [0, 1, 2, 3, 4]],
    [5, [0, 2, 4, 6]],
    [9, [0, 5, 10]],
    [40, [0, 10, 20, 30, 40]],
    [41, [0, 20, 40, 60]],
    [1_234, [0, 500, 1_000, 1_500]],
  ])("up to %d is marked in whole, even steps", (highest, ticks) => {
    expect(axisTicks(highest)).toEqual(ticks);
  });

  test("has five marks at most, and room for the highest, whatever that is", () => {
    for (let highest = 0; highest < 5_000; highest += 1) {
      const ticks = axisTicks(highest);
      expect(ticks.length).toBeLessThanOrEqual(5);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest);
      expect(ticks.every((tick) => Number.isInteger(tick))).toBe(true);
    }
  });
});

test("the most is the first stretch with the most, and none where there is nothing", () => {
  const points = [point("a", 1), point("b", 3), point("c", 3)];
  expect(mostOf(points, "declined")?.at).toBe("b");
  expect(mostOf(points, "failed")).toBeNull();
  expect(totalOf(points, "declined")).toBe(7);
});
