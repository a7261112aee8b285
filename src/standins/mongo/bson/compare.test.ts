import {
  BSONRegExp,
  BSONSymbol,
  Binary,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from "bson";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyNumber, anyValue } from "./arbitrary.ts";
import { compareValues, valuesEqual } from "./compare.ts";
import { valueKey } from "./identity.ts";
import { show, value } from "./shell.ts";
import type { Value } from "./value.ts";

const decimal = (text: string): Decimal128 => Decimal128.fromString(text);
const long = (text: string): Long => Long.fromString(text);

/** Ascending; each comes strictly before the next. */
const ascending: (Value | undefined)[] = [
  new MinKey(),
  undefined,
  null,
  new Double(Number.NaN),
  new Double(-Infinity),
  long("-9223372036854775808"),
  new Int32(-1),
  new Int32(0),
  new Double(Number.MIN_VALUE),
  decimal("0.1"),
  new Double(0.1),
  new Int32(1),
  decimal("9007199254740991.5"),
  new Double(9007199254740992),
  long("9007199254740993"),
  new Double(9007199254740994),
  long("9223372036854775807"),
  new Double(9223372036854775808),
  decimal("1E+400"),
  new Double(Infinity),
  "",
  "A",
  "a",
  "a\u0000",
  "aa",
  "\uFFFF",
  "\u{1F600}",
  value({}),
  value({ a: 1 }),
  value({ a: 1, b: 0 }),
  value({ a: 2 }),
  value({ b: 0 }),
  value({ a: "x" }),
  value([]),
  value([1]),
  value([1, 0]),
  value([2]),
  value(["a"]),
  new Binary(Buffer.from([9]), 0),
  new Binary(Buffer.from([1]), 5),
  new Binary(Buffer.from([0, 0]), 0),
  new ObjectId("0".repeat(24)),
  new ObjectId("f".repeat(24)),
  false,
  true,
  new Date(-1),
  new Date(0),
  new Timestamp({ t: 1, i: 9 }),
  new Timestamp({ t: 4_000_000_000, i: 0 }),
  new BSONRegExp("a"),
  new BSONRegExp("a", "i"),
  new BSONRegExp("b"),
  new Code("f()"),
  new MaxKey(),
];

describe("MongoDB's order over all types", () => {
  test("puts each value where it belongs", () => {
    for (const [index, left] of ascending.entries()) {
      for (const [other, right] of ascending.entries()) {
        expect(`${show(left)} ? ${show(right)}: ${Math.sign(compareValues(left, right))}`).toBe(
          `${show(left)} ? ${show(right)}: ${Math.sign(index - other)}`,
        );
      }
    }
  });

  test("is a total order", () => {
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, (a, b, c) => {
        expect(compareValues(a, a)).toBe(0);
        expect(Math.sign(compareValues(a, b))).toBe(0 - Math.sign(compareValues(b, a)));
        const inOrder = compareValues(a, b) <= 0 && compareValues(b, c) <= 0;
        expect(inOrder && compareValues(a, c) > 0).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test("of numbers is transitive and symmetric across the four types", () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, anyNumber, (a, b, c) => {
        expect(compareValues(a, b) + compareValues(b, a)).toBe(0);
        const inOrder = compareValues(a, b) <= 0 && compareValues(b, c) <= 0;
        expect(inOrder && compareValues(a, c) > 0).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("of strings is that of their UTF-8 bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        expect(Math.sign(compareValues(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});

describe("equal are", () => {
  const cases: [Value, Value][] = [
    [new Int32(1), new Double(1)],
    [new Int32(1), long("1")],
    [new Int32(1), decimal("1.000")],
    [new Double(0.5), decimal("0.5")],
    [new Double(0), new Double(-0)],
    [decimal("-0"), new Int32(0)],
    [new Double(Number.NaN), decimal("NaN")],
    [new Double(Infinity), decimal("Infinity")],
    ["a", new BSONSymbol("a")],
    [value({ a: 1, b: [2] }), value({ a: new Double(1), b: [long("2")] })],
  ];
  test.each(cases.map(([a, b]): [string, string, Value, Value] => [show(a), show(b), a, b]))(
    "%s and %s",
    (_, __, a, b) => {
      expect(valuesEqual(a, b)).toBe(true);
      expect(valueKey(a)).toBe(valueKey(b));
    },
  );
});

describe("not equal are", () => {
  const cases: [Value, Value][] = [
    [value({ a: 1, b: 2 }), value({ b: 2, a: 1 })],
    [new Double(0.1), decimal("0.1")],
    [new Double(9007199254740992), long("9007199254740993")],
    [new Int32(0), false],
    ["1", new Int32(1)],
    [new Date(1), new Timestamp({ t: 0, i: 1 })],
  ];
  test.each(cases.map(([a, b]): [string, string, Value, Value] => [show(a), show(b), a, b]))(
    "%s and %s",
    (_, __, a, b) => {
      expect(valuesEqual(a, b)).toBe(false);
      expect(valueKey(a)).not.toBe(valueKey(b));
    },
  );
});

test("two values have the same key for grouping exactly when they are equal", () => {
  fc.assert(
    fc.property(anyValue, anyValue, (a, b) => {
      expect(valueKey(a) === valueKey(b)).toBe(valuesEqual(a, b));
    }),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(anyNumber, anyNumber, (a, b) => {
      expect(valueKey(a) === valueKey(b)).toBe(valuesEqual(a, b));
    }),
    { numRuns: 2000 },
  );
});
