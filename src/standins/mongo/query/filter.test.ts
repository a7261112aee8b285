import { BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId } from "bson";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyDoc, anyScalar, anyValue } from "../bson/arbitrary.ts";
import { compareValues } from "../bson/compare.ts";
import { indexValues } from "../bson/paths.ts";
import { doc, show } from "../bson/shell.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { analyseFilter, compileFilter } from "./filter.ts";
import { compileSort } from "./sort.ts";

type Plain = Record<string, unknown>;

const id = new ObjectId();

/** A filter, documents that match it, and documents that do not. */
const cases: [Plain, Plain[], Plain[]][] = [
  [{}, [{}, { a: 1 }], []],
  // Equality.
  [
    { a: 1 },
    [{ a: 1 }, { a: new Double(1) }, { a: Long.fromInt(1) }, { a: [2, 1] }],
    [{ a: "1" }, { a: true }, {}],
  ],
  [{ a: Decimal128.fromString("1.0") }, [{ a: 1 }], [{ a: 1.1 }]],
  [{ a: id }, [{ a: id }, { a: [id] }], [{ a: id.toHexString() }]],
  [
    { a: { b: 1, c: 2 } },
    [{ a: { b: 1, c: 2 } }, { a: [{ b: new Double(1), c: 2 }] }],
    [{ a: { c: 2, b: 1 } }, { a: { b: 1 } }],
  ],
  [{ a: {} }, [{ a: {} }], [{ a: { b: 1 } }, {}]],
  [{ a: [1, 2] }, [{ a: [1, 2] }, { a: [[1, 2]] }], [{ a: [2, 1] }, { a: [1, 2, 3] }, { a: 1 }]],
  [{ a: [] }, [{ a: [] }, { a: [[]] }], [{}, { a: null }]],
  [{ a: new Double(Number.NaN) }, [{ a: Number.NaN }, { a: Decimal128.fromString("NaN") }], [{ a: 0 }, {}]],
  [{ a: -0.0 }, [{ a: 0 }], []],
  // Null and missing.
  [{ a: null }, [{ a: null }, {}, { a: [null] }], [{ a: 0 }, { a: "" }, { a: [] }, { a: false }]],
  [{ a: { $ne: null } }, [{ a: 0 }, { a: [] }], [{ a: null }, {}, { a: [1, null] }]],
  [
    { "a.b": null },
    [{}, { a: 1 }, { a: {} }, { a: { b: null } }, { a: [{ b: 1 }, {}] }],
    [{ a: { b: 1 } }, { a: [] }, { a: [1] }],
  ],
  [{ a: { $exists: false } }, [{}], [{ a: null }]],
  [{ a: { $exists: true } }, [{ a: null }, { a: [] }], [{}]],
  [{ a: { $exists: 0 } }, [{}], [{ a: 1 }]],
  [{ "a.b": { $exists: true } }, [{ a: [{}, { b: 1 }] }], [{ a: [{}] }, { a: [] }, { a: 1 }]],
  [{ a: { $gte: null } }, [{ a: null }, {}], [{ a: 1 }]],
  [{ a: { $gt: null } }, [], [{ a: null }, {}, { a: 1 }]],
  // Comparisons stay within a type.
  [
    { a: { $gt: 5 } },
    [{ a: 6 }, { a: 5.5 }, { a: [1, 9] }, { a: Infinity }],
    [{ a: 5 }, { a: "9" }, { a: null }, {}, { a: Number.NaN }],
  ],
  [
    { a: { $lt: 5 } },
    [{ a: 4 }, { a: Long.MIN_VALUE }],
    [{ a: Number.NaN }, { a: null }, { a: "4" }, { a: new Date(0) }],
  ],
  [{ a: { $lte: new Double(Number.NaN) } }, [{ a: Number.NaN }], [{ a: 1 }]],
  [{ a: { $lt: "b" } }, [{ a: "a" }, { a: "B" }], [{ a: 1 }, { a: "b" }]],
  [{ a: { $lt: new Date(5) } }, [{ a: new Date(4) }], [{ a: 4 }, { a: null }, {}]],
  [
    { a: { $gte: { b: 1 } } },
    [{ a: { b: 1 } }, { a: { b: 2 } }, { a: { c: 0 } }],
    [{ a: { b: 0 } }, { a: 5 }],
  ],
  [{ a: { $gt: [1, 2] } }, [{ a: [1, 3] }, { a: [2] }], [{ a: [1, 2] }, { a: 9 }]],
  [{ a: { $gt: new MinKey() } }, [{ a: 1 }, { a: null }, {}], [{ a: new MinKey() }]],
  [{ a: { $lt: new MaxKey() } }, [{ a: "x" }], [{ a: new MaxKey() }]],
  [{ a: { $gt: 1, $lt: 5 } }, [{ a: 3 }, { a: [0, 9] }], [{ a: 0 }, { a: 9 }]],
  [
    { a: { $gt: Long.fromString("9007199254740992") } },
    [{ a: Long.fromString("9007199254740993") }],
    [{ a: 9007199254740992 }],
  ],
  // Lists.
  [{ a: { $in: [1, "x", null] } }, [{ a: 1 }, { a: "x" }, {}, { a: [5, "x"] }], [{ a: 2 }, { a: [] }]],
  [{ a: { $in: [/^b/, 1] } }, [{ a: "bc" }, { a: 1 }, { a: ["x", "by"] }], [{ a: "ab" }]],
  [
    { a: { $in: Array.from({ length: 20 }, (_, n) => n * 2) } },
    [{ a: 38 }, { a: 0 }, { a: [1, 2] }],
    [{ a: 39 }, { a: -2 }],
  ],
  [{ a: { $in: [] } }, [], [{}, { a: 1 }]],
  [{ a: { $in: [[1, 2]] } }, [{ a: [1, 2] }, { a: [[1, 2]] }], [{ a: 1 }]],
  [{ a: { $nin: [1, null] } }, [{ a: 2 }, { a: [] }], [{ a: 1 }, {}, { a: [1, 5] }]],
  [{ a: { $all: [1, 2] } }, [{ a: [2, 3, 1] }], [{ a: [1] }, { a: 1 }]],
  [{ a: { $all: [1] } }, [{ a: 1 }, { a: [1] }], [{ a: [2] }]],
  [{ a: { $all: [[1, 2]] } }, [{ a: [1, 2] }, { a: [[1, 2], 3] }], [{ a: [1, 3] }]],
  [{ a: { $all: [] } }, [], [{ a: [] }, {}]],
  [
    { a: { $all: [{ $elemMatch: { b: 1 } }, { $elemMatch: { b: 2 } }] } },
    [{ a: [{ b: 2 }, { b: 1 }] }],
    [{ a: [{ b: 1 }] }],
  ],
  [{ a: { $size: 2 } }, [{ a: [1, [2]] }], [{ a: [1] }, { a: "ab" }, {}]],
  [{ a: { $size: 0 } }, [{ a: [] }], [{}, { a: [[]] }]],
  // Elements.
  [{ a: { $elemMatch: { $gt: 1, $lt: 5 } } }, [{ a: [9, 3] }], [{ a: [0, 9] }, { a: 3 }]],
  [
    { a: { $elemMatch: { b: 1, c: 2 } } },
    [{ a: [{ b: 1, c: 2 }] }],
    [{ a: [{ b: 1 }, { c: 2 }] }, { a: { b: 1, c: 2 } }],
  ],
  [{ a: { $elemMatch: { $or: [{ b: 1 }, { b: 2 }] } } }, [{ a: [{ b: 2 }] }], [{ a: [{ b: 3 }] }]],
  [{ a: { $elemMatch: { $in: [2] } } }, [{ a: [1, 2] }], [{ a: [[2]] }]],
  [{ a: { $elemMatch: { 0: 7 } } }, [{ a: [[7]] }], [{ a: [7] }]],
  // Paths through documents and arrays.
  [
    { "a.b": 1 },
    [{ a: { b: 1 } }, { a: [{ b: 2 }, { b: 1 }] }, { a: { b: [1] } }],
    [{ a: [[{ b: 1 }]] }, { "a.b": 1 }],
  ],
  [{ "a.0": 1 }, [{ a: [1, 2] }, { a: { 0: 1 } }, { a: [{ 0: 1 }] }], [{ a: [2, 1] }, { a: [[1]] }]],
  [{ "a.0.b": 1 }, [{ a: [{ b: 1 }] }], [{ a: [{ b: 2 }, { b: 1 }] }]],
  [{ "a.0.0": 1 }, [{ a: [[1]] }], [{ a: [1] }]],
  [{ "a.b.c": { $gt: 1 } }, [{ a: [{ b: [{ c: 0 }, { c: 2 }] }] }], [{ a: [{ b: { c: 1 } }] }]],
  [{ "a.b": { $ne: 1 } }, [{ a: [{ b: 2 }] }, {}], [{ a: [{ b: 2 }, { b: 1 }] }]],
  // Negation and logic.
  [{ a: { $not: { $gt: 5 } } }, [{ a: 5 }, {}, { a: "x" }], [{ a: 6 }, { a: [1, 6] }]],
  [{ a: { $not: /^x/ } }, [{ a: "y" }, {}, { a: 1 }], [{ a: "xy" }]],
  [{ a: { $not: { $regex: "^X", $options: "i" } } }, [{ a: "y" }], [{ a: "xy" }]],
  [{ $or: [{ a: 1 }, { b: 2 }] }, [{ a: 1 }, { b: 2 }], [{}]],
  [{ $nor: [{ a: 1 }, { b: 2 }] }, [{}], [{ a: 1 }]],
  [{ $and: [{ a: { $gt: 1 } }, { a: { $lt: 5 } }], b: 1 }, [{ a: 2, b: 1 }], [{ a: 2 }]],
  [{ $comment: "why", a: { $eq: 1, $comment: "x" } }, [{ a: 1 }], [{ a: 2 }]],
  // Text, types, remainders.
  [
    { a: /b.d/i },
    [{ a: "aBCD" }, { a: ["x", "bxd"] }, { a: new BSONRegExp("b.d", "i") }],
    [{ a: "bd" }, { a: 1 }],
  ],
  [{ a: { $regex: "^b$", $options: "m" } }, [{ a: "a\nb" }], [{ a: "ab" }]],
  [{ a: { $regex: /x/i } }, [{ a: "X" }], []],
  [{ a: { $eq: /x/ } }, [{ a: /x/ }], [{ a: "x" }]],
  [{ a: { $type: "string" } }, [{ a: "x" }, { a: [1, "x"] }], [{ a: 1 }, {}]],
  [
    { a: { $type: "number" } },
    [{ a: 1 }, { a: 1.5 }, { a: Long.ONE }, { a: Decimal128.fromString("1") }],
    [{ a: "1" }],
  ],
  [{ a: { $type: ["null", 16] } }, [{ a: null }, { a: 1 }], [{}, { a: 1.5 }]],
  [{ a: { $type: "array" } }, [{ a: [] }, { a: [[1]] }], [{ a: 1 }]],
  [{ a: { $type: -1 } }, [{ a: new MinKey() }], [{ a: 1 }]],
  [{ a: { $mod: [4, 1] } }, [{ a: 5 }, { a: 5.9 }, { a: [2, 9] }], [{ a: 4 }, { a: "5" }, { a: Infinity }]],
  [{ a: { $mod: [3.9, -1] } }, [{ a: -4 }], [{ a: 4 }]],
  // Expressions.
  [
    { $expr: { $gt: ["$a", "$b"] } },
    [
      { a: 2, b: 1 },
      { a: "x", b: 9 },
    ],
    [{ a: 1, b: 2 }, {}],
  ],
  [{ $expr: { $eq: [1, 0] } }, [], [{}, { a: 1 }]],
  [{ $expr: "$a" }, [{ a: 1 }, { a: "" }, { a: [] }], [{ a: 0 }, { a: null }, {}]],
];

