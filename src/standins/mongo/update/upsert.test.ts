import { describe, expect, test } from "vitest";
import { doc, show } from "../bson/shell.ts";
import { upsertSeed } from "./upsert.ts";

describe("an upsert begins from the equalities of its filter", () => {
  const cases: [Record<string, unknown>, string][] = [
    [{}, "{}"],
    [{ b: 1, a: "x", _id: 5 }, '{_id: 5, a: "x", b: 1}'],
    [{ "a.c": 1, "a.b": { $eq: 2 } }, "{a: {b: 2, c: 1}}"],
    [{ a: { $gt: 1 }, b: { $ne: 1 }, c: /x/, d: { $exists: true } }, "{}"],
    [{ $and: [{ a: 1 }, { $or: [{ b: 2 }] }] }, "{a: 1, b: 2}"],
    [{ $or: [{ a: 1 }, { b: 2 }], $nor: [{ c: 1 }] }, "{}"],
    [{ a: { $in: [1] }, b: { $in: [1, 2] }, c: { $all: [3] } }, "{a: 1, c: 3}"],
    [{ a: { $elemMatch: { b: 1 } }, c: null }, "{c: null}"],
    [{ a: [1, 2], b: { c: 1 } }, "{a: [1, 2], b: {c: 1}}"],
  ];
  test.each(cases)("%j", (filter, seed) => {
    expect(show(upsertSeed(doc(filter)))).toBe(seed);
  });

  test.each([[{ $and: [{ a: 1 }, { a: 2 }] }], [{ a: { b: 1 }, "a.c": 2 }]])("%j is refused", (filter) => {
    expect(() => upsertSeed(doc(filter))).toThrow("cannot infer query fields to set");
  });
});
