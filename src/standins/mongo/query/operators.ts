import { BSONRegExp } from "bson";
import { parsePath } from "../bson/paths.ts";
import { toDouble, toIndex } from "../bson/numbers.ts";
import { isDoc, isNumber } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { comparison, membership, regexTest } from "./comparisons.ts";
import type { ValueTest } from "./comparisons.ts";
import { modTest, typeTest } from "./operands.ts";
import { every, never, not, some } from "./predicate.ts";
import type { Predicate } from "./predicate.ts";

const badValue = (message: string): MongoError => new MongoError(2, "BadValue", message);

/** Compiles a whole filter: `$elemMatch` needs it for the documents within an array. */
type CompileFilter = (filter: Doc) => (doc: Doc) => boolean;

/** Operators that MongoDB has and this server has not. */
const refused = new Set([
  "$geoIntersects",
  "$geoWithin",
  "$near",
  "$nearSphere",
  "$bitsAllClear",
  "$bitsAllSet",
  "$bitsAnyClear",
  "$bitsAnySet",
]);

/** Whether a value in a filter is a set of operators (`{$gt: 5}`) and not a document to be equal to. */
export function isOperators(value: Value): value is Doc {
  if (!isDoc(value)) return false;
  const first = value.keys().next().value;
  return (
    first !== undefined && first.startsWith("$") && first !== "$ref" && first !== "$id" && first !== "$db"
  );
}

/** The condition that a filter puts on one field: operators, a regular expression, or a value to be equal to. */
export function fieldPredicate(value: Value, path: string, compile: CompileFilter): Predicate {
  if (isOperators(value)) return operatorsPredicate(value, path, compile);
  if (value instanceof BSONRegExp) return some(regexTest(value));
  return some(comparison("$eq", value));
}

function operatorsPredicate(operators: Doc, path: string, compile: CompileFilter): Predicate {
  const predicates: Predicate[] = [];
  for (const [operator, operand] of operators) {
    if (operator === "$options") {
      if (!operators.has("$regex")) throw badValue("$options needs a $regex");
    } else predicates.push(operatorPredicate(operator, operand, operators, path, compile));
  }
  return every(predicates);
}

function operatorPredicate(
  operator: string,
  operand: Value,
  operators: Doc,
  path: string,
  compile: CompileFilter,
): Predicate {
  switch (operator) {
    case "$eq":
      return some(comparison("$eq", operand));
    case "$gt":
    case "$gte":
    case "$lt":
    case "$lte":
      if (operand instanceof BSONRegExp) {
        throw badValue(`Can't have RegEx as arg to predicate over field '${path}'.`);
      }
      return some(comparison(operator, operand));
    case "$ne":
      if (operand instanceof BSONRegExp) throw badValue("Can't have regex as arg to $ne.");
      return not(some(comparison("$eq", operand)));
    case "$in":
      return some(membership(operator, operand));
    case "$nin":
      return not(some(membership(operator, operand)));
    case "$exists":
      return isTrue(operand) ? exists : not(exists);
    case "$not":
      return not(notOperand(operand, path, compile));
    case "$all":
      return allPredicate(operand, path, compile);
    case "$elemMatch":
      return elemMatch(operand, path, compile);
    case "$regex":
      return some(regexTest(regexOperand(operand, operators.get("$options"))));
    case "$size":
      return sizePredicate(operand);
    case "$mod":
      return some(modTest(operand));
    case "$type":
      return some(typeTest(operand));
    case "$comment":
      return every([]);
    default:
      if (refused.has(operator)) {
        throw new MongoError(115, "CommandNotSupported", `The query operator ${operator} is not supported`);
      }
      throw badValue(`unknown operator: ${operator}`);
  }
}

const exists: Predicate = some((value) => value !== undefined);

/** What counts as true where an operator takes a flag: anything but false, zero and null. */
function isTrue(value: Value): boolean {
  if (isNumber(value)) return toDouble(value) !== 0;
  return value !== false && value !== null;
}

