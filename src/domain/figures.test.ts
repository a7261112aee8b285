import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { figureRanges } from "#src/contract/console.ts";
import { type Counts, gapsBetween, intoStretches, kept_ms, percentilesOf, rangeOf } from "./figures.ts";

const times = fc.integer({ min: 10 ** 12, max: 2 * 10 ** 12 });
const counts: fc.Arbitrary<Counts> = fc.record({
  at: times,
  invited: fc.nat(100),
  declined: fc.nat(100),
  refunded: fc.nat(100),
  amounts: fc.array(fc.record({ currency: fc.constantFrom("USD", "TWD"), amount: fc.nat(10_000) }), {
    maxLength: 3,
  }),
});

describe("a range", () => {
  test.each(figureRanges)("of a %s ends now, without gaps, in whole stretches", (range) => {
    fc.assert(
      fc.property(times, (now) => {
        const { starts, step_ms, from, to } = rangeOf(range, now);
        expect(starts[0]).toBe(from);
        expect(to).toBeGreaterThan(now);
        expect(to - step_ms).toBeLessThanOrEqual(now);
        expect(starts).toEqual(starts.map((_, n) => from + n * step_ms));
        expect((starts.at(-1) ?? 0) + step_ms).toBe(to);
        expect(from % step_ms).toBe(0);
      }),
    );
  });
});

describe("counts", () => {
  test("lose nothing when they are put into stretches, however they are cut", () => {
    fc.assert(
      fc.property(fc.array(counts), (all) => {
        const total = (of: (one: Counts) => number, found: Iterable<Counts>) =>
          [...found].reduce((sum, one) => sum + of(one), 0);
        const money = ({ amounts }: Counts) => amounts.reduce((sum, { amount }) => sum + amount, 0);
        const day = 48 * kept_ms;
        const twice = intoStretches(intoStretches(all, kept_ms).values(), day);
        expect(twice).toEqual(intoStretches(all, day));
        for (const of of [({ invited }: Counts) => invited, ({ refunded }: Counts) => refunded, money]) {
          expect(total(of, twice.values())).toBe(total(of, all));
        }
      }),
    );
  });

  test("that are not kept are the gaps: together with what is kept, the whole time once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.array(fc.nat(199)), (length, kept) => {
        const starts = new Set(kept.filter((n) => n < length).map((n) => n * kept_ms));
        const gaps = gapsBetween(starts, { from: 0, to: length * kept_ms }, kept_ms, 12 * kept_ms);
        const open = gaps.flatMap(({ from, to }) =>
          Array.from({ length: (to - from) / kept_ms }, (_, n) => from + n * kept_ms),
        );
        expect([...starts, ...open].toSorted((a, b) => a - b)).toEqual(
          Array.from({ length }, (_, n) => n * kept_ms),
        );
        expect(gaps.every(({ from, to }) => to - from <= 12 * kept_ms)).toBe(true);
      }),
    );
  });
});

test("percentiles are values that were measured, and none where nothing was", () => {
  expect(percentilesOf([])).toEqual({ count: 0, p50: null, p95: null });
  expect(percentilesOf([7])).toEqual({ count: 1, p50: 7, p95: 7 });
  expect(percentilesOf(Array.from({ length: 100 }, (_, n) => 100 - n))).toEqual({
    count: 100,
    p50: 50,
    p95: 95,
  });
});
