import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layOutTime, placeOf, ticksOf } from "./time-scale.ts";

const day = 86_400_000;
/** A decline of 300 ms, whose refund slept for three days, and a receiver that was run again a week later. */
const decline = [0, 12, 40, 45, 80, 300, 3 * day, 3 * day + 40, 10 * day, 10 * day + 25];

describe("a time axis", () => {
  test("gives the third of a second that a decline takes its room beside a sleep of days", () => {
    const stretches = layOutTime(decline, true);
    expect(stretches.map(({ folded }) => folded)).toEqual([false, true, false, true, false]);
    const [first] = stretches;
    expect(first?.width).toBeGreaterThan(0.4);
    expect(placeOf(stretches, 300) - placeOf(stretches, 0)).toBeCloseTo(first?.width ?? 0);
  });

  test("is to scale where nothing is folded", () => {
    const stretches = layOutTime(decline, false);
    expect(stretches).toHaveLength(1);
    expect(placeOf(stretches, 5 * day)).toBeCloseTo(0.5, 3);
  });

  test("folds nothing of a few seconds", () => {
    expect(layOutTime([0, 10, 400, 1_900], true)).toHaveLength(1);
  });

  test("has a place for the only moment there is, and none for none", () => {
    expect(placeOf(layOutTime([5], true), 5)).toBe(0);
    expect(layOutTime([], true)).toEqual([]);
  });

  const moments = fc.array(fc.integer({ min: 0, max: 400 * day }), { minLength: 2, maxLength: 30 });

  test("keeps the order of time, fills its width, and leaves no gap", () => {
    fc.assert(
      fc.property(moments, fc.boolean(), (given, fold) => {
        const stretches = layOutTime(given, fold);
        let left = 0;
        for (const stretch of stretches) {
          expect(stretch.left).toBeCloseTo(left);
          expect(stretch.width).toBeGreaterThan(0);
          left += stretch.width;
        }
        expect(left).toBeCloseTo(1);
        const places = given.toSorted((a, b) => a - b).map((at) => placeOf(stretches, at));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
    );
  });

  test("labels round times within itself, few enough to be read", () => {
    fc.assert(
      fc.property(moments, (given) => {
        const stretches = layOutTime(given, true);
        const ticks = ticksOf(stretches, 6);
        const open = stretches.filter(({ folded }) => !folded).length;
        expect(ticks.length).toBeLessThanOrEqual(6 + open);
        for (const { place } of ticks) {
          expect(place).toBeGreaterThanOrEqual(0);
          expect(place).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
