import { Decimal128, Double, Int32, Long } from "bson";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyDoc, anyValue } from "../bson/arbitrary.ts";
import { compareValues } from "../bson/compare.ts";
import { doc, show } from "../bson/shell.ts";
import type { Doc } from "../bson/value.ts";
import { applyUpdate } from "./apply.ts";
import type { UpdateContext } from "./apply.ts";

type Plain = Record<string, unknown>;

const now = new Date("2026-11-22T10:00:00.000Z");
const context: UpdateContext = { isUpsertInsert: false, now, filter: new Map() };

const update = (before: Plain, change: Plain | Plain[], more: Partial<UpdateContext> = {}): string =>
  show(
    applyUpdate(doc(before), Array.isArray(change) ? change.map(doc) : doc(change), { ...context, ...more }),
  );

/** Before, the update, after. */
const cases: [Plain, Plain | Plain[], string][] = [
  // $set: where it is; new fields in the order of their paths.
  [{ _id: 1, b: 1, a: 2 }, { $set: { a: "x" } }, '{_id: 1, b: 1, a: "x"}'],
  [{ _id: 1 }, { $set: { z: 1, "m.y": 2, a: 3, "m.x": 4 } }, "{_id: 1, a: 3, m: {x: 4, y: 2}, z: 1}"],
  [{ _id: 1 }, { $set: { "10": 1, "9": 2 } }, "{_id: 1, 9: 2, 10: 1}"],
  [{ _id: 1 }, { $set: {} }, "{_id: 1}"],
  [{ _id: 1, a: 1 }, { $set: { a: new Double(1) } }, "{_id: 1, a: 1.0}"],
  [{ _id: 1, a: [1, 2] }, { $set: { "a.1": 9, "a.3": 7 } }, "{_id: 1, a: [1, 9, null, 7]}"],
  [{ _id: 1, a: [{ b: 1 }] }, { $set: { "a.0.c": 2 } }, "{_id: 1, a: [{b: 1, c: 2}]}"],
  [{ _id: 1, a: {} }, { $set: { "a.0": 1 } }, "{_id: 1, a: {0: 1}}"],
  [{ _id: 1, a: 1 }, { $set: { _id: 1, a: 2 } }, "{_id: 1, a: 2}"],
  [{ _id: 1 }, { $setOnInsert: { a: 1 }, $set: { b: 1 } }, "{_id: 1, b: 1}"],
  // $unset.
  [
    { _id: 1, a: 1, b: { c: 1, d: 2 } },
    { $unset: { a: "", "b.c": true, x: 1, "y.z": 1 } },
    "{_id: 1, b: {d: 2}}",
  ],
  [{ _id: 1, a: [1, 2] }, { $unset: { "a.0": 1, "a.9": 1 } }, "{_id: 1, a: [null, 2]}"],
  [{ _id: 1, a: 5 }, { $unset: { "a.b": 1 } }, "{_id: 1, a: 5}"],
  // Numbers keep their types, or take the wider one.
  [{ _id: 1, a: 1 }, { $inc: { a: 2, b: 3 } }, "{_id: 1, a: 3, b: 3}"],
  [{ _id: 1, a: 2147483647 }, { $inc: { a: 1 } }, "{_id: 1, a: 2147483648L}"],
  [{ _id: 1, a: 1 }, { $inc: { a: new Double(1) } }, "{_id: 1, a: 2.0}"],
  [{ _id: 1, a: Long.fromInt(1) }, { $inc: { a: 1 } }, "{_id: 1, a: 2L}"],
  [{ _id: 1, a: 1 }, { $inc: { a: Decimal128.fromString("0.10") } }, "{_id: 1, a: 1.10m}"],
  [{ _id: 1, a: Long.fromString("9007199254740993") }, { $inc: { a: -1 } }, "{_id: 1, a: 9007199254740992L}"],
  [
    { _id: 1, a: 65536 },
    { $mul: { a: 65536, b: 2, c: new Double(2) } },
    "{_id: 1, a: 4294967296L, b: 0, c: 0.0}",
  ],
  // $min and $max: across types as well.
  [{ _id: 1, a: 5 }, { $min: { a: 3, b: 1 } }, "{_id: 1, a: 3, b: 1}"],
  [{ _id: 1, a: 5 }, { $min: { a: "x" } }, "{_id: 1, a: 5}"],
  [{ _id: 1, a: 5 }, { $max: { a: "x" } }, '{_id: 1, a: "x"}'],
  [{ _id: 1, a: null }, { $min: { a: 3 } }, "{_id: 1, a: null}"],
  [{ _id: 1, a: 5 }, { $min: { a: new Double(5) } }, "{_id: 1, a: 5}"],
  // $rename, $currentDate, $bit.
  [{ _id: 1, a: 1, b: 2 }, { $rename: { a: "c.d", x: "y" } }, "{_id: 1, b: 2, c: {d: 1}}"],
  [{ _id: 1, a: 1, b: 2 }, { $rename: { a: "b" } }, "{_id: 1, b: 1}"],
  [
    { _id: 1 },
    { $currentDate: { a: true, b: { $type: "timestamp" } } },
    "{_id: 1, a: 2026-11-22T10:00:00.000Z, b: ts(1795341600, 1)}",
  ],
  [{ _id: 1, a: 13 }, { $bit: { a: { and: 10 } } }, "{_id: 1, a: 8}"],
  // Arrays.
  [{ _id: 1 }, { $push: { a: 1 } }, "{_id: 1, a: [1]}"],
  [{ _id: 1, a: [1] }, { $push: { a: [2] } }, "{_id: 1, a: [1, [2]]}"],
  [{ _id: 1, a: [1, 2] }, { $push: { a: { $each: [8, 9], $position: 1 } } }, "{_id: 1, a: [1, 8, 9, 2]}"],
  [{ _id: 1, a: [1, 2] }, { $push: { a: { $each: [9], $position: -1 } } }, "{_id: 1, a: [1, 9, 2]}"],
  [{ _id: 1, a: [3, 1] }, { $push: { a: { $each: [2, 5], $sort: 1, $slice: 3 } } }, "{_id: 1, a: [1, 2, 3]}"],
  [{ _id: 1, a: [1, 2, 3] }, { $push: { a: { $each: [], $slice: -2 } } }, "{_id: 1, a: [2, 3]}"],
  [
    { _id: 1, a: [{ s: 1 }] },
    { $push: { a: { $each: [{ s: 3 }, { s: 2 }], $sort: { s: -1 } } } },
    "{_id: 1, a: [{s: 3}, {s: 2}, {s: 1}]}",
  ],
  [{ _id: 1, a: [1] }, { $addToSet: { a: new Double(1), b: 2 } }, "{_id: 1, a: [1], b: [2]}"],
  [
    { _id: 1, a: [{ x: 1, y: 2 }] },
    { $addToSet: { a: { $each: [{ y: 2, x: 1 }, { x: 1, y: 2 }, 5, 5] } } },
    "{_id: 1, a: [{x: 1, y: 2}, {y: 2, x: 1}, 5]}",
  ],
  [{ _id: 1, a: [1, 5, 9, "x"] }, { $pull: { a: { $gte: 5 } } }, '{_id: 1, a: [1, "x"]}'],
  [{ _id: 1, a: [1, 2, 1] }, { $pull: { a: 1, b: 1 } }, "{_id: 1, a: [2]}"],
  [{ _id: 1, a: [{ b: 1, c: 1 }, { b: 2 }, 1] }, { $pull: { a: { b: 1 } } }, "{_id: 1, a: [{b: 2}, 1]}"],
  [{ _id: 1, a: ["ab", "b"] }, { $pull: { a: /^a/ } }, '{_id: 1, a: ["b"]}'],
  [{ _id: 1, a: [1, 2, 3, [1]] }, { $pullAll: { a: [1, new Double(3)] } }, "{_id: 1, a: [2, [1]]}"],
  [
    { _id: 1, a: [1, 2], b: [1, 2], c: [] },
    { $pop: { a: 1, b: -1, c: 1, d: 1 } },
    "{_id: 1, a: [1], b: [2], c: []}",
  ],
  // Whole documents.
  [{ _id: 1, a: 1 }, { b: 2 }, "{_id: 1, b: 2}"],
  [{ _id: 1, a: 1 }, { b: 2, _id: 1 }, "{_id: 1, b: 2}"],
  [{ _id: 1, a: 1 }, {}, "{_id: 1}"],
  // Pipelines.
  [{ _id: 1, a: 1 }, [{ $set: { b: { $add: ["$a", 1] } } }, { $unset: "a" }], "{_id: 1, b: 2}"],
  [{ _id: 1, a: { x: 1 } }, [{ $replaceWith: "$a" }], "{_id: 1, x: 1}"],
  [{ _id: 1, a: 1, b: 2 }, [{ $project: { a: 1 } }], "{_id: 1, a: 1}"],
  [
    { _id: 1, exp: new Date(5) },
    [{ $set: { exp: { $min: ["$exp", "$$NOW"] } } }],
    "{_id: 1, exp: 1970-01-01T00:00:00.005Z}",
  ],
];

