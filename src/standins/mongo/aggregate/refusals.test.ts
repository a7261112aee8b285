import { describe, expect, test } from "vitest";
import { doc, show } from "../bson/shell.ts";
import { runPipeline } from "./pipeline.ts";

type Plain = Record<string, unknown>;

const now = new Date("2026-11-22T10:00:00.000Z");

/** The documents that a pipeline gives, one a line. */
const run = (docs: Plain[], pipeline: Plain[]): string[] =>
  [...runPipeline(pipeline.map(doc), docs.map(doc), { now, collection: () => [] })].map(show);

const code = (docs: Plain[], pipeline: Plain[]): unknown => {
  try {
    return run(docs, pipeline);
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
};

describe("refused is, even without any document", () => {
  const refusals: [Plain, number][] = [
    [{ $foo: 1 }, 40324],
    [{ $match: {}, $limit: 1 }, 40323],
    [{}, 40323],
    [{ $out: "x" }, 115],
    [{ $graphLookup: {} }, 115],
    [{ $match: { a: { $foo: 1 } } }, 2],
    [{ $match: 1 }, 15959],
    [{ $project: {} }, 51272],
    [{ $project: { a: 1, b: 0 } }, 31254],
    [{ $addFields: 1 }, 40272],
    [{ $addFields: {} }, 40177],
    [{ $set: { a: {} } }, 40180],
    [{ $set: { a: 1, "a.b": 1 } }, 40176],
    [{ $limit: 0 }, 15958],
    [{ $limit: "x" }, 5107201],
    [{ $limit: -1 }, 5107201],
    [{ $skip: -1 }, 5107200],
    [{ $sort: {} }, 15976],
    [{ $sort: { a: 3 } }, 15975],
    [{ $count: "" }, 40157],
    [{ $count: "a.b" }, 40160],
    [{ $group: { n: { $sum: 1 } } }, 15955],
    [{ $group: { _id: null, n: 1 } }, 40234],
    [{ $group: { _id: null, n: { $foo: 1 } } }, 15952],
    [{ $group: { _id: null, "a.b": { $sum: 1 } } }, 40235],
    [{ $group: { _id: null, n: { $sum: ["$a", "$b"] } } }, 40237],
    [{ $unwind: "tags" }, 28818],
    [{ $unwind: { path: "$a", foo: 1 } }, 28811],
    [{ $unwind: {} }, 28812],
    [{ $replaceRoot: {} }, 40414],
    [{ $lookup: { from: "x", as: "y" } }, 9],
    [{ $lookup: { from: "x", as: "y", pipeline: [{ $foo: 1 }] } }, 40324],
    [{ $facet: {} }, 40169],
    [{ $bucket: { groupBy: "$a", boundaries: [2, 1] } }, 40194],
  ];
  test.each(refusals)("%j", (stage, expected) => {
    expect(code([], [stage])).toBe(expected);
  });

  test("$replaceRoot by what is no document is refused when it comes to it", () => {
    expect(code([{ a: 1 }], [{ $replaceRoot: { newRoot: "$a" } }])).toBe(40228);
    expect(code([{}], [{ $replaceWith: "$a" }])).toBe(40228);
  });
});
