// Longer than 250 lines because it is one table: an expression, and what MongoDB makes of it.
// The branches of $cond and $switch have a field of this name.
/* oxlint-disable unicorn/no-thenable */
import { Decimal128, Double, Long, ObjectId } from "bson";
import { describe, expect, test } from "vitest";
import { doc, show, value } from "../bson/shell.ts";
import { compileExpression } from "./expressions.ts";

const now = new Date("2026-11-22T10:00:00.000Z");
const id = new ObjectId("64b7f0a1c2d3e4f5a6b7c8d9");
const environment = { now, variables: doc({ mine: 7, pair: { k: "x" } }) };

const root = doc({
  _id: id,
  n: 5,
  d: 2.5,
  s: "Ab",
  z: null,
  at: new Date("2026-02-28T23:59:58.007Z"),
  list: [3, 1, 2],
  docs: [{ x: 1 }, { x: 2 }, { y: 3 }, 4, [{ x: 9 }]],
  o: { a: 1, b: { c: 2 } },
  big: Long.MAX_VALUE,
  m: Decimal128.fromString("1.50"),
});

const evaluate = (expression: unknown): string =>
  show(compileExpression(value(expression), environment)({ root, bindings: undefined }));

const cases: Record<string, [unknown, string][]> = {
  "paths and variables": [
    ["$n", "5"],
    ["$o.b.c", "2"],
    ["$nothing", "missing"],
    ["$n.x", "missing"],
    ["$docs.x", "[1, 2]"],
    ["$list.0", "[]"],
    ["$$ROOT.n", "5"],
    ["$$CURRENT.o.a", "1"],
    ["$$NOW", "2026-11-22T10:00:00.000Z"],
    ["$$REMOVE", "missing"],
    ["$$mine", "7"],
    ["$$pair.k", '"x"'],
    ["plain", '"plain"'],
    [{ $literal: "$n" }, '"$n"'],
    [{ a: "$n", b: "$nothing", c: [1, "$nothing"] }, "{a: 5, c: [1, null]}"],
    [{ $let: { vars: { x: "$n", y: { $add: ["$n", 1] } }, in: { $multiply: ["$$x", "$$y"] } } }, "30"],
    [{ $getField: "n" }, "5"],
    [{ $getField: { field: "a", input: "$o" } }, "1"],
    [{ $setField: { field: "z.z", input: "$o", value: 9 } }, "{a: 1, b: {c: 2}, z.z: 9}"],
    [{ $unsetField: { field: "b", input: "$o" } }, "{a: 1}"],
  ],
  "comparisons, over all types": [
    [{ $eq: ["$n", new Double(5)] }, "true"],
    [{ $eq: ["$nothing", null] }, "false"],
    [{ $lt: ["$nothing", null] }, "true"],
    [{ $gt: ["x", 5] }, "true"],
    [{ $cmp: [1, 2] }, "-1"],
    [{ $gte: ["$list", [3, 0]] }, "true"],
    [{ $and: [] }, "true"],
    [{ $and: [1, "x", []] }, "true"],
    [{ $and: [1, null] }, "false"],
    [{ $or: [0, "$nothing"] }, "false"],
    [{ $not: ["$z"] }, "true"],
    [{ $not: [[false]] }, "false"],
  ],
  choices: [
    [{ $cond: ["$z", 1, 2] }, "2"],
    [{ $cond: { if: true, then: "$n", else: 0 } }, "5"],
    [{ $cond: [false, 1, "$$REMOVE"] }, "missing"],
    [{ $ifNull: ["$nothing", "$z", 3] }, "3"],
    [{ $ifNull: ["$nothing", "$z"] }, "null"],
    [
      {
        $switch: {
          branches: [
            { case: false, then: 1 },
            { case: "$n", then: 2 },
          ],
          default: 3,
        },
      },
      "2",
    ],
    [{ $switch: { branches: [{ case: false, then: 1 }], default: 3 } }, "3"],
  ],
  arithmetic: [
    [{ $add: [1, 2] }, "3"],
    [{ $add: [2147483647, 1] }, "2147483648L"],
    [{ $add: ["$big", 1] }, "9223372036854776000.0"],
    [{ $add: [0.1, 0.2, 0.3] }, "0.6"],
    [{ $add: [1, "$m"] }, "2.50m"],
    [{ $add: [1, null] }, "null"],
    [{ $add: ["$at", 1000] }, "2026-02-28T23:59:59.007Z"],
    [{ $add: [] }, "0"],
    [{ $subtract: [5, new Double(2)] }, "3.0"],
    [{ $subtract: ["$$NOW", "$at"] }, `${now.getTime() - Date.parse("2026-02-28T23:59:58.007Z")}L`],
    [{ $multiply: ["$n", "$d"] }, "12.5"],
    [{ $multiply: ["$m", "$m"] }, "2.2500m"],
    [{ $divide: [6, 3] }, "2.0"],
    [{ $divide: [1, Decimal128.fromString("3")] }, "0.3333333333333333333333333333333333m"],
    [{ $divide: [Decimal128.fromString("6"), 2] }, "3m"],
    [{ $mod: [-7, 3] }, "-1"],
    [{ $mod: [7.5, 2] }, "1.5"],
    [{ $pow: [2, 10] }, "1024"],
    [{ $pow: [2, -1] }, "0.5"],
    [{ $sqrt: 25 }, "5.0"],
    [{ $abs: -5 }, "5"],
    [{ $abs: "$nothing" }, "null"],
    [{ $floor: -2.5 }, "-3.0"],
    [{ $ceil: { $literal: Decimal128.fromString("1.2") } }, "2m"],
    [{ $round: 2.5 }, "2.0"],
    [{ $round: [1.255, 2] }, "1.26"],
    [{ $round: [1250, -2] }, "1200"],
    [{ $trunc: [-2.57, 1] }, "-2.5"],
    [{ $trunc: 7 }, "7"],
  ],
  summaries: [
    [{ $sum: "$list" }, "6"],
    [{ $sum: ["$n", "$d", "x"] }, "7.5"],
    [{ $sum: "x" }, "0"],
    [{ $avg: "$list" }, "2.0"],
    [{ $avg: [] }, "null"],
    [{ $min: "$list" }, "1"],
    [{ $max: ["$n", "x", null] }, '"x"'],
    [{ $min: ["$nothing", null] }, "null"],
  ],
  strings: [
    [{ $concat: ["a", "$s"] }, '"aAb"'],
    [{ $concat: ["a", "$nothing"] }, "null"],
    [{ $toLower: "$s" }, '"ab"'],
    [{ $toUpper: "äb" }, '"äB"'],
    [{ $toLower: "$nothing" }, '""'],
    [{ $substrCP: ["a😀b", 1, 1] }, '"😀"'],
    [{ $substrBytes: ["abc", 1, -1] }, '"bc"'],
    [{ $strLenCP: "a😀" }, "2"],
    [{ $strLenBytes: "a😀" }, "5"],
    [{ $split: ["a,b,", ","] }, '["a", "b", ""]'],
    [{ $trim: { input: "  x " } }, '"x"'],
    [{ $ltrim: { input: "xxa", chars: "x" } }, '"a"'],
    [{ $replaceAll: { input: "a.a", find: ".", replacement: { $literal: "$&" } } }, '"a$&a"'],
    [{ $replaceOne: { input: "aa", find: "a", replacement: "b" } }, '"ba"'],
    [{ $indexOfCP: ["a😀b", "b"] }, "2"],
    [{ $strcasecmp: ["A", "a"] }, "0"],
    [{ $regexMatch: { input: "$s", regex: "^aB$", options: "i" } }, "true"],
    [{ $regexFind: { input: "x12", regex: /(\d)(\d)/ } }, '{match: "12", idx: 1, captures: ["1", "2"]}'],
    [
      { $regexFindAll: { input: "abab", regex: "b" } },
      '[{match: "b", idx: 1, captures: []}, {match: "b", idx: 3, captures: []}]',
    ],
  ],
  arrays: [
    [{ $size: "$list" }, "3"],
    [{ $isArray: "$n" }, "false"],
    [{ $arrayElemAt: ["$list", -1] }, "2"],
    [{ $arrayElemAt: ["$list", 9] }, "missing"],
    [{ $first: "$list" }, "3"],
    [{ $last: "$z" }, "null"],
    [{ $slice: ["$list", -2] }, "[1, 2]"],
    [{ $slice: ["$list", 1, 1] }, "[1]"],
    [{ $concatArrays: ["$list", [9]] }, "[3, 1, 2, 9]"],
    [{ $concatArrays: ["$list", null] }, "null"],
    [{ $in: [new Double(2), "$list"] }, "true"],
    [{ $indexOfArray: ["$list", 2] }, "2"],
    [{ $reverseArray: "$list" }, "[2, 1, 3]"],
    [{ $range: [0, 5, 2] }, "[0, 2, 4]"],
    [{ $sortArray: { input: "$list", sortBy: 1 } }, "[1, 2, 3]"],
    [{ $zip: { inputs: [[1, 2], ["a"]] } }, '[[1, "a"]]'],
    [{ $firstN: { input: "$list", n: 2 } }, "[3, 1]"],
    [{ $maxN: { input: "$list", n: 2 } }, "[3, 2]"],
    [{ $filter: { input: "$list", as: "x", cond: { $gt: ["$$x", 1] } } }, "[3, 2]"],
    [{ $filter: { input: "$list", cond: { $gt: ["$$this", 0] }, limit: 1 } }, "[3]"],
    [{ $map: { input: "$list", as: "x", in: { $add: ["$$x", "$n"] } } }, "[8, 6, 7]"],
    [{ $map: { input: "$nothing", in: 1 } }, "null"],
    [
      {
        $reduce: { input: "$list", initialValue: "", in: { $concat: ["$$value", { $toString: "$$this" }] } },
      },
      '"312"',
    ],
    [
      {
        $setUnion: [
          [2, 1],
          [new Double(2), 3],
        ],
      },
      "[1, 2, 3]",
    ],
    [{ $setIntersection: ["$list", [1, 9]] }, "[1]"],
    [{ $setDifference: [[1, 2, 2, 3], [3]] }, "[1, 2]"],
    [
      {
        $setEquals: [
          [1, 2],
          [2, 1, 1],
        ],
      },
      "true",
    ],
    [{ $setIsSubset: [[1], "$list"] }, "true"],
    [{ $anyElementTrue: [[0, false]] }, "false"],
    [{ $allElementsTrue: [[]] }, "true"],
  ],
  documents: [
    [{ $objectToArray: "$o" }, '[{k: "a", v: 1}, {k: "b", v: {c: 2}}]'],
    [{ $objectToArray: "$nothing" }, "null"],
    [{ $objectToArray: "$z" }, "null"],
    [
      {
        $arrayToObject: [
          [
            ["b", 1],
            ["a", 2],
          ],
        ],
      },
      "{b: 1, a: 2}",
    ],
    [
      {
        $arrayToObject: {
          $literal: [
            { k: "2", v: 1 },
            { k: "1", v: 2 },
          ],
        },
      },
      "{2: 1, 1: 2}",
    ],
    [{ $mergeObjects: ["$o", { a: 9, c: 1 }, null] }, "{a: 9, b: {c: 2}, c: 1}"],
    [{ $mergeObjects: "$nothing" }, "{}"],
  ],
  conversions: [
    [{ $type: "$nothing" }, '"missing"'],
    [{ $type: "$m" }, '"decimal"'],
    [{ $toString: "$_id" }, '"64b7f0a1c2d3e4f5a6b7c8d9"'],
    [{ $toString: "$at" }, '"2026-02-28T23:59:58.007Z"'],
    [{ $toString: 2.5 }, '"2.5"'],
    [{ $toString: new Double(1e21) }, '"1e+21"'],
    [{ $toString: true }, '"true"'],
    [{ $toString: "$nothing" }, "null"],
    [{ $toObjectId: "64b7f0a1c2d3e4f5a6b7c8d9" }, "oid(64b7f0a1c2d3e4f5a6b7c8d9)"],
    [{ $toInt: "12" }, "12"],
    [{ $toInt: -2.9 }, "-2"],
    [{ $toLong: "$at" }, `${Date.parse("2026-02-28T23:59:58.007Z")}L`],
    [{ $toDouble: "1e3" }, "1000.0"],
    [{ $toDecimal: 2.5 }, "2.50000000000000m"],
    [{ $toBool: "" }, "true"],
    [{ $toDate: "2026-11-22T10:00:00+02:00" }, "2026-11-22T08:00:00.000Z"],
    [{ $toDate: "2026-11-22" }, "2026-11-22T00:00:00.000Z"],
    [{ $toDate: Long.fromInt(5) }, "1970-01-01T00:00:00.005Z"],
    [{ $toDate: "$_id" }, id.getTimestamp().toISOString()],
    [{ $convert: { input: "x", to: "int", onError: "bad" } }, '"bad"'],
    [{ $convert: { input: null, to: 16, onNull: 0 } }, "0"],
    [{ $isNumber: "$m" }, "true"],
  ],
  dates: [
    [{ $year: "$at" }, "2026"],
    [{ $month: { date: "$at", timezone: "+01:00" } }, "3"],
    [{ $dayOfWeek: "$at" }, "7"],
    [{ $dayOfYear: "$at" }, "59"],
    [{ $isoWeek: "$at" }, "9"],
    [{ $isoWeekYear: { $toDate: "2027-01-01" } }, "2026L"],
    [{ $millisecond: "$at" }, "7"],
    [{ $hour: "$z" }, "null"],
    [{ $dateToString: { date: "$at" } }, '"2026-02-28T23:59:58.007Z"'],
    [{ $dateToString: { date: "$at", format: "%Y/%m/%d %H:%M %% %j" } }, '"2026/02/28 23:59 % 059"'],
    [{ $dateToString: { date: "$nothing", onNull: "-" } }, '"-"'],
    [{ $dateTrunc: { date: "$at", unit: "hour" } }, "2026-02-28T23:00:00.000Z"],
    [{ $dateTrunc: { date: "$at", unit: "minute", binSize: 15 } }, "2026-02-28T23:45:00.000Z"],
    [{ $dateTrunc: { date: "$at", unit: "week", startOfWeek: "monday" } }, "2026-02-23T00:00:00.000Z"],
    [{ $dateTrunc: { date: "$at", unit: "quarter" } }, "2026-01-01T00:00:00.000Z"],
    [{ $dateTrunc: { date: "$at", unit: "day", timezone: "+02:00" } }, "2026-02-28T22:00:00.000Z"],
    [
      { $dateAdd: { startDate: { $toDate: "2026-01-31" }, unit: "month", amount: 1 } },
      "2026-02-28T00:00:00.000Z",
    ],
    [{ $dateSubtract: { startDate: "$at", unit: "day", amount: 28 } }, "2026-01-31T23:59:58.007Z"],
    [{ $dateDiff: { startDate: "$at", endDate: { $toDate: "2026-03-01" }, unit: "day" } }, "1L"],
    [
      {
        $dateDiff: { startDate: { $toDate: "2026-12-31" }, endDate: { $toDate: "2026-01-01" }, unit: "year" },
      },
      "0L",
    ],
    [
      { $dateToParts: { date: "$at" } },
      "{year: 2026, month: 2, day: 28, hour: 23, minute: 59, second: 58, millisecond: 7}",
    ],
    [{ $dateFromString: { dateString: "nope", onError: null } }, "null"],
  ],
};

