import { describe, expect, test } from "vitest";
import type { Fields } from "../bson/fields.ts";
import { type Plain, toDoc } from "../wire/plain.ts";
import { neededFields } from "./needed-fields.ts";

interface Shown {
  readonly [name: string]: Shown | true;
}
const shown = (fields: Fields | undefined): Shown | undefined =>
  fields &&
  Object.fromEntries([...fields].map(([name, own]) => [name, own === "whole" || (shown(own) ?? true)]));

type Stage = { readonly [name: string]: Plain };
const needed = (filter: Stage, stage: Stage, sort?: Stage) =>
  shown(neededFields({ filter: toDoc(filter), sort: sort && toDoc(sort) }, [toDoc(stage)]));

describe("a pipeline that begins with a search needs", () => {
  test("what it filters and sorts by, and what it groups by and adds up", () => {
    const filter = { "a.x": 1, $or: [{ b: 2 }, { c: { $gt: 3 } }] };
    const group = {
      $group: { _id: { day: { $floor: "$d.at" } }, sum: { $sum: "$e" }, now: { $max: "$$NOW" } },
    };
    expect(needed(filter, group, { "f.g": -1 })).toEqual({
      _id: true,
      a: { x: true },
      b: true,
      c: true,
      d: { at: true },
      e: true,
      f: { g: true },
    });
  });

  test("of a field that is also needed whole, all", () => {
    expect(needed({ "a.x": 1 }, { $project: { a: 1, "b.y": 1, z: "$b" } })).toEqual({
      _id: true,
      a: true,
      b: true,
    });
    expect(needed({ a: 1 }, { $project: { _id: 0, n: { $add: ["$a.x", "$b.y"] } } })).toEqual({
      _id: true,
      a: true,
      b: { y: true },
    });
  });

  test.each<[string, Stage, Stage]>([
    ["an expression in the filter", { $expr: { $eq: ["$a", 1] } }, { $count: "n" }],
    ["a projection that leaves out", {}, { $project: { a: 0 } }],
    ["the document itself", {}, { $group: { _id: "$a", all: { $push: "$$ROOT" } } }],
    [
      "a field by a name that is computed",
      {},
      { $project: { a: { $getField: { field: "b", input: "$$CURRENT" } } } },
    ],
    ["another stage", {}, { $unwind: "$a" }],
  ])("all, where it holds %s", (_, filter, stage) => {
    expect(needed(filter, stage)).toBeUndefined();
  });
});
