import { Code, DBRef, Int32, ObjectId } from "bson";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyDoc } from "./arbitrary.ts";
import { encodeDocument } from "./codec.ts";
import { type Fields, decodeFields } from "./fields.ts";
import { show } from "./shell.ts";
import type { Doc, Value } from "./value.ts";

const names = fc.constantFrom("a", "b", "c", "0", "\u{1F600}");
const { fields } = fc.letrec<{ fields: Fields; wanted: Fields | "whole" }>((tie) => ({
  fields: fc.array(fc.tuple(names, tie("wanted")), { maxLength: 3 }).map((pairs): Fields => new Map(pairs)),
  wanted: fc.oneof({ maxDepth: 2 }, fc.constant("whole" as const), tie("fields")),
}));

const within = (value: Value, wanted: Fields | "whole"): Value =>
  wanted !== "whole" && value instanceof Map ? part(value, wanted) : value;

/** The same of a document that was read whole. */
const part = (doc: Doc, wanted: Fields): Doc =>
  new Map(
    [...doc].flatMap(([name, value]) => {
      const own = wanted.get(name);
      return own === undefined ? [] : [[name, within(value, own)] as const];
    }),
  );

describe("some fields of a document", () => {
  test("are read as they are when all of it is read", () => {
    fc.assert(
      fc.property(anyDoc, fields, (doc, wanted) => {
        expect(show(decodeFields(encodeDocument(doc), wanted))).toEqual(show(part(doc, wanted)));
      }),
    );
  });

  test("are found behind values of rare types", () => {
    const id = new ObjectId();
    const doc: Doc = new Map<string, Value>([
      ["reference", new DBRef("goals", id)],
      ["code", new Code("f()", new Map([["x", new Int32(1)]]) as never)],
      ["a", new Int32(2)],
    ]);
    expect(decodeFields(encodeDocument(doc), new Map([["a", "whole"]]))).toEqual(
      new Map([["a", new Int32(2)]]),
    );
  });
});
