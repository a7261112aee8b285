import { isDoc, isNullish } from "../../bson/types.ts";
import type { Doc, Value } from "../../bson/value.ts";
import { locationError, namedFields, positional, typeOf, unary } from "../arguments.ts";
import type { OperatorCompiler } from "../scope.ts";

function objectToArray(value: Value | undefined): Value {
  if (isNullish(value)) return null;
  if (!isDoc(value))
    throw locationError(40390, `$objectToArray requires a document input, found: ${typeOf(value)}`);
  return Array.from(
    value,
    ([name, field]): Doc =>
      new Map<string, Value>([
        ["k", name],
        ["v", field],
      ]),
  );
}

function arrayToObject(value: Value | undefined): Value {
  if (isNullish(value)) return null;
  if (!Array.isArray(value))
    throw locationError(40386, `$arrayToObject requires an array input, found: ${typeOf(value)}`);
  const result: Doc = new Map();
  const byPairs = Array.isArray(value[0]);
  for (const item of value) {
    const [name, field] = byPairs ? pair(item) : keyed(item);
    if (name.includes("\0")) throw locationError(4940400, "Key field cannot contain an embedded null byte");
    result.set(name, field);
  }
  return result;
}

function pair(item: Value): [string, Value] {
  if (!Array.isArray(item)) {
    throw locationError(
      40396,
      `$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. Array was detected, now found: ${typeOf(item)}`,
    );
  }
  const [name, field] = item;
  if (item.length !== 2 || field === undefined) {
    throw locationError(
      40397,
      `$arrayToObject requires an array of size 2 arrays,found array of size: ${item.length}`,
    );
  }
  if (typeof name !== "string") {
    throw locationError(
      40395,
      `$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: ${typeOf(name)}`,
    );
  }
  return [name, field];
}

function keyed(item: Value): [string, Value] {
  if (!isDoc(item)) {
    throw locationError(
      40391,
      `$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. Object was detected, now found: ${typeOf(item)}`,
    );
  }
  if (item.size !== 2) {
    throw locationError(
      40392,
      `$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:${item.size}`,
    );
  }
  const name = item.get("k");
  const field = item.get("v");
  if (name === undefined || field === undefined) {
    throw locationError(
      40393,
      "$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys",
    );
  }
  if (typeof name !== "string") {
    throw locationError(
      40394,
      `$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: ${typeOf(name)}`,
    );
  }
  return [name, field];
}

/** Merges documents, later fields over earlier ones; null and missing count as empty. */
export function mergeObjects(values: readonly (Value | undefined)[]): Doc {
  const result: Doc = new Map();
  for (const value of values) {
    if (isNullish(value)) continue;
    if (!isDoc(value)) {
      throw locationError(
        40400,
        `$mergeObjects requires object inputs, but an input is of type ${typeOf(value)}`,
      );
    }
    for (const [name, field] of value) result.set(name, field);
  }
  return result;
}

const getField: OperatorCompiler = (operand, compiler, name) => {
  const fields =
    isDoc(operand) && operand.has("field")
      ? namedFields(operand, name, ["field"], ["input"])
      : new Map([["field", operand]]);
  const field = compiler.compile(fields.get("field") ?? null);
  const given = fields.get("input");
  const input = given === undefined ? undefined : compiler.compile(given);
  return (scope) => {
    const wanted = field(scope);
    if (typeof wanted !== "string") {
      throw locationError(
        3041704,
        `$getField requires 'field' to evaluate to type String, but got ${typeOf(wanted)}`,
      );
    }
    const from = input === undefined ? scope.root : input(scope);
    if (from === null) return null;
    return isDoc(from) ? from.get(wanted) : undefined;
  };
};

/** `$setField`; with `value: "$$REMOVE"`, or as `$unsetField`, it takes the field away. */
const setField: OperatorCompiler = (operand, compiler, name) => {
  const required = name === "$unsetField" ? ["field", "input"] : ["field", "input", "value"];
  const fields = namedFields(operand, name, required);
  const field = compiler.compile(fields.get("field") ?? null);
  const input = compiler.compile(fields.get("input") ?? null);
  const given = fields.get("value");
  const value = given === undefined ? undefined : compiler.compile(given);
  return (scope) => {
    const wanted = field(scope);
    if (typeof wanted !== "string") {
      throw locationError(
        4161107,
        `${name} requires 'field' to evaluate to type String, but got ${typeOf(wanted)}`,
      );
    }
    const from = input(scope);
    if (isNullish(from)) return null;
    if (!isDoc(from)) {
      throw locationError(
        4161105,
        `${name} requires 'input' to evaluate to type Object, but got ${typeOf(from)}`,
      );
    }
    const result: Doc = new Map(from);
    const next = value?.(scope);
    if (next === undefined) result.delete(wanted);
    else result.set(wanted, next);
    return result;
  };
};

/** Documents. */
export const objectOperators: Readonly<Record<string, OperatorCompiler>> = {
  $objectToArray: unary(objectToArray),
  $arrayToObject: unary(arrayToObject),
  $mergeObjects: positional(0, Infinity, mergeObjects),
  $getField: getField,
  $setField: setField,
  $unsetField: setField,
};