function notOperand(operand: Value, path: string, compile: CompileFilter): Predicate {
  if (operand instanceof BSONRegExp) return some(regexTest(operand));
  if (!isDoc(operand)) throw badValue("$not needs a regex or a document");
  if (operand.size === 0) throw badValue("$not cannot be empty");
  return operatorsPredicate(operand, path, compile);
}

function allPredicate(operand: Value, path: string, compile: CompileFilter): Predicate {
  if (!Array.isArray(operand)) throw badValue("$all needs an array");
  if (operand.length === 0) return never;
  const inners = operand.map((item) => (isDoc(item) ? item.keys().next().value : undefined));
  if (inners[0] === "$elemMatch") {
    return every(
      operand.map((item, index) => {
        if (!isDoc(item) || inners[index] !== "$elemMatch")
          throw badValue("$all/$elemMatch has to be consistent");
        return operatorsPredicate(item, path, compile);
      }),
    );
  }
  if (inners.some((name) => name?.startsWith("$") === true)) throw badValue("no $ expressions in $all");
  return every(
    operand.map((item) => some(item instanceof BSONRegExp ? regexTest(item) : comparison("$eq", item))),
  );
}

const logical = new Set(["$and", "$or", "$nor", "$expr", "$where", "$comment"]);

function elemMatch(operand: Value, path: string, compile: CompileFilter): Predicate {
  return some(elemMatchTest(operand, path, compile), "array");
}

/** Whether a value is an array of which some element fulfils all of the conditions. */
export function elemMatchTest(operand: Value, path: string, compile: CompileFilter): ValueTest {
  if (!isDoc(operand)) throw badValue("$elemMatch needs an Object");
  const first = operand.keys().next().value ?? "";
  if (isOperators(operand) && !logical.has(first)) {
    const inner = operatorsPredicate(operand, path, compile);
    return (value) => Array.isArray(value) && value.some((item) => inner.ofValue(item));
  }
  const matches = compile(operand);
  return (value) =>
    Array.isArray(value) &&
    value.some((item) => {
      if (isDoc(item)) return matches(item);
      // An array within the array counts as a document whose fields are its positions.
      return Array.isArray(item) && matches(new Map(item.map((inner, index) => [String(index), inner])));
    });
}

function regexOperand(operand: Value, options: Value | undefined): BSONRegExp {
  if (options !== undefined && typeof options !== "string") throw badValue("$options has to be a string");
  if (operand instanceof BSONRegExp) {
    if (options === undefined) return operand;
    if (operand.options !== "") {
      throw new MongoError(51074, "Location51074", "options set in both $regex and $options");
    }
    return makeRegex(operand.pattern, options);
  }
  if (typeof operand !== "string") throw badValue("$regex has to be a string");
  return makeRegex(operand, options ?? "");
}

function makeRegex(pattern: string, options: string): BSONRegExp {
  const unknown = /[^imsxu]/.exec(options);
  if (unknown !== null) {
    throw new MongoError(51108, "Location51108", `invalid flag in regex options: ${unknown[0]}`);
  }
  if (pattern.includes("\0")) throw badValue("Regular expression cannot contain an embedded null byte");
  return new BSONRegExp(pattern, options);
}

function sizePredicate(operand: Value): Predicate {
  if (!isNumber(operand)) throw badValue("$size needs a number");
  const size = toIndex(operand);
  if (size === undefined) throw badValue("$size must be a whole number");
  if (size < 0) throw badValue(`$size may not be negative: ${size}`);
  return some((value) => Array.isArray(value) && value.length === size, "array");
}

/** Compiles the condition on a dotted path to a test of documents. */
export function pathTest(path: string, value: Value, compile: CompileFilter): (doc: Doc) => boolean {
  const parsed = parsePath(path);
  const predicate = fieldPredicate(value, path, compile);
  return (doc) => predicate.atPath(doc, parsed);
}
