import { Double, Long } from "bson";
import { describe, expect, test } from "vitest";
import { doc, show } from "../bson/shell.ts";
import type { Doc } from "../bson/value.ts";
import { runPipeline } from "./pipeline.ts";
import type { PipelineContext } from "./pipeline.ts";

type Plain = Record<string, unknown>;

const now = new Date("2026-11-22T10:00:00.000Z");

const context = (collections: Record<string, Plain[]> = {}): PipelineContext => ({
  now,
  collection: (name) => (collections[name] ?? []).map(doc),
});

/** The documents that a pipeline gives, one a line. */
const run = (docs: Plain[], pipeline: Plain[], collections?: Record<string, Plain[]>): string[] =>
  [...runPipeline(pipeline.map(doc), docs.map(doc), context(collections))].map(show);

const people = [
  { _id: 1, name: "ada", age: 3, tags: ["x", "y"] },
  { _id: 2, name: "bea", age: 5, tags: [] },
  { _id: 3, name: "ada", age: new Double(4.5) },
];

describe("stages", () => {
  const cases: [string, Plain[], string[]][] = [
    [
      "$match, $sort, $skip, $limit",
      [
        { $match: { age: { $gt: 2 } } },
        { $sort: { age: -1 } },
        { $skip: 1 },
        { $limit: 1 },
        { $project: { age: 1 } },
      ],
      ["{_id: 3, age: 4.5}"],
    ],
    [
      "$addFields keeps places",
      [{ $limit: 1 }, { $addFields: { name: "$age", "o.p": 1 } }],
      ['{_id: 1, name: 3, age: 3, tags: ["x", "y"], o: {p: 1}}'],
    ],
    [
      "$set with $$REMOVE",
      [{ $limit: 1 }, { $set: { tags: "$$REMOVE" } }],
      ['{_id: 1, name: "ada", age: 3}'],
    ],
    ["$unset", [{ $limit: 1 }, { $unset: ["tags", "name"] }], ["{_id: 1, age: 3}"]],
    [
      "$project of computed fields",
      [{ $limit: 1 }, { $project: { _id: 0, n: { $toUpper: "$name" }, first: { $first: "$tags" } } }],
      ['{n: "ADA", first: "x"}'],
    ],
    [
      "$unwind",
      [{ $unwind: "$tags" }, { $project: { tags: 1 } }],
      ['{_id: 1, tags: "x"}', '{_id: 1, tags: "y"}'],
    ],
    [
      "$unwind preserving",
      [
        { $unwind: { path: "$tags", preserveNullAndEmptyArrays: true, includeArrayIndex: "i" } },
        { $project: { tags: 1, i: 1 } },
      ],
      ['{_id: 1, tags: "x", i: 0L}', '{_id: 1, tags: "y", i: 1L}', "{_id: 2, i: null}", "{_id: 3, i: null}"],
    ],
    [
      "$unwind of what is no array",
      [{ $limit: 1 }, { $unwind: "$name" }, { $project: { name: 1 } }],
      ['{_id: 1, name: "ada"}'],
    ],
    [
      "$group",
      [
        {
          $group: {
            _id: "$name",
            n: { $sum: 1 },
            ages: { $push: "$age" },
            avg: { $avg: "$age" },
            top: { $max: "$age" },
          },
        },
      ],
      [
        '{_id: "ada", n: 2, ages: [3, 4.5], avg: 3.75, top: 4.5}',
        '{_id: "bea", n: 1, ages: [5], avg: 5.0, top: 5}',
      ],
    ],
    [
      "$group of all",
      [
        {
          $group: {
            _id: null,
            n: { $count: {} },
            first: { $first: "$tags" },
            last: { $last: "$tags" },
            names: { $addToSet: "$name" },
            sum: { $sum: "$age" },
            low: { $min: "$age" },
          },
        },
      ],
      ['{_id: null, n: 3, first: ["x", "y"], last: null, names: ["ada", "bea"], sum: 12.5, low: 3}'],
    ],
    [
      "$group by a document",
      [{ $group: { _id: { n: "$name", x: "$none" } } }],
      ['{_id: {n: "ada"}}', '{_id: {n: "bea"}}'],
    ],
    [
      "$group merging",
      [{ $group: { _id: null, all: { $mergeObjects: { a: "$age" } } } }],
      ["{_id: null, all: {a: 4.5}}"],
    ],
    ["$count", [{ $match: { name: "ada" } }, { $count: "total" }], ["{total: 2}"]],
    ["$count of nothing", [{ $match: { name: "x" } }, { $count: "total" }], []],
    [
      "$replaceRoot",
      [{ $limit: 1 }, { $replaceRoot: { newRoot: { $mergeObjects: [{ a: 0 }, { n: "$name" }] } } }],
      ['{a: 0, n: "ada"}'],
    ],
    ["$replaceWith", [{ $limit: 1 }, { $replaceWith: { t: "$tags" } }], ['{t: ["x", "y"]}']],
    ["$sortByCount", [{ $sortByCount: "$name" }], ['{_id: "ada", count: 2}', '{_id: "bea", count: 1}']],
    [
      "$facet",
      [
        {
          $facet: {
            n: [{ $count: "c" }],
            names: [{ $match: { _id: 2 } }, { $project: { name: 1, _id: 0 } }],
            none: [{ $match: { _id: 9 } }],
          },
        },
      ],
      ['{n: [{c: 3}], names: [{name: "bea"}], none: []}'],
    ],
    [
      "$bucket",
      [{ $bucket: { groupBy: "$age", boundaries: [0, 4, 5], default: "old" } }],
      ["{_id: 0, count: 1}", "{_id: 4, count: 1}", '{_id: "old", count: 1}'],
    ],
    [
      "$unionWith",
      [
        { $limit: 1 },
        { $project: { name: 1 } },
        { $unionWith: { coll: "more", pipeline: [{ $project: { n: 1, _id: 0 } }] } },
      ],
      ['{_id: 1, name: "ada"}', "{n: 9}"],
    ],
    ["$sample of more than there is", [{ $sample: { size: 9 } }, { $count: "n" }], ["{n: 3}"]],
  ];
  test.each(cases)("%s", (_, pipeline, result) => {
    expect(run(people, pipeline, { more: [{ _id: 1, n: 9 }] })).toEqual(result);
  });

  test("numbers of different types are one group", () => {
    const docs = [{ a: 1 }, { a: new Double(1) }, { a: Long.ONE }, { a: "1" }, {}, { a: null }];
    expect(run(docs, [{ $group: { _id: "$a", n: { $sum: 1 } } }])).toEqual([
      "{_id: 1, n: 3}",
      '{_id: "1", n: 1}',
      "{_id: null, n: 2}",
    ]);
  });
});

