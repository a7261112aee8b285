import { Double, Int32, Long } from "bson";
import { arithmetic, divide, inDoubles, isZero } from "../../bson/arithmetic.ts";
import { isNaNValue, toDouble, toWhole } from "../../bson/numbers.ts";
import { isNullish, isNumber } from "../../bson/types.ts";
import type { NumberValue } from "../../bson/types.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../error.ts";
import { locationError, positional, typeOf } from "../arguments.ts";
import type { OperatorCompiler } from "../scope.ts";
import { sum } from "../sum.ts";

const typeMismatch = (message: string): MongoError => new MongoError(14, "TypeMismatch", message);

/** A date moved by a number of milliseconds, which is rounded to a whole one. */
function movedDate(date: Date, amount: NumberValue, direction: 1 | -1): Date {
  const moved = new Date(date.getTime() + direction * Math.round(toDouble(amount)));
  if (Number.isNaN(moved.getTime())) throw new MongoError(15, "Overflow", "date overflow");
  return moved;
}

function add(values: readonly (Value | undefined)[]): Value {
  let date: Date | undefined;
  const numbers: NumberValue[] = [];
  for (const value of values) {
    if (isNullish(value)) return null;
    if (isNumber(value)) numbers.push(value);
    else if (value instanceof Date) {
      if (date !== undefined) throw locationError(16612, "only one date allowed in an $add expression");
      date = value;
    } else {
      throw typeMismatch(`$add only supports numeric or date types, not ${typeOf(value)}`);
    }
  }
  const total = sum(numbers);
  return date === undefined ? total : movedDate(date, total, 1);
}

function subtract(left: Value | undefined, right: Value | undefined): Value {
  if (isNullish(left) || isNullish(right)) return null;
  if (isNumber(left) && isNumber(right)) {
    return arithmetic("subtract", left, right) ?? inDoubles("subtract", left, right);
  }
  if (left instanceof Date) {
    if (right instanceof Date) return Long.fromNumber(left.getTime() - right.getTime());
    if (isNumber(right)) return movedDate(left, right, -1);
  }
  throw typeMismatch(`can't $subtract ${typeOf(right)} from ${typeOf(left)}`);
}

function multiply(values: readonly (Value | undefined)[]): Value {
  let product: NumberValue | undefined;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (!isNumber(value)) throw typeMismatch(`$multiply only supports numeric types, not ${typeOf(value)}`);
    product =
      product === undefined
        ? value
        : (arithmetic("multiply", product, value) ?? inDoubles("multiply", product, value));
  }
  return product ?? new Int32(1);
}

function divideValues(left: Value | undefined, right: Value | undefined): Value {
  if (isNullish(left) || isNullish(right)) return null;
  if (!isNumber(left) || !isNumber(right)) {
    throw typeMismatch(`$divide only supports numeric types, not ${typeOf(left)} and ${typeOf(right)}`);
  }
  if (isZero(right)) throw new MongoError(2, "BadValue", "can't $divide by zero");
  return divide(left, right);
}

function mod(left: Value | undefined, right: Value | undefined): Value {
  if (isNullish(left) || isNullish(right)) return null;
  if (!isNumber(left) || !isNumber(right)) {
    throw locationError(16611, `$mod only supports numeric types, not ${typeOf(left)} and ${typeOf(right)}`);
  }
  if (isZero(right)) throw locationError(16610, "can't $mod by zero");
  return arithmetic("mod", left, right) ?? inDoubles("mod", left, right);
}

/** A function of doubles: for roots, powers and logarithms, whose result is seldom whole. */
function doubleFunction(name: string, apply: (value: number) => number): OperatorCompiler {
  return positional(1, 1, ([value]) => {
    if (isNullish(value)) return null;
    if (!isNumber(value))
      throw locationError(28765, `${name} only supports numeric types, not ${typeOf(value)}`);
    if (value._bsontype === "Decimal128") {
      throw new MongoError(115, "CommandNotSupported", `${name} of a decimal is not supported`);
    }
    return new Double(apply(value instanceof Long ? value.toNumber() : value.value));
  });
}

function sqrt(value: number): number {
  if (value < 0) throw locationError(28714, "$sqrt's argument must be greater than or equal to 0");
  return Math.sqrt(value);
}

function pow(base: Value | undefined, exponent: Value | undefined): Value {
  if (isNullish(base) || isNullish(exponent)) return null;
  if (!isNumber(base)) throw locationError(28762, `$pow's base must be numeric, not ${typeOf(base)}`);
  if (!isNumber(exponent))
    throw locationError(28763, `$pow's exponent must be numeric, not ${typeOf(exponent)}`);
  if (base._bsontype === "Decimal128" || exponent._bsontype === "Decimal128") {
    throw new MongoError(115, "CommandNotSupported", "$pow of decimals is not supported");
  }
  if (isZero(base) && !isNaNValue(exponent) && toDouble(exponent) < 0) {
    throw locationError(28764, "$pow cannot take a base of 0 and a negative exponent");
  }
  const power = exponent._bsontype === "Double" ? undefined : toWhole(exponent);
  if (base._bsontype === "Double" || power === undefined || power < 0n || power > 64n) {
    return new Double(toDouble(base) ** toDouble(exponent));
  }
  const wide = base._bsontype === "Long" || exponent._bsontype === "Long";
  let result: NumberValue = wide ? Long.ONE : new Int32(1);
  for (let count = 0n; count < power; count++) {
    const next = arithmetic("multiply", result, base);
    if (next === undefined) return new Double(toDouble(base) ** toDouble(exponent));
    result = next;
  }
  return result;
}

/** Arithmetic. Null or a missing operand gives null. */
export const arithmeticOperators: Readonly<Record<string, OperatorCompiler>> = {
  $add: positional(0, Infinity, add),
  $subtract: positional(2, 2, ([left, right]) => subtract(left, right)),
  $multiply: positional(0, Infinity, multiply),
  $divide: positional(2, 2, ([left, right]) => divideValues(left, right)),
  $mod: positional(2, 2, ([left, right]) => mod(left, right)),
  $pow: positional(2, 2, ([base, exponent]) => pow(base, exponent)),
  $sqrt: doubleFunction("$sqrt", sqrt),
};
