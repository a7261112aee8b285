import {
  Binary,
  BSONRegExp,
  BSONSymbol,
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
import { compareValues } from "../bson/compare.ts";
import type { Value } from "../bson/value.ts";
import { encodeKey } from "./keys.ts";

const text = fc.string({ unit: "grapheme", maxLength: 6 }).filter((value) => value.isWellFormed());

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -400, max: 400 }))
  .map(([coefficient, exponent]) => Decimal128.fromString(`${coefficient}E${exponent}`));

/** Numbers close to each other and to the edges of the types, where an inexact encoding would fail. */
const number: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map((value) => new Int32(value)),
  fc.integer().map((value) => new Int32(value)),
  fc.double().map((value) => new Double(value)),
  fc
    .constantFrom(Number.NaN, Infinity, -Infinity, -0, 5e-324, -5e-324, 1.797e308, 2 ** 53, 0.1, -0.1)
    .map((value) => new Double(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }).map((value) => Long.fromBigInt(value)),
  fc.bigInt({ min: -(2n ** 53n) - 3n, max: 3n - 2n ** 53n }).map((value) => Long.fromBigInt(value)),
  decimal,
  fc
    .constantFrom(
      "NaN",
      "Infinity",
      "-Infinity",
      "0",
      "-0E10",
      "1.00",
      "0.1",
      "-0.1",
      "9007199254740993",
      "1E400",
      "-1E400",
      "1E-400",
      "-1E-400",
      "9007199254740993.5",
    )
    .map((value) => Decimal128.fromString(value)),
);

const scalar: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: number },
  text,
  fc.constantFrom("", "a", "a\0", "a\0b", "\u{1f600}", "\uffff", "\0"),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc
    .tuple(fc.uint8Array({ maxLength: 5 }), fc.constantFrom(0, 4, 128))
    .map(([bytes, type]) => new Binary(bytes, type)),
  text.map((value) => new BSONSymbol(value)),
  fc.tuple(fc.nat(), fc.nat()).map(([t, i]) => new Timestamp({ t, i })),
  fc
    .tuple(fc.constantFrom("a", "ab", "b"), fc.constantFrom("", "i", "im"))
    .map(([p, o]) => new BSONRegExp(p, o)),
  text.map((value) => new Code(value, null)),
  fc.constant(new MinKey()),
  fc.constant(new MaxKey()),
);

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom("a", "b", "ab", ""), tie("value")), { maxLength: 3 })
      .map((entries) => new Map<string, Value>(entries)),
  ),
}));

const sign = (order: number): number => Math.sign(order) + 0;
const compareKeys = (left: Uint8Array, right: Uint8Array): number => sign(Buffer.compare(left, right));

describe("an encoded key", () => {
  test("orders numbers of all types as they compare", () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(compareKeys(encodeKey([a], [1]), encodeKey([b], [1]))).toBe(sign(compareValues(a, b)));
      }),
      { numRuns: 2000 },
    );
  });

  test("orders values of all types as they compare, in both directions", () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const order = sign(compareValues(a, b));
        expect(compareKeys(encodeKey([a], [1]), encodeKey([b], [1]))).toBe(order);
        expect(compareKeys(encodeKey([a], [-1]), encodeKey([b], [-1]))).toBe(sign(-order));
      }),
      { numRuns: 2000 },
    );
  });

  test("orders compound keys by the first field that differs", () => {
    fc.assert(
      fc.property(scalar, scalar, scalar, scalar, (a, b, c, d) => {
        const order = compareValues(a, c) || -compareValues(b, d);
        expect(compareKeys(encodeKey([a, b], [1, -1]), encodeKey([c, d], [1, -1]))).toBe(sign(order));
      }),
      { numRuns: 1000 },
    );
  });

  test("of the first fields is a prefix of the whole", () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const prefix = encodeKey([a], [-1, 1]);
        expect(encodeKey([a, b], [-1, 1]).subarray(0, prefix.length)).toEqual(prefix);
      }),
    );
  });

  test("puts a missing value before null", () => {
    expect(compareKeys(encodeKey([undefined], [1]), encodeKey([null], [1]))).toBe(-1);
  });
});
