import { Double, Long, MinKey } from "bson";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyDoc } from "../bson/arbitrary.ts";
import { doc, show } from "../bson/shell.ts";
import type { Doc, Value } from "../bson/value.ts";
import { compileSort, sortDocs } from "./sort.ts";

type Plain = Record<string, unknown>;

const ids = (docs: readonly Doc[]): Value[] => docs.map((one) => one.get("_id") ?? null);
const sorted = (values: unknown[], spec: Plain): string => {
  const docs = values.map((a, index) => doc(a === undefined ? { _id: index } : { _id: index, a }));
  return show(ids(sortDocs(docs, doc(spec))));
};

describe("a sort", () => {
  test("goes by MongoDB's order over all types; missing is null, an empty array comes before", () => {
    const values = ["x", 2, null, undefined, new Double(1.5), [], new MinKey(), true, Long.fromInt(1)];
    expect(sorted(values, { a: 1 })).toBe("[6, 5, 2, 3, 8, 4, 1, 0, 7]");
    expect(sorted(values, { a: -1 })).toBe("[7, 0, 1, 4, 8, 2, 3, 5, 6]");
  });

  test("takes an array's least element ascending and its greatest descending", () => {
    const values = [[5, 1], [3], 4];
    expect(sorted(values, { a: 1 })).toBe("[0, 1, 2]");
    expect(sorted(values, { a: -1 })).toBe("[0, 2, 1]");
  });

  test("looks through documents and arrays, and by position", () => {
    const values = [{ b: 3 }, [{ b: 2 }, { b: 9 }], {}, 7, [{ c: 1 }]];
    expect(sorted(values, { "a.b": 1 })).toBe("[2, 3, 4, 1, 0]");
    expect(
      sorted(
        [
          [1, 9],
          [5, 2],
        ],
        { "a.1": 1 },
      ),
    ).toBe("[1, 0]");
  });

  test("goes on with the next field where the first is equal", () => {
    const docs = [
      doc({ _id: 1, a: 1, b: 1 }),
      doc({ _id: 2, a: 2, b: 5 }),
      doc({ _id: 3, a: new Double(1), b: 2 }),
    ];
    expect(show(ids(sortDocs(docs, doc({ a: -1, b: -1 }))))).toBe("[2, 3, 1]");
  });

  test.each<[Plain, number]>([
    [{ a: 2 }, 15975],
    [{ a: "asc" }, 15974],
    [{ a: { $meta: "textScore" } }, 115],
    [{ $a: 1 }, 16410],
  ])("%j is refused", (spec, code) => {
    expect(() => compileSort(doc(spec))).toThrow(expect.objectContaining({ code }) as Error);
  });

  test("is a total order, and descending the reverse for documents without arrays", () => {
    const [up, down] = [compileSort(doc({ a: 1 })), compileSort(doc({ a: -1 }))];
    fc.assert(
      fc.property(anyDoc, anyDoc, anyDoc, (a, b, c) => {
        expect(up(a, b) + up(b, a)).toBe(0);
        expect(up(a, b) <= 0 && up(b, c) <= 0 && up(a, c) > 0).toBe(false);
        const arrays = show(a).includes("[") || show(b).includes("[");
        expect(arrays || down(a, b) === 0 - up(a, b)).toBe(true);
      }),
    );
  });
});