describe("a filter", () => {
  test.each(cases)("%j", (filter, matching, others) => {
    const matches = compileFilter(doc(filter));
    expect(matching.filter((one) => !matches(doc(one)))).toEqual([]);
    expect(others.filter((one) => matches(doc(one)))).toEqual([]);
  });

  test("compares documents in the order of their keys, also of keys that look like numbers", () => {
    const inner = (keys: string[]): Doc => new Map(keys.map((key): [string, Value] => [key, null]));
    const matches = compileFilter(new Map([["a", inner(["2", "1"])]]));
    expect(matches(new Map([["a", inner(["2", "1"])]]))).toBe(true);
    expect(matches(new Map([["a", inner(["1", "2"])]]))).toBe(false);
  });

  test("gives expressions the variables and the time of the command", () => {
    const matches = compileFilter(
      doc({ $expr: { $and: [{ $eq: ["$a", "$$wanted"] }, { $lt: ["$exp", "$$NOW"] }] } }),
      {
        now: new Date(5),
        variables: doc({ wanted: 1 }),
      },
    );
    expect(matches(doc({ a: 1, exp: new Date(4) }))).toBe(true);
    expect(matches(doc({ a: 1, exp: new Date(6) }))).toBe(false);
  });
});

describe("what is no filter is refused", () => {
  const refusals: [Plain, number, string][] = [
    [{ a: { $foo: 1 } }, 2, "unknown operator: $foo"],
    [{ a: { $gt: 1, b: 2 } }, 2, "unknown operator: b"],
    [{ $foo: 1 }, 2, "unknown top level operator: $foo"],
    [{ $or: [] }, 2, "$and/$or/$nor must be a nonempty array"],
    [{ $and: {} }, 2, "$and must be an array"],
    [{ $nor: [1] }, 2, "$or/$and/$nor entries need to be full objects"],
    [{ a: { $in: 1 } }, 2, "$in needs an array"],
    [{ a: { $nin: "x" } }, 2, "$nin needs an array"],
    [{ a: { $in: [{ $gt: 1 }] } }, 2, "cannot nest $ under $in"],
    [{ a: { $not: 5 } }, 2, "$not needs a regex or a document"],
    [{ a: { $not: {} } }, 2, "$not cannot be empty"],
    [{ a: { $ne: /x/ } }, 2, "Can't have regex as arg to $ne."],
    [{ a: { $gt: /x/ } }, 2, "Can't have RegEx as arg to predicate over field 'a'."],
    [{ a: { $all: 1 } }, 2, "$all needs an array"],
    [{ a: { $elemMatch: 1 } }, 2, "$elemMatch needs an Object"],
    [{ a: { $size: -1 } }, 2, "$size may not be negative"],
    [{ a: { $options: "i" } }, 2, "$options needs a $regex"],
    [{ a: { $regex: 1 } }, 2, "$regex has to be a string"],
    [{ a: { $regex: "(" } }, 51091, "Regular expression is invalid"],
    [{ a: { $regex: "a", $options: "q" } }, 51108, "invalid flag in regex options: q"],
    [{ a: { $mod: [0, 1] } }, 2, "divisor cannot be 0"],
    [{ a: { $mod: [1] } }, 2, "malformed mod, not enough elements"],
    [{ a: { $type: "strin" } }, 2, "Unknown type name alias: strin"],
    [{ a: { $type: 99 } }, 2, "Invalid numerical type code: 99"],
    [{ a: { $near: [0, 0] } }, 115, "$near is not supported"],
    [{ $where: "true" }, 115, "$where is not supported"],
    [{ $expr: { $foo: 1 } }, 168, "Unrecognized expression '$foo'"],
    [{ $expr: "$$nobody" }, 17276, "Use of undefined variable: nobody"],
  ];
  test.each(refusals)("%j", (filter, code, message) => {
    const refusal = (() => {
      try {
        return compileFilter(doc(filter));
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(MongoError);
    expect(refusal).toMatchObject({ code });
    expect(String(refusal)).toContain(message);
  });
});

describe("the guarded updates of the specification find their document", () => {
  const goal = { _id: id, active: true, metadata: { user_id: id }, exp: new Date(9) };
  const session = {
    _id: id,
    exclusive_goal_pairs: { v: { trigger_exclusive_goal: id, created: new Date(1) } },
  };
  const guard = {
    _id: id,
    "exclusive_goal_pairs.v.trigger_exclusive_goal": id,
    "exclusive_goal_pairs.v.created": { $lte: new Date(5) },
    $or: [
      { "exclusive_goal_pairs.v.exclusive_goal_ended": { $ne: null } },
      {
        "exclusive_goal_pairs.v.exclusive_goal": null,
        "exclusive_goal_pairs.v.trigger_exclusive_goal_agreed": null,
        "exclusive_goal_pairs.v.trigger_exclusive_goal_ended": null,
      },
    ],
  };

  test("only while it is active and the streamer's", () => {
    const mine = compileFilter(doc({ _id: id, active: true, "metadata.user_id": id }));
    expect(mine(doc(goal))).toBe(true);
    expect(mine(doc({ ...goal, active: false }))).toBe(false);
    expect(mine(doc({ ...goal, metadata: { user_id: new ObjectId() } }))).toBe(false);
    expect(mine(doc({ ...goal, metadata: { user_id: id.toHexString() } }))).toBe(false);
  });

  test("only while the pair is pending or over, absent and null alike", () => {
    const matches = compileFilter(doc(guard));
    const withPair = (pair: Plain): Doc =>
      doc({ ...session, exclusive_goal_pairs: { v: { ...session.exclusive_goal_pairs.v, ...pair } } });
    expect(matches(doc(session))).toBe(true);
    expect(matches(withPair({ exclusive_goal: null }))).toBe(true);
    expect(matches(withPair({ trigger_exclusive_goal_agreed: new Date(3) }))).toBe(false);
    expect(matches(withPair({ exclusive_goal: id, exclusive_goal_ended: new Date(4) }))).toBe(true);
    expect(matches(withPair({ created: new Date(6) }))).toBe(false);
    expect(matches(withPair({ trigger_exclusive_goal: new ObjectId() }))).toBe(false);
  });
});

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