describe.each(Object.entries(cases))("%s", (_, rows) => {
  test.each(rows)("%j", (expression, result) => {
    expect(evaluate(expression)).toBe(result);
  });
});

describe("refused is", () => {
  const refusals: [unknown, number][] = [
    [{ $foo: 1 }, 168],
    [{ $sin: 1 }, 115],
    [{ $add: 1, $subtract: 2 }, 15983],
    ["$", 16872],
    ["$a..b", 15998],
    ["$$nobody.x", 17276],
    [{ $subtract: [1] }, 16020],
    [{ $slice: [[1]] }, 28667],
    [{ $add: [1, "x"] }, 14],
    [{ $add: ["$at", "$at"] }, 16612],
    [{ $subtract: [1, "$at"] }, 14],
    [{ $multiply: ["x", 1] }, 14],
    [{ $divide: [1, 0] }, 2],
    [{ $divide: ["x", 1] }, 14],
    [{ $mod: [1, 0] }, 16610],
    [{ $abs: "x" }, 28765],
    [{ $concat: [1] }, 16702],
    [{ $size: "$n" }, 17124],
    [{ $size: "$nothing" }, 17124],
    [{ $arrayElemAt: ["$n", 0] }, 28689],
    [{ $in: [1, "$n"] }, 40081],
    [{ $filter: { input: "$n", cond: 1 } }, 28651],
    [{ $map: { input: "$n", in: 1 } }, 16883],
    [{ $objectToArray: "$n" }, 40390],
    [{ $mergeObjects: ["$n"] }, 40400],
    [{ $arrayToObject: "$n" }, 40386],
    [{ $split: ["a", ""] }, 40087],
    [{ $strLenCP: "$nothing" }, 34471],
    [{ $toInt: "x" }, 241],
    [{ $toInt: "$big" }, 241],
    [{ $toObjectId: "xyz" }, 241],
    [{ $toDate: "yesterday" }, 241],
    [{ $toString: "$o" }, 241],
    [{ $switch: { branches: [{ case: false, then: 1 }] } }, 40066],
    [{ $cond: { if: 1, then: 2 } }, 17082],
    [{ $year: "x" }, 16006],
    [{ $dateToString: { date: "$at", timezone: "Europe/Vienna" } }, 115],
  ];
  test.each(refusals)("%j", (expression, code) => {
    const refusal = (() => {
      try {
        return evaluate(expression);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toMatchObject({ code });
  });
});
