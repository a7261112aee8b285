import { Long } from "bson";
import { describe, expect, test } from "vitest";
import { doc } from "../bson/shell.ts";
import type { Doc } from "../bson/value.ts";
import { applyUpdate } from "./apply.ts";

type Plain = Record<string, unknown>;

const update = (before: Plain, change: Plain | Plain[]): Doc =>
  applyUpdate(doc(before), Array.isArray(change) ? change.map(doc) : doc(change), {
    isUpsertInsert: false,
    now: new Date(0),
    filter: new Map(),
  });

describe("refused is", () => {
  const refusals: [Plain, Plain | Plain[], number, string][] = [
    [{ _id: 1 }, { $set: { _id: 2 } }, 66, "would modify the immutable field '_id'"],
    [{ _id: 1 }, { $unset: { _id: 1 } }, 66, "would modify the immutable field '_id'"],
    [{ _id: 1 }, { _id: 2 }, 66, "was found to have been altered to _id: 2"],
    [{ _id: 1 }, [{ $set: { _id: 2 } }], 66, "was found to have been altered"],
    [
      { _id: 1 },
      { $set: { a: 1 }, $inc: { a: 1 } },
      40,
      "Updating the path 'a' would create a conflict at 'a'",
    ],
    [{ _id: 1 }, { $set: { a: 1, "a.b": 1 } }, 40, "Updating the path 'a.b' would create a conflict at 'a'"],
    [{ _id: 1 }, { $set: { "a.b": 1, a: 1 } }, 40, "Updating the path 'a' would create a conflict at 'a'"],
    [
      { _id: 1, a: "x" },
      { $inc: { a: 1 } },
      14,
      "Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field 'a' of non-numeric type string",
    ],
    [{ _id: 1 }, { $inc: { a: "x" } }, 14, 'Cannot increment with non-numeric argument: {a: "x"}'],
    [{ _id: 1, a: null }, { $inc: { a: 1 } }, 14, "non-numeric type null"],
    [{ _id: 1, a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2, "Failed to apply $inc operations"],
    [{ _id: 1, a: 5 }, { $set: { "a.b": 1 } }, 28, "Cannot create field 'b' in element {a: 5}"],
    [{ _id: 1, a: null }, { $set: { "a.b": 1 } }, 28, "Cannot create field 'b' in element {a: null}"],
    [{ _id: 1, a: [] }, { $set: { "a.b": 1 } }, 28, "Cannot create field 'b' in element {a: [ ... ]}"],
    [
      { _id: 1, a: 1 },
      { $push: { a: 1 } },
      2,
      "The field 'a' must be an array but is of type int in document {_id: 1}",
    ],
    [{ _id: 1, a: 1 }, { $addToSet: { a: 1 } }, 2, "Cannot apply $addToSet to non-array field"],
    [{ _id: 1, a: 1 }, { $pull: { a: 1 } }, 2, "Cannot apply $pull to a non-array value"],
    [{ _id: 1, a: 1 }, { $pop: { a: 1 } }, 14, "contains an element of non-array type 'int'"],
    [{ _id: 1 }, { $pop: { a: 2 } }, 9, "$pop expects 1 or -1, found: 2"],
    [{ _id: 1 }, { $push: { a: { $each: 1 } } }, 2, "$each in $push must be an array"],
    [{ _id: 1 }, { $push: { a: { $each: [], $foo: 1 } } }, 2, "Unrecognized clause in $push: $foo"],
    [{ _id: 1 }, { $foo: { a: 1 } }, 9, "Unknown modifier: $foo"],
    [{ _id: 1 }, { $set: { a: 1 }, b: 1 }, 9, "Unknown modifier: b"],
    [{ _id: 1 }, { $set: 5 }, 9, "Modifiers operate on fields but we found type int instead"],
    [{ _id: 1 }, { a: 1, $set: { b: 1 } }, 52, "The dollar ($) prefixed field '$set'"],
    [{ _id: 1 }, { $set: { "": 1 } }, 56, "An empty update path is not valid."],
    [{ _id: 1 }, { $set: { "a..b": 1 } }, 56, "contains an empty field name"],
    [{ _id: 1 }, { $set: { "a.$b": 1 } }, 52, "The dollar ($) prefixed field '$b'"],
    [{ _id: 1, a: 1 }, { $rename: { a: "a" } }, 2, "must differ"],
    [{ _id: 1, a: 1 }, { $rename: { a: 1 } }, 2, "must be a string"],
    [{ _id: 1, a: [{ b: 1 }] }, { $rename: { "a.b": "c" } }, 2, "cannot be an array element"],
    [{ _id: 1 }, [{ $match: {} }], 72, "$match is not allowed to be used within an update"],
    [{ _id: 1 }, [{ $set: { a: 1 }, $unset: "a" }], 40323, "exactly one field"],
  ];
  test.each(refusals)("for %j the update %j", (before, change, code, message) => {
    const refusal = (() => {
      try {
        return update(before, change);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toMatchObject({ code });
    expect(String(refusal)).toContain(message);
  });
});
