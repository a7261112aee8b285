import { BSONRegExp } from "bson";
import { isDoc } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { isOperators } from "../query/operators.ts";
import { makeChange } from "./change.ts";

/**
 * The document which an upsert begins from: the fields that its filter says to be equal to one value, in the order of
 * their paths, `_id` first. Looked at are the filter itself, `$and`, and `$or` or `$in` or `$all` with one choice only.
 * Throws 54 (NotSingleValueField) when the filter gives one path two values.
 */
export function upsertSeed(filter: Doc): Doc {
  const values = new Map<string, Value>();
  collect(filter, values);
  const paths = [...values.keys()].toSorted((left, right) => {
    const ids = Number(right === "_id") - Number(left === "_id");
    return ids === 0 ? (left < right ? -1 : 1) : ids;
  });
  refuseNested(paths);
  return paths.reduce<Doc>((doc, path) => {
    const value = values.get(path) ?? null;
    return makeChange(doc, { operator: "$set", path: path.split("."), effect: () => ({ value }) });
  }, new Map());
}

function twice(path: string): MongoError {
  return new MongoError(
    54,
    "NotSingleValueField",
    `cannot infer query fields to set, path '${path}' is matched twice`,
  );
}

function refuseNested(paths: readonly string[]): void {
  for (const path of paths) {
    const inner = paths.find((other) => other.startsWith(`${path}.`));
    if (inner !== undefined) {
      throw new MongoError(
        54,
        "NotSingleValueField",
        `cannot infer query fields to set, both paths '${path}' and '${inner}' are matched`,
      );
    }
  }
}

function collect(filter: Doc, values: Map<string, Value>): void {
  for (const [name, value] of filter) {
    if (name === "$and" || (name === "$or" && Array.isArray(value) && value.length === 1)) {
      for (const branch of Array.isArray(value) ? value : []) if (isDoc(branch)) collect(branch, values);
    } else if (!name.startsWith("$")) {
      for (const equal of equalities(value)) {
        if (values.has(name)) throw twice(name);
        values.set(name, equal);
      }
    }
  }
}

function equalities(value: Value): Value[] {
  if (value instanceof BSONRegExp) return [];
  if (!isOperators(value)) return [value];
  return Array.from(value).flatMap(([operator, operand]) => {
    if (operator === "$eq") return [operand];
    const single =
      (operator === "$in" || operator === "$all") && Array.isArray(operand) && operand.length === 1;
    const [only] = single ? operand : [];
    return only === undefined || only instanceof BSONRegExp || isOperators(only) ? [] : [only];
  });
}
