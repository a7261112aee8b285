import { Int32, Long, Timestamp } from "bson";
import { arithmetic } from "../bson/arithmetic.ts";
import { compareValues } from "../bson/compare.ts";
import { toWhole } from "../bson/numbers.ts";
import { isDoc, isNumber, typeName } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { brief, named } from "./change.ts";
import type { Outcome } from "./change.ts";

type Effect = (current: Value | undefined) => Outcome;

/** `$inc` and `$mul`: the result has the wider of the two types; an int grows to a long, a long that overflows is refused. */
export function calculation(operator: "$inc" | "$mul", field: string, operand: Value, doc: Doc): Effect {
  if (!isNumber(operand)) {
    const verb = operator === "$inc" ? "increment" : "multiply";
    throw new MongoError(
      14,
      "TypeMismatch",
      `Cannot ${verb} with non-numeric argument: {${field}: ${brief(operand)}}`,
    );
  }
  return (current) => {
    if (current === undefined) {
      return {
        value: operator === "$inc" ? operand : (arithmetic("multiply", operand, new Int32(0)) ?? operand),
      };
    }
    const name = field.split(".").at(-1) ?? field;
    if (!isNumber(current)) {
      throw new MongoError(
        14,
        "TypeMismatch",
        `Cannot apply ${operator} to a value of non-numeric type. ${named(doc)} has the field '${name}' of non-numeric type ${typeName(current)}`,
      );
    }
    const value = arithmetic(operator === "$inc" ? "add" : "multiply", current, operand);
    if (value === undefined) {
      throw new MongoError(
        2,
        "BadValue",
        `Failed to apply ${operator} operations to current value ((NumberLong)${brief(current)}) for document ${named(doc)}`,
      );
    }
    return { value };
  };
}

/** `$min` and `$max`: the operand where it comes before (behind) the value in the order over all types. */
export function extreme(direction: 1 | -1, operand: Value): Effect {
  return (current) =>
    current === undefined || direction * compareValues(operand, current) < 0 ? { value: operand } : "keep";
}

/** `$currentDate`: `true`, `{$type: "date"}` or `{$type: "timestamp"}`. */
export function currentDate(operand: Value, now: Date): Effect {
  if (typeof operand === "boolean") return () => ({ value: now });
  if (!isDoc(operand)) {
    throw new MongoError(
      2,
      "BadValue",
      `${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  }
  for (const name of operand.keys()) {
    if (name !== "$type") throw new MongoError(2, "BadValue", `Unrecognized $currentDate option: ${name}`);
  }
  const type = operand.get("$type");
  if (type === "date") return () => ({ value: now });
  if (type === "timestamp") {
    return () => ({ value: new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 }) });
  }
  throw new MongoError(
    2,
    "BadValue",
    "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
  );
}

const bitwise = new Map<string, (left: bigint, right: bigint) => bigint>([
  ["and", (left, right) => left & right],
  ["or", (left, right) => left | right],
  ["xor", (left, right) => left ^ right],
]);

/** `$bit`: and, or, xor of whole numbers, one after the other. */
export function bits(operand: Value, doc: Doc): Effect {
  if (!isDoc(operand) || operand.size === 0) {
    throw new MongoError(
      2,
      "BadValue",
      "The $bit modifier is not compatible with a value that is no object. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}",
    );
  }
  const steps = Array.from(operand, ([name, value]) => {
    const apply = bitwise.get(name);
    if (apply === undefined) {
      throw new MongoError(
        2,
        "BadValue",
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`,
      );
    }
    if (!(value instanceof Int32) && !(value instanceof Long)) {
      throw new MongoError(
        2,
        "BadValue",
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(value)}' is not supported here`,
      );
    }
    return { apply, value };
  });
  return (current) => {
    const before = current ?? new Int32(0);
    if (!(before instanceof Int32) && !(before instanceof Long)) {
      throw new MongoError(
        2,
        "BadValue",
        `Cannot apply $bit to a value of non-integral type.${named(doc)} has the field of non-integer type ${typeName(before)}`,
      );
    }
    const wide = before instanceof Long || steps.some(({ value }) => value instanceof Long);
    const result = steps.reduce(
      (bitsSoFar, { apply, value }) => apply(bitsSoFar, toWhole(value) ?? 0n),
      toWhole(before) ?? 0n,
    );
    return { value: wide ? Long.fromBigInt(result) : new Int32(Number(result)) };
  };
}