describe("a pipeline", () => {
  test("computes no more documents than it is asked for", () => {
    let read = 0;
    const source = function* (): Iterable<Doc> {
      for (;;) yield doc({ _id: read++ });
    };
    const stages = [
      { $match: { _id: { $gte: 2 } } },
      { $project: { x: { $add: ["$_id", 1] } } },
      { $limit: 2 },
    ];
    expect([...runPipeline(stages.map(doc), source(), context())].map(show)).toEqual([
      "{_id: 2, x: 3}",
      "{_id: 3, x: 4}",
    ]);
    expect(read).toBe(4);
  });

  test("leaves the documents that it was given as they were", () => {
    const given = doc({ _id: 1, a: [{ b: 1 }], o: { p: 1 } });
    const stages: Plain[] = [{ $set: { "a.c": 2, "o.q": 3 } }, { $unset: "o.p" }, { $unwind: "$a" }];
    expect([...runPipeline(stages.map(doc), [given], context())].map(show)).toEqual([
      "{_id: 1, a: {b: 1, c: 2}, o: {q: 3}}",
    ]);
    expect(show(given)).toBe("{_id: 1, a: [{b: 1}], o: {p: 1}}");
  });

  test("knows the time and the variables of the command", () => {
    const given = { ...context(), variables: doc({ v: 5 }) };
    expect(
      [...runPipeline([doc({ $project: { _id: 0, now: "$$NOW", v: "$$v" } })], [doc({})], given)].map(show),
    ).toEqual(["{now: 2026-11-22T10:00:00.000Z, v: 5}"]);
  });
});
