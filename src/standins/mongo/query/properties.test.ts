import { BSONRegExp, Double, Int32 } from "bson";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyDoc, anyScalar, anyValue } from "../bson/arbitrary.ts";
import { compareValues } from "../bson/compare.ts";
import { indexValues } from "../bson/paths.ts";
import { doc, show } from "../bson/shell.ts";
import type { Doc, Value } from "../bson/value.ts";
import { analyseFilter, compileFilter } from "./filter.ts";
import { compileSort } from "./sort.ts";

/** Fields with a few values, so that filters find something. */
const smallValue = fc.oneof(
  fc.integer({ min: 0, max: 3 }).map((n): Value => new Int32(n)),
  anyScalar,
  fc.constant<Value>(null),
);
const smallDoc: fc.Arbitrary<Doc> = fc
  .dictionary(
    fc.constantFrom("a", "b"),
    fc.oneof(smallValue, fc.array(smallValue, { maxLength: 3 }), anyDoc, fc.array(anyDoc, { maxLength: 2 })),
  )
  .map((fields) => new Map(Object.entries(fields)));
const path = fc.constantFrom("a", "b", "a.b", "a.0", "a.0.a", "b.a.b");
const operator = fc.constantFrom("$eq", "$gt", "$gte", "$lt", "$lte", "$ne");

describe("always", () => {
  test("the constraints for the planner hold of every document that matches", () => {
    const filters = fc
      .array(fc.tuple(path, operator, fc.oneof(smallValue, anyValue)), { minLength: 1, maxLength: 3 })
      .map(
        (conditions): Doc =>
          new Map([
            [
              "$and",
              conditions.map(([name, op, operand]): Doc => new Map([[name, new Map([[op, operand]])]])),
            ],
          ]),
      );
    fc.assert(
      fc.property(filters, smallDoc, (filter, one) => {
        const usable = !show(filter).includes("/"); // Comparisons refuse regular expressions.
        if (!usable || !compileFilter(filter)(one)) return;
        for (const { path: name, equals, lower, upper } of analyseFilter(filter)) {
          const held = indexValues(one, name).some((value) => {
            if (equals !== undefined) return equals.some((equal) => compareValues(value, equal) === 0);
            const above = lower === undefined ? 1 : compareValues(value, lower.value);
            const below = upper === undefined ? -1 : compareValues(value, upper.value);
            return (
              (above > 0 || (above === 0 && lower?.inclusive === true)) &&
              (below < 0 || (below === 0 && upper?.inclusive === true))
            );
          });
          expect(held).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("$ne, $nin and $not match exactly what $eq, $in and the condition do not", () => {
    fc.assert(
      fc.property(path, anyScalar, smallDoc, (name, operand, one) => {
        if (operand instanceof BSONRegExp) return;
        const matches = (condition: Doc): boolean => compileFilter(new Map([[name, condition]]))(one);
        const equal = matches(new Map([["$eq", operand]]));
        expect(matches(new Map([["$ne", operand]]))).toBe(!equal);
        expect(matches(new Map([["$in", [operand]]]))).toBe(equal);
        expect(matches(new Map([["$nin", [operand]]]))).toBe(!equal);
        expect(matches(new Map([["$not", new Map([["$eq", operand]])]]))).toBe(!equal);
      }),
      { numRuns: 1000 },
    );
  });

  test("comparisons agree with the order in which a sort puts values of one type", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ noNaN: true }), (left, right) => {
        const [a, b] = [doc({ a: new Int32(left) }), doc({ a: new Double(right) })];
        const order = compileSort(doc({ a: 1 }))(a, b);
        const less = compileFilter(new Map([["a", new Map([["$lt", new Double(right)]])]]))(a);
        expect(less).toBe(order < 0);
      }),
    );
  });
});
