import { Double, Long, ObjectId } from "bson";
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

const code = (docs: Plain[], pipeline: Plain[]): unknown => {
  try {
    return run(docs, pipeline);
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
};

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

describe("$lookup", () => {
  const a = new ObjectId();
  const collections = {
    users: [
      { _id: a, name: "ada", teams: [1, 2] },
      { _id: 7, name: "bea", teams: null },
      { _id: 8, name: "cem" },
    ],
  };
  const names = { $project: { _id: 0, name: 1 } };

  test("by fields: equal values, elements of arrays, null and missing alike", () => {
    const lookup = (local: Plain, foreignField: string): string[] =>
      run(
        [local],
        [
          { $lookup: { from: "users", localField: "x", foreignField, as: "u" } },
          { $project: { _id: 0, n: "$u.name" } },
        ],
        collections,
      );
    expect(lookup({ x: a }, "_id")).toEqual(['{n: ["ada"]}']);
    expect(lookup({ x: [8, 7] }, "_id")).toEqual(['{n: ["bea", "cem"]}']);
    expect(lookup({ x: new Double(2) }, "teams")).toEqual(['{n: ["ada"]}']);
    expect(lookup({}, "teams")).toEqual(['{n: ["bea", "cem"]}']);
    expect(lookup({ x: "none" }, "_id")).toEqual(["{n: []}"]);
  });

  test("by a pipeline with variables, as the auth library's adapter joins", () => {
    const pipeline = [
      {
        $lookup: {
          from: "users",
          let: { localFieldValue: "$x" },
          pipeline: [{ $match: { $expr: { $eq: ["$_id", "$$localFieldValue"] } } }, { $limit: 1 }, names],
          as: "user",
        },
      },
      { $unwind: { path: "$user", preserveNullAndEmptyArrays: true } },
      { $project: { user: 1 } },
    ];
    expect(run([{ _id: 1, x: a }, { _id: 2, x: 99 }, { _id: 3 }], pipeline, collections)).toEqual([
      '{_id: 1, user: {name: "ada"}}',
      "{_id: 2}",
      "{_id: 3}",
    ]);
  });

  test("by fields and a pipeline, into a dotted path", () => {
    const stage = {
      $lookup: { from: "users", localField: "x", foreignField: "_id", pipeline: [names], as: "o.u" },
    };
    expect(run([{ _id: 1, x: 7, o: { k: 1 } }], [stage], collections)).toEqual([
      '{_id: 1, x: 7, o: {k: 1, u: [{name: "bea"}]}}',
    ]);
  });

  test("tells which documents it asks for, so that an index can find them", () => {
    const asked: string[] = [];
    const recording: PipelineContext = {
      now,
      collection: (_, hint) => {
        asked.push(show(hint));
        return [];
      },
    };
    const match = { $match: { b: 1, $expr: { $and: [{ $eq: ["$_id", "$$v"] }, { $gt: ["$c", 1] }] } } };
    const stages: Plain[] = [
      { $lookup: { from: "u", localField: "x", foreignField: "_id", as: "p" } },
      { $lookup: { from: "u", let: { v: "$x" }, pipeline: [match], as: "q" } },
      { $lookup: { from: "u", pipeline: [], as: "r" } },
    ];
    expect([...runPipeline(stages.map(doc), [doc({ x: 5 })], recording)]).toHaveLength(1);
    expect(asked).toEqual(["{_id: {$eq: 5}}", "{$and: [{b: 1}, {_id: {$eq: 5}}]}", "missing"]);
  });
});

describe("the specification's aggregate over pairs", () => {
  const session = new ObjectId();
  const [g1, g2, g3, g4] = [new ObjectId(), new ObjectId(), new ObjectId(), new ObjectId()];
  const pipeline: Plain[] = [
    { $match: { _id: session } },
    { $project: { pairs: { $objectToArray: "$exclusive_goal_pairs" } } },
    { $unwind: "$pairs" },
    {
      $match: {
        $or: [
          { "pairs.v.exclusive_goal_ended": { $ne: null } },
          {
            $and: [
              { "pairs.v.exclusive_goal": null },
              { "pairs.v.trigger_exclusive_goal_agreed": null },
              { "pairs.v.trigger_exclusive_goal_ended": null },
            ],
          },
        ],
      },
    },
    { $project: { _id: false, user_id: "$pairs.k", goal_id: "$pairs.v.trigger_exclusive_goal" } },
  ];

  test("finds the pairs that are pending or over, by their viewers", () => {
    const pairs = {
      vic: { trigger_exclusive_goal: g1 },
      wen: { trigger_exclusive_goal: g2, trigger_exclusive_goal_agreed: now, exclusive_goal: g2 },
      xan: { trigger_exclusive_goal: g3, exclusive_goal: g3, exclusive_goal_ended: now },
      yan: { trigger_exclusive_goal: g4, trigger_exclusive_goal_ended: now },
      "123": { trigger_exclusive_goal: g4, exclusive_goal: null },
    };
    const found = run([{ _id: session, exclusive_goal_pairs: pairs }, { _id: new ObjectId() }], pipeline);
    expect(found.toSorted()).toEqual([
      `{user_id: "123", goal_id: oid(${g4.toHexString()})}`,
      `{user_id: "vic", goal_id: oid(${g1.toHexString()})}`,
      `{user_id: "xan", goal_id: oid(${g3.toHexString()})}`,
    ]);
  });

  test.each([[{}], [{ exclusive_goal_pairs: null }], [{ exclusive_goal_pairs: {} }]])(
    "finds none in a session with %j",
    (fields) => {
      expect(run([{ _id: session, ...fields }], pipeline)).toEqual([]);
    },
  );
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
