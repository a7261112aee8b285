import { Double, ObjectId } from "bson";
import { typeBracket } from "../bson/compare.ts";
import { isNaNValue } from "../bson/numbers.ts";
import { isNumber } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";

/** One end of a range of values in MongoDB's order. */
interface Bound {
  readonly value: Value;
  readonly inclusive: boolean;
}

/**
 * What one condition of a filter says of the values that an index holds for a path (`indexValues`) in a document that
 * matches: at least one of them equals one of `equals`, or at least one of them lies between `lower` and `upper`.
 *
 * Each constraint holds by itself. Two on one path may be met by two different elements of an array, so that they may
 * be intersected to one range only where no document has an array on that path; and so may, in a compound index, two
 * on paths that share an array.
 */
export interface FieldConstraint {
  readonly path: string;
  readonly equals?: readonly Value[];
  readonly lower?: Bound;
  readonly upper?: Bound;
}

/** The farthest date that JavaScript (and so this server) holds, in milliseconds from the epoch. */
const LAST_DATE = 8.64e15;

/**
 * The range of all values of one type, where its ends can be written as values: comparisons stay within their operand's
 * type, so that `{exp: {$lt: date}}` finds no nulls.
 */
function typeRange(operand: Value): { lower: Bound; upper: Bound } | undefined {
  if (typeof operand === "string") {
    return { lower: { value: "", inclusive: true }, upper: { value: new Map(), inclusive: false } };
  }
  if (typeof operand === "boolean") {
    return { lower: { value: false, inclusive: true }, upper: { value: true, inclusive: true } };
  }
  if (operand instanceof Date) {
    return {
      lower: { value: new Date(-LAST_DATE), inclusive: true },
      upper: { value: new Date(LAST_DATE), inclusive: true },
    };
  }
  if (operand instanceof ObjectId) {
    return {
      lower: { value: new ObjectId("0".repeat(24)), inclusive: true },
      upper: { value: new ObjectId("f".repeat(24)), inclusive: true },
    };
  }
  if (isNumber(operand)) {
    // NaN is the least number, and neither less nor greater than any for a comparison.
    return {
      lower: { value: new Double(Number.NaN), inclusive: false },
      upper: { value: new Double(Infinity), inclusive: true },
    };
  }
  return undefined;
}

const MIN_KEY = -1;
const MAX_KEY = 127;

/** The constraint that a comparison puts on an index, or undefined where it puts none that is sound. */
export function rangeConstraint(
  path: string,
  operator: "$gt" | "$gte" | "$lt" | "$lte",
  operand: Value,
): FieldConstraint | undefined {
  const bracket = typeBracket(operand);
  if (bracket === MIN_KEY || bracket === MAX_KEY || Array.isArray(operand)) return undefined;
  const inclusive = operator === "$gte" || operator === "$lte";
  // Of null nothing is less or greater; `$gte: null` is the same as `$eq: null`. Likewise NaN.
  if (operand === null || (isNumber(operand) && isNaNValue(operand))) {
    return { path, equals: inclusive ? [operand] : [] };
  }
  const bound: Bound = { value: operand, inclusive };
  const range = typeRange(operand);
  if (operator === "$gt" || operator === "$gte") {
    return range === undefined ? { path, lower: bound } : { path, lower: bound, upper: range.upper };
  }
  return range === undefined ? { path, upper: bound } : { path, lower: range.lower, upper: bound };
}
