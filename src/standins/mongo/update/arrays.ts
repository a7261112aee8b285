import { BSONRegExp } from "bson";
import { valuesEqual } from "../bson/compare.ts";
import { toIndex } from "../bson/numbers.ts";
import { parsePath } from "../bson/paths.ts";
import { isDoc, isNumber, typeName } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { compileFilter } from "../query/filter.ts";
import { fieldPredicate, isOperators } from "../query/operators.ts";
import { sortValues } from "../query/sort.ts";
import { brief, named } from "./change.ts";
import type { Outcome } from "./change.ts";

type Effect = (current: Value | undefined) => Outcome;

const badValue = (message: string): MongoError => new MongoError(2, "BadValue", message);

/** The values that `$push` and `$addToSet` add: those of `$each`, or the operand itself. */
function added(operator: string, operand: Value): { values: readonly Value[]; clauses: Doc | undefined } {
  if (!isDoc(operand) || operand.keys().next().value !== "$each") {
    if (!isDoc(operand) || !operand.has("$each") || operator === "$addToSet") {
      return { values: [operand], clauses: undefined };
    }
  }
  const each = operand.get("$each");
  if (!Array.isArray(each)) {
    throw badValue(
      `The argument to $each in ${operator} must be an array but it was of type: ${each === undefined ? "missing" : typeName(each)}`,
    );
  }
  return { values: each, clauses: operand };
}

function whole(clause: string, value: Value): number {
  const number = isNumber(value) ? toIndex(value) : undefined;
  if (number === undefined) {
    throw badValue(`The value for ${clause} must be an integer value but was given type: ${typeName(value)}`);
  }
  return number;
}

/** `$push` with `$each`, `$position`, `$sort` and `$slice`, which apply in this order. */
export function push(field: string, operand: Value, doc: Doc): Effect {
  const { values, clauses } = added("$push", operand);
  const steps: ((items: Value[]) => Value[])[] = [];
  for (const name of clauses?.keys() ?? []) {
    if (!["$each", "$position", "$sort", "$slice"].includes(name)) {
      throw badValue(`Unrecognized clause in $push: ${name}`);
    }
  }
  const position = clauses?.get("$position");
  const at = position === undefined ? Infinity : whole("$position", position);
  const sort = clauses?.get("$sort");
  if (sort !== undefined) {
    sortValues([], sort);
    steps.push((items) => sortValues(items, sort));
  }
  const slice = clauses?.get("$slice");
  if (slice !== undefined) {
    const count = whole("$slice", slice);
    steps.push((items) => (count < 0 ? items.slice(count) : items.slice(0, count)));
  }
  return (current) => {
    if (current !== undefined && !Array.isArray(current)) {
      throw badValue(
        `The field '${field}' must be an array but is of type ${typeName(current)} in document ${named(doc)}`,
      );
    }
    const items = current ?? [];
    const joined = items.toSpliced(at, 0, ...values);
    return { value: steps.reduce((result, step) => step(result), joined) };
  };
}

/** `$addToSet`: adds what no element equals yet. */
export function addToSet(field: string, operand: Value): Effect {
  const { values, clauses } = added("$addToSet", operand);
  for (const name of clauses?.keys() ?? []) {
    if (name !== "$each") {
      throw badValue(`Found unexpected fields after $each in $addToSet: ${name}`);
    }
  }
  return (current) => {
    if (current !== undefined && !Array.isArray(current)) {
      const name = field.split(".").at(-1) ?? field;
      throw badValue(
        `Cannot apply $addToSet to non-array field. Field named '${name}' has non-array type ${typeName(current)}`,
      );
    }
    const items = [...(current ?? [])];
    const before = items.length;
    for (const value of values) if (!items.some((item) => valuesEqual(item, value))) items.push(value);
    return current !== undefined && items.length === before ? "keep" : { value: items };
  };
}

function removing(operator: string, isRemoved: (item: Value) => boolean): Effect {
  return (current) => {
    if (current === undefined) return "keep";
    if (!Array.isArray(current)) throw badValue(`Cannot apply ${operator} to a non-array value`);
    const rest = current.filter((item) => !isRemoved(item));
    return rest.length === current.length ? "keep" : { value: rest };
  };
}

const logical = new Set(["$and", "$or", "$nor", "$expr", "$where", "$comment", "$text", "$jsonSchema"]);

/**
 * `$pull`: a document is a filter for the array's documents, operators and regular expressions are a condition on each
 * element, any other value is what the elements to be removed are equal to.
 */
export function pull(operand: Value): Effect {
  const compile = (filter: Doc): ((doc: Doc) => boolean) => compileFilter(filter);
  if (
    operand instanceof BSONRegExp ||
    (isOperators(operand) && !logical.has(operand.keys().next().value ?? ""))
  ) {
    const predicate = fieldPredicate(operand, "", compile);
    const path = parsePath("");
    return removing("$pull", (item) => predicate.atPath(new Map([["", item]]), path));
  }
  if (isDoc(operand)) {
    const matches = compile(operand);
    return removing("$pull", (item) => isDoc(item) && matches(item));
  }
  return removing("$pull", (item) => valuesEqual(item, operand));
}

/** `$pullAll`: removes what equals one of the values. */
export function pullAll(operand: Value): Effect {
  if (!Array.isArray(operand)) {
    throw badValue(`$pullAll requires an array argument but was given a ${typeName(operand)}`);
  }
  return removing("$pullAll", (item) => operand.some((value) => valuesEqual(item, value)));
}

/** `$pop`: removes the last element (1) or the first (-1). */
export function pop(field: string, operand: Value): Effect {
  const direction = isNumber(operand) ? toIndex(operand) : undefined;
  if (!isNumber(operand)) {
    throw new MongoError(9, "FailedToParse", `Expected a number in: ${field}: ${brief(operand)}`);
  }
  if (direction !== 1 && direction !== -1) {
    throw new MongoError(9, "FailedToParse", `$pop expects 1 or -1, found: ${brief(operand)}`);
  }
  return (current) => {
    if (current === undefined) return "keep";
    if (!Array.isArray(current)) {
      throw new MongoError(
        14,
        "TypeMismatch",
        `Path '${field}' contains an element of non-array type '${typeName(current)}'`,
      );
    }
    if (current.length === 0) return "keep";
    return { value: direction === 1 ? current.slice(0, -1) : current.slice(1) };
  };
}