describe("an update", () => {
  test.each(cases)("of %j by %j", (before, change, after) => {
    expect(update(before, change)).toBe(after);
  });

  test("leaves the document that it was given as it was", () => {
    const before = doc({ _id: 1, a: { b: [1, { c: 1 }] } });
    applyUpdate(before, doc({ $set: { "a.b.1.c": 2 }, $push: { x: 1 } }), context);
    applyUpdate(before, doc({ $push: { "a.b": 2 } }), context);
    expect(show(before)).toBe("{_id: 1, a: {b: [1, {c: 1}]}}");
  });

  test("that changes nothing gives the very same document", () => {
    const before = doc({ _id: 1, a: [1], exp: new Date(1) });
    for (const change of [
      { $min: { exp: new Date(2) } },
      { $pull: { a: 5 } },
      { $unset: { b: 1 } },
      { $addToSet: { a: 1 } },
    ]) {
      expect(applyUpdate(before, doc(change), context)).toBe(before);
    }
  });
});

describe("array positions", () => {
  const before = {
    _id: 1,
    a: [
      { n: 1, s: "x" },
      { n: 5, s: "y" },
      { n: 7, s: "y" },
    ],
  };

  test("$ is the element that the filter matched", () => {
    const at = (filter: Plain): string => update(before, { $set: { "a.$.s": "z" } }, { filter: doc(filter) });
    const second = '{_id: 1, a: [{n: 1, s: "x"}, {n: 5, s: "z"}, {n: 7, s: "y"}]}';
    expect(at({ "a.n": 5 })).toBe(second);
    expect(at({ a: { $elemMatch: { n: { $gt: 1 }, s: "y" } } })).toBe(second);
    expect(at({ $and: [{ _id: 1 }, { "a.s": "y" }] })).toBe(second);
    expect(update({ _id: 1, a: [4, 6] }, { $inc: { "a.$": 1 } }, { filter: doc({ a: { $gt: 5 } }) })).toBe(
      "{_id: 1, a: [4, 7]}",
    );
    expect(() => at({ _id: 1 })).toThrow(
      "The positional operator did not find the match needed from the query.",
    );
  });

  test("$[] is every element, $[name] those of an array filter", () => {
    expect(update({ _id: 1, a: [1, 2] }, { $inc: { "a.$[]": 10 } })).toBe("{_id: 1, a: [11, 12]}");
    expect(
      update(before, { $set: { "a.$[big].s": "z" } }, { arrayFilters: [doc({ "big.n": { $gte: 5 } })] }),
    ).toBe('{_id: 1, a: [{n: 1, s: "x"}, {n: 5, s: "z"}, {n: 7, s: "z"}]}');
    expect(() => update(before, { $set: { "a.$[x].s": 1 } })).toThrow(
      "No array filter found for identifier 'x'",
    );
    expect(() => update(before, { $set: { b: 1 } }, { arrayFilters: [doc({ x: 1 })] })).toThrow(
      "was not used in the update",
    );
    expect(() => update({ _id: 1, a: 1 }, { $set: { "a.$[]": 1 } })).toThrow(
      "Cannot apply array updates to non-array element a: 1",
    );
    expect(() => update({ _id: 1 }, { $set: { "a.$[]": 1 } })).toThrow("must exist in the document");
  });
});

