import { describe, expect, test } from "vitest";
import { doc } from "../bson/shell.ts";
import { MongoError } from "../error.ts";
import { compileFilter } from "./filter.ts";

type Plain = Record<string, unknown>;

describe("what is no filter is refused", () => {
  const refusals: [Plain, number, string][] = [
    [{ a: { $foo: 1 } }, 2, "unknown operator: $foo"],
    [{ a: { $gt: 1, b: 2 } }, 2, "unknown operator: b"],
    [{ $foo: 1 }, 2, "unknown top level operator: $foo"],
    [{ $or: [] }, 2, "$and/$or/$nor must be a nonempty array"],
    [{ $and: {} }, 2, "$and must be an array"],
    [{ $nor: [1] }, 2, "$or/$and/$nor entries need to be full objects"],
    [{ a: { $in: 1 } }, 2, "$in needs an array"],
    [{ a: { $nin: "x" } }, 2, "$nin needs an array"],
    [{ a: { $in: [{ $gt: 1 }] } }, 2, "cannot nest $ under $in"],
    [{ a: { $not: 5 } }, 2, "$not needs a regex or a document"],
    [{ a: { $not: {} } }, 2, "$not cannot be empty"],
    [{ a: { $ne: /x/ } }, 2, "Can't have regex as arg to $ne."],
    [{ a: { $gt: /x/ } }, 2, "Can't have RegEx as arg to predicate over field 'a'."],
    [{ a: { $all: 1 } }, 2, "$all needs an array"],
    [{ a: { $elemMatch: 1 } }, 2, "$elemMatch needs an Object"],
    [{ a: { $size: -1 } }, 2, "$size may not be negative"],
    [{ a: { $options: "i" } }, 2, "$options needs a $regex"],
    [{ a: { $regex: 1 } }, 2, "$regex has to be a string"],
    [{ a: { $regex: "(" } }, 51091, "Regular expression is invalid"],
    [{ a: { $regex: "a", $options: "q" } }, 51108, "invalid flag in regex options: q"],
    [{ a: { $mod: [0, 1] } }, 2, "divisor cannot be 0"],
    [{ a: { $mod: [1] } }, 2, "malformed mod, not enough elements"],
    [{ a: { $type: "strin" } }, 2, "Unknown type name alias: strin"],
    [{ a: { $type: 99 } }, 2, "Invalid numerical type code: 99"],
    [{ a: { $near: [0, 0] } }, 115, "$near is not supported"],
    [{ $where: "true" }, 115, "$where is not supported"],
    [{ $expr: { $foo: 1 } }, 168, "Unrecognized expression '$foo'"],
    [{ $expr: "$$nobody" }, 17276, "Use of undefined variable: nobody"],
  ];
  test.each(refusals)("%j", (filter, code, message) => {
    const refusal = (() => {
      try {
        return compileFilter(doc(filter));
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(MongoError);
    expect(refusal).toMatchObject({ code });
    expect(String(refusal)).toContain(message);
  });
});
