import { describe, expect, test } from "vitest";
import { doc, show } from "../bson/shell.ts";
import { compileProjection } from "./projection.ts";

type Plain = Record<string, unknown>;
const project = (spec: Plain, of: Plain): string => show(compileProjection(doc(spec))(doc(of)));

describe("a projection", () => {
  const of = { _id: 1, a: 1, b: { c: 2, d: 3 }, e: [{ f: 1, g: 2 }, 5, [{ f: 3, g: 4 }]] };
  const cases: [Plain, Plain, string][] = [
    [{}, { _id: 1, a: 1 }, "{_id: 1, a: 1}"],
    [{ a: 1 }, of, "{_id: 1, a: 1}"],
    [{ "b.d": true, a: 1 }, of, "{_id: 1, a: 1, b: {d: 3}}"],
    [{ b: { c: 1 } }, of, "{_id: 1, b: {c: 2}}"],
    [{ _id: 0, a: 1 }, of, "{a: 1}"],
    [{ _id: 1 }, of, "{_id: 1}"],
    [{ _id: false }, { _id: 1, a: 1 }, "{a: 1}"],
    [{ "e.f": 1 }, of, "{_id: 1, e: [{f: 1}, [{f: 3}]]}"],
    [{ "e.f": 0, b: 0, a: 0 }, of, "{_id: 1, e: [{g: 2}, 5, [{g: 4}]]}"],
    [{ "a.x": 1 }, of, "{_id: 1}"],
    [{ "a.x": 0 }, { _id: 1, a: 1 }, "{_id: 1, a: 1}"],
    [{ x: "$b.c", a: 1, y: { $add: ["$a", 1] } }, of, "{_id: 1, a: 1, x: 2, y: 2}"],
    [{ x: "text", _id: 0 }, of, '{x: "text"}'],
    [{ x: "$nothing" }, of, "{_id: 1}"],
    [{ "b.z": "$a" }, of, "{_id: 1, b: {z: 1}}"],
    [{ l: { $slice: 1 } }, { _id: 1, l: [1, 2], k: 1 }, "{_id: 1, l: [1], k: 1}"],
    [{ l: { $slice: -1 }, k: 1 }, { _id: 1, l: [1, 2], k: 1, m: 1 }, "{_id: 1, l: [2], k: 1}"],
    [{ l: { $slice: [1, 2] }, k: 0 }, { _id: 1, l: [1, 2, 3, 4], k: 1 }, "{_id: 1, l: [2, 3]}"],
    [{ l: { $elemMatch: { $gt: 1 } } }, { _id: 1, l: [1, 2, 3], k: 1 }, "{_id: 1, l: [2]}"],
    [{ l: { $elemMatch: { x: 9 } } }, { _id: 1, l: [{ x: 1 }] }, "{_id: 1}"],
  ];
  test.each(cases)("%j of %j", (spec, document, result) => {
    expect(project(spec, document)).toBe(result);
  });
});

describe("refused is", () => {
  const refusals: [Plain, number][] = [
    [{ a: 1, b: 0 }, 31254],
    [{ a: 0, b: 1 }, 31253],
    [{ a: 0, b: "$c" }, 31252],
    [{ a: 1, "a.b": 1 }, 31250],
    [{ "a.b": 1, a: 1 }, 31249],
    [{ a: {} }, 51270],
    [{ "a..b": 1 }, 15998],
    [{ "a.$": 1 }, 115],
    [{ a: { $meta: "textScore" } }, 115],
    [{ a: { $foo: 1 } }, 168],
  ];
  test.each(refusals)("%j", (spec, code) => {
    const refusal = (() => {
      try {
        return compileProjection(doc(spec));
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toMatchObject({ code });
  });
});
