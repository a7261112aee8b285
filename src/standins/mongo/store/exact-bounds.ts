import { isNaNValue } from "../bson/numbers.ts";
import { isNumber } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import type { IndexPlan } from "./plan.ts";

const comparisons = new Set(["$gt", "$gte", "$lt", "$lte"]);

/**
 * Whether the entries within a plan's bounds are those of the matching documents, each once: then they can be counted
 * without a look at the documents. Only the plain cases count: each field of the filter has bounds of its own, by
 * equality with one value or by comparisons; and where a field has several values in a document, one of them is held
 * fast, so that the document has one such entry.
 */
export function areExact({ index, bounds }: IndexPlan, filter: Doc): boolean {
  if (filter.size === 0 || bounds.fields.length !== filter.size) return false;
  const isPlain = bounds.fields.every(({ path, equals }) => {
    const condition = filter.get(path);
    if (condition === undefined) return false;
    return condition instanceof Map
      ? equals === undefined && isComparison(condition)
      : equals?.length === 1 && isOneValue(condition);
  });
  return (
    isPlain &&
    index.multikey.every((isMultiple, position) => {
      return !isMultiple || bounds.fields[position]?.equals?.length === 1;
    })
  );
}

const isComparison = (condition: Doc): boolean =>
  condition.size > 0 &&
  [...condition].every(([operator, operand]) => comparisons.has(operator) && isOrdered(operand));

/** Types whose comparisons find what an index holds between two keys, and nothing else. */
const isOrdered = (value: Value): boolean =>
  typeof value === "string" || value instanceof Date || (isNumber(value) && !isNaNValue(value));

const isOneValue = (value: Value): boolean =>
  typeof value === "boolean" ||
  isOrdered(value) ||
  (typeof value === "object" && value !== null && "_bsontype" in value && value._bsontype === "ObjectId");
