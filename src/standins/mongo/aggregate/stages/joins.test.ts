import { Double, ObjectId } from "bson";
import { describe, expect, test } from "vitest";
import { doc, show } from "../../bson/shell.ts";
import { runPipeline } from "../pipeline.ts";
import type { PipelineContext } from "../pipeline.ts";

type Plain = Record<string, unknown>;

const now = new Date("2026-11-22T10:00:00.000Z");

const context = (collections: Record<string, Plain[]> = {}): PipelineContext => ({
  now,
  collection: (name) => (collections[name] ?? []).map(doc),
});

/** The documents that a pipeline gives, one a line. */
const run = (docs: Plain[], pipeline: Plain[], collections?: Record<string, Plain[]>): string[] =>
  [...runPipeline(pipeline.map(doc), docs.map(doc), context(collections))].map(show);

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
    const match = {
      $match: {
        b: 1,
        $or: [{ $expr: { $eq: ["$d", "$$v"] } }],
        $expr: { $and: [{ $eq: ["$_id", "$$v"] }, { $gt: ["$c", 1] }] },
      },
    };
    const stages: Plain[] = [
      { $lookup: { from: "u", localField: "x", foreignField: "_id", as: "p" } },
      { $lookup: { from: "u", let: { v: "$x" }, pipeline: [match], as: "q" } },
      { $lookup: { from: "u", pipeline: [], as: "r" } },
    ];
    expect([...runPipeline(stages.map(doc), [doc({ x: 5 })], recording)]).toHaveLength(1);
    expect(asked).toEqual(["{_id: {$eq: 5}}", "{$and: [{b: 1}, {_id: {$eq: 5}}]}", "missing"]);
  });
});
