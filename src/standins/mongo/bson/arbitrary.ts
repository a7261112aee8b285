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
import type { Doc, Value } from "./value.ts";

/** Whole numbers near the places where types end or lose precision, and near each other. */
const whole = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map(BigInt),
  fc
    .constantFrom(2n ** 31n, -(2n ** 31n), 2n ** 53n, -(2n ** 53n), 2n ** 62n)
    .chain((edge) => fc.integer({ min: -2, max: 2 }).map((near) => edge + BigInt(near))),
);

/** Any number of any type, for property tests. */
export const anyNumber: fc.Arbitrary<Int32 | Double | Long | Decimal128> = fc.oneof(
  fc.integer().map((number) => new Int32(number)),
  fc.double().map((number) => new Double(number)),
  whole.map((number) => new Double(Number(number))),
  whole.map((number) => Long.fromBigInt(number)),
  fc
    .tuple(whole, fc.integer({ min: -3, max: 3 }))
    .map(([digits, power]) => Decimal128.fromString(`${digits}E${power}`)),
  fc.constantFrom("NaN", "Infinity", "-Infinity", "0.1", "0.5").map((text) => Decimal128.fromString(text)),
);

const id = fc.constantFrom("0".repeat(24), "7f".repeat(12), "f".repeat(24)).map((hex) => new ObjectId(hex));

/** Any value that is neither a document nor an array, for property tests. */
export const anyScalar: fc.Arbitrary<Value> = fc.oneof(
  { weight: 6, arbitrary: anyNumber },
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
  { weight: 3, arbitrary: fc.constantFrom("", "a", "b", "\u{1F600}", "\uFFFF") },
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  id,
  fc.uint8Array({ maxLength: 3 }).map((bytes) => new Binary(bytes, 5)),
  fc.constantFrom("a", "b").map((text) => new BSONSymbol(text)),
  fc.constantFrom("a", "b").map((pattern) => new BSONRegExp(pattern, "i")),
  fc.nat(3).map((seconds) => new Timestamp({ t: seconds, i: 1 })),
  fc.constantFrom("f()", "g()").map((text) => new Code(text)),
  fc.constant(new MinKey()),
  fc.constant(new MaxKey()),
);

const key = fc.oneof(
  fc.constantFrom("a", "b", "c", "0", "1"),
  fc.string({ maxLength: 3 }).filter((text) => !text.includes("\0")),
);

const { value, document } = fc.letrec<{ value: Value; document: Doc; list: Value[] }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, depthSize: "small" }, anyScalar, tie("document"), tie("list")),
  document: fc
    .uniqueArray(fc.tuple(key, tie("value")), { maxLength: 4, selector: ([name]) => name })
    .map((fields): Doc => new Map(fields)),
  list: fc.array(tie("value"), { maxLength: 4 }),
}));

/** Any value, for property tests. */
export const anyValue: fc.Arbitrary<Value> = value;

/** Any document, for property tests. */
export const anyDoc: fc.Arbitrary<Doc> = document;
