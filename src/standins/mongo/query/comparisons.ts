import { BSONRegExp, ObjectId } from "bson";
import { compareValues, typeBracket } from "../bson/compare.ts";
import { isNaNValue } from "../bson/numbers.ts";
import { isNullish, isNumber } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { compileBsonRegex } from "./regex.ts";

export type ValueTest = (value: Value | undefined) => boolean;
export type Comparison = "$eq" | "$gt" | "$gte" | "$lt" | "$lte";

const outcomes: Readonly<Record<Comparison, (order: number) => boolean>> = {
  $eq: (order) => order === 0,
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
};

const MIN_KEY_BRACKET = -1;
const MAX_KEY_BRACKET = 127;

const isNaNNumber = (value: Value | undefined): boolean => isNumber(value) && isNaNValue(value);

/**
 * A comparison of the query language: only values of the operand's own bracket compare ("type bracketing"), but for
 * MinKey and MaxKey, which compare with everything. Null equals missing. NaN equals NaN and is neither less nor greater.
 */
export function comparison(operator: Comparison, operand: Value): ValueTest {
  const accepts = outcomes[operator];
  if (operand === null) return accepts(0) ? isNullish : () => false;
  const bracket = typeBracket(operand);
  const operandIsNaN = isNaNNumber(operand);
  if (bracket === MIN_KEY_BRACKET || bracket === MAX_KEY_BRACKET) {
    return (value) => accepts(Math.sign(typeBracket(value) - bracket));
  }
  if (operator === "$eq") {
    if (typeof operand === "string") return (value) => value === operand || symbolEquals(value, operand);
    if (operand instanceof ObjectId) return (value) => value instanceof ObjectId && operand.equals(value);
    return (value) => compareValues(value, operand) === 0;
  }
  return (value) => {
    if (typeBracket(value) !== bracket) return false;
    if (bracket === 10 && (operandIsNaN || isNaNNumber(value))) {
      return operandIsNaN && isNaNNumber(value) && accepts(0);
    }
    return accepts(compareValues(value, operand));
  };
}

function symbolEquals(value: Value | undefined, text: string): boolean {
  return typeof value === "object" && value !== null && compareValues(value, text) === 0;
}

/** Whether a string or a symbol matches the expression, or a stored expression is the very same. */
export function regexTest(regex: BSONRegExp): ValueTest {
  const compiled = compileBsonRegex(regex);
  return (value) => {
    if (typeof value === "string") return compiled.test(value);
    if (typeof value !== "object" || value === null || !("_bsontype" in value)) return false;
    if (value._bsontype === "BSONSymbol") return compiled.test(value.value);
    return (
      value._bsontype === "BSONRegExp" && value.pattern === regex.pattern && value.options === regex.options
    );
  };
}

/** Lists longer than this are searched by halving instead of one by one. */
const SHORT_LIST = 8;

/** The values of an `$in` (or `$nin`): equality with any of them; a regular expression among them matches as one. */
export function membership(operator: string, operand: Value): ValueTest {
  if (!Array.isArray(operand)) throw new MongoError(2, "BadValue", `${operator} needs an array`);
  const regexes: ValueTest[] = [];
  const values: Value[] = [];
  for (const item of operand) {
    if (item instanceof Map && item.keys().next().value?.startsWith("$") === true) {
      throw new MongoError(2, "BadValue", `cannot nest $ under ${operator}`);
    }
    if (item instanceof BSONRegExp) regexes.push(regexTest(item));
    else values.push(item);
  }
  const hasNull = values.includes(null);
  const isMember = values.length > SHORT_LIST ? sortedSearch(values) : linearSearch(values);
  return (value) =>
    (hasNull && isNullish(value)) ||
    (value !== undefined && isMember(value)) ||
    regexes.some((matches) => matches(value));
}

function linearSearch(values: readonly Value[]): (value: Value) => boolean {
  return (value) => values.some((other) => compareValues(value, other) === 0);
}

function sortedSearch(values: readonly Value[]): (value: Value) => boolean {
  const sorted = values.toSorted(compareValues);
  return (value) => {
    let low = 0;
    let high = sorted.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = compareValues(sorted[middle], value);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  };
}