describe("an upsert's insert", () => {
  test("applies $setOnInsert, takes an _id from the update, and puts it first", () => {
    expect(update({ b: 1 }, { $setOnInsert: { a: 1, _id: 7 } }, { isUpsertInsert: true })).toBe(
      "{_id: 7, b: 1, a: 1}",
    );
    expect(update({ b: 1 }, { x: 1 }, { isUpsertInsert: true })).toBe("{x: 1}");
  });
});

describe("always", () => {
  test("$min and $max once more change nothing, and leave the least and the greatest", () => {
    fc.assert(
      fc.property(fc.constantFrom("$min", "$max"), anyDoc, anyValue, (operator, before, operand) => {
        const change: Doc = new Map([[operator, new Map([["a", operand]])]]);
        const once = applyUpdate(before, change, context);
        expect(applyUpdate(once, change, context)).toBe(once);
        const order = compareValues(once.get("a"), operand);
        expect(operator === "$min" ? order <= 0 : order >= 0).toBe(true);
      }),
    );
  });

  test("what is set is there, and what is unset is not", () => {
    fc.assert(
      fc.property(anyDoc, anyValue, (before, operand) => {
        const set = applyUpdate(before, new Map([["$set", new Map([["new", operand]])]]), context);
        expect(show(set.get("new"))).toBe(show(operand));
        expect(show(applyUpdate(set, doc({ $unset: { new: 1 } }), context))).toBe(
          show(new Map([...before].filter(([name]) => name !== "new"))),
        );
      }),
    );
  });

  test("the sum of increments does not depend on their order", () => {
    const total = (amounts: number[]): string =>
      show(
        amounts.reduce(
          (sum, amount) => applyUpdate(sum, doc({ $inc: { "a.b": new Int32(amount) } }), context),
          doc({ _id: 1, a: { b: Long.ZERO } }),
        ),
      );
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 5 }), (amounts) => {
        expect(total(amounts)).toBe(total(amounts.toReversed()));
      }),
    );
  });
});
