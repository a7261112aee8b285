import { Decimal128, Double, Int32, Long } from "bson";
import { INT_MAX, INT_MIN, decimalParts, fitsLong, toDouble, toWhole } from "./numbers.ts";
import type { Decimal } from "./numbers.ts";
import type { NumberValue } from "./types.ts";

const DIGITS = 34;
const MAX_EXPONENT = 6111;
const MIN_EXPONENT = -6176;

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** Divides and rounds half to even. */
function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twice = magnitude(dividend % divisor) * 2n;
  const size = magnitude(divisor);
  const up = twice > size || (twice === size && quotient % 2n !== 0n);
  if (!up) return quotient;
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}

/** Rounds to as many digits as fit and makes a Decimal128 of it. */
export function makeDecimal({ coefficient, exponent }: Decimal): Decimal128 {
  let digits = coefficient;
  let power = exponent;
  const excess = Math.max(magnitude(digits).toString().length - DIGITS, MIN_EXPONENT - power);
  if (excess > 0) {
    digits = divideRounded(digits, 10n ** BigInt(excess));
    power += excess;
    if (magnitude(digits).toString().length > DIGITS) {
      digits /= 10n;
      power += 1;
    }
  }
  while (power > MAX_EXPONENT && digits !== 0n && magnitude(digits).toString().length < DIGITS) {
    digits *= 10n;
    power -= 1;
  }
  if (digits === 0n) power = Math.min(Math.max(power, MIN_EXPONENT), MAX_EXPONENT);
  if (power > MAX_EXPONENT) return Decimal128.fromString(digits < 0n ? "-Infinity" : "Infinity");
  return Decimal128.fromString(`${digits}E${power}`);
}

function specialDecimal(value: number): Decimal128 {
  return Decimal128.fromString(Number.isNaN(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity");
}

/** A number as decimal parts; a double counts with its 15 significant digits, as in MongoDB's own conversion. */
function asDecimal(value: NumberValue): Decimal | number {
  if (value._bsontype === "Decimal128") return decimalParts(value);
  const whole = value._bsontype === "Double" ? undefined : toWhole(value);
  if (whole !== undefined) return { coefficient: whole, exponent: 0 };
  const plain = toDouble(value);
  if (!Number.isFinite(plain)) return plain;
  const [digits = "0", power = "0"] = plain.toExponential(14).split("e");
  return { coefficient: BigInt(digits.replace(".", "")), exponent: Number(power) - 14 };
}

/** Converts any number to a Decimal128. */
export function toDecimal(value: NumberValue): Decimal128 {
  if (value._bsontype === "Decimal128") return value;
  const parts = asDecimal(value);
  return typeof parts === "number" ? specialDecimal(parts) : makeDecimal(parts);
}

interface Operation {
  readonly whole: (left: bigint, right: bigint) => bigint;
  readonly double: (left: number, right: number) => number;
  readonly decimal: (left: Decimal, right: Decimal) => Decimal;
}

function aligned(left: Decimal, right: Decimal, operate: (a: bigint, b: bigint) => bigint): Decimal {
  const exponent = Math.min(left.exponent, right.exponent);
  const scale = (one: Decimal): bigint => one.coefficient * 10n ** BigInt(one.exponent - exponent);
  return { coefficient: operate(scale(left), scale(right)), exponent };
}

const operations = {
  add: {
    whole: (left, right) => left + right,
    double: (left, right) => left + right,
    decimal: (left, right) => aligned(left, right, (a, b) => a + b),
  },
  subtract: {
    whole: (left, right) => left - right,
    double: (left, right) => left - right,
    decimal: (left, right) => aligned(left, right, (a, b) => a - b),
  },
  multiply: {
    whole: (left, right) => left * right,
    double: (left, right) => left * right,
    decimal: (left, right) => ({
      coefficient: left.coefficient * right.coefficient,
      exponent: left.exponent + right.exponent,
    }),
  },
  mod: {
    whole: (left, right) => left % right,
    double: (left, right) => left % right,
    decimal: (left, right) => aligned(left, right, (a, b) => a % b),
  },
} satisfies Record<string, Operation>;

/** The type of a result: decimal before double before long before int, whichever operand has the widest. */
function widest(left: NumberValue, right: NumberValue): NumberValue["_bsontype"] {
  const types = [left._bsontype, right._bsontype];
  return (["Decimal128", "Double", "Long"] as const).find((type) => types.includes(type)) ?? "Int32";
}

/**
 * Adds, subtracts, multiplies or takes the remainder, in the wider of the two types; an Int32 that overflows becomes a
 * Long. Gives undefined where a Long overflows: an update refuses that, an expression goes on with doubles. The
 * divisor of `mod` must not be zero.
 */
export function arithmetic(
  name: keyof typeof operations,
  left: NumberValue,
  right: NumberValue,
): NumberValue | undefined {
  const operation: Operation = operations[name];
  const type = widest(left, right);
  if (type === "Double") return new Double(operation.double(toDouble(left), toDouble(right)));
  if (type === "Decimal128") {
    const a = asDecimal(left);
    const b = asDecimal(right);
    if (typeof a !== "number" && typeof b !== "number") return makeDecimal(operation.decimal(a, b));
    return specialDecimalResult(operation.double(toDouble(left), toDouble(right)), left);
  }
  const result = operation.whole(toWhole(left) ?? 0n, toWhole(right) ?? 0n);
  if (type === "Int32" && result >= BigInt(INT_MIN) && result <= BigInt(INT_MAX))
    return new Int32(Number(result));
  return fitsLong(result) ? Long.fromBigInt(result) : undefined;
}

/** With NaN or an infinity among the operands the double's answer is right, but for a finite remainder. */
function specialDecimalResult(result: number, left: NumberValue): Decimal128 {
  return Number.isFinite(result) ? toDecimal(left) : specialDecimal(result);
}

/** The same operation in doubles: where a Long overflowed. */
export function inDoubles(name: keyof typeof operations, left: NumberValue, right: NumberValue): Double {
  return new Double(operations[name].double(toDouble(left), toDouble(right)));
}

/** Divides: as a decimal if either is one, else as doubles. The divisor must not be zero. */
export function divide(left: NumberValue, right: NumberValue): Double | Decimal128 {
  if (widest(left, right) !== "Decimal128") return new Double(toDouble(left) / toDouble(right));
  const a = asDecimal(left);
  const b = asDecimal(right);
  if (typeof a === "number" || typeof b === "number") {
    const result = toDouble(left) / toDouble(right);
    return Number.isFinite(result) ? makeDecimal({ coefficient: 0n, exponent: 0 }) : specialDecimal(result);
  }
  const scale = DIGITS + 3 + magnitude(b.coefficient).toString().length;
  const exponent = a.exponent - b.exponent;
  const scaled = a.coefficient * 10n ** BigInt(scale);
  if (scaled % b.coefficient !== 0n) {
    // One more digit that says "and some more" keeps the one rounding that follows right.
    const quotient = (scaled / b.coefficient) * 10n;
    const more = scaled < 0n === b.coefficient < 0n ? 1n : -1n;
    return makeDecimal({ coefficient: quotient + more, exponent: exponent - scale - 1 });
  }
  let quotient = scaled / b.coefficient;
  let power = exponent - scale;
  while (power < exponent && quotient % 10n === 0n) {
    quotient /= 10n;
    power += 1;
  }
  return makeDecimal({ coefficient: quotient, exponent: power });
}

/** Whether the number is zero of any kind. */
export function isZero(value: NumberValue): boolean {
  return toDouble(value) === 0;
}
