import { BSONRegExp, Decimal128, Double, Long, MaxKey, MinKey, ObjectId } from "bson";
import { describe, expect, test } from "vitest";
import { doc } from "../bson/shell.ts";
import type { Doc, Value } from "../bson/value.ts";
import { compileFilter } from "./filter.ts";

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
