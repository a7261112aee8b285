import { Int32, Long } from "bson";
import type { Decimal128 } from "bson";
import type { NumberValue } from "./types.ts";

/** A finite decimal number: `coefficient` times ten to the power of `exponent`. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

const MAX_COEFFICIENT = 10n ** 34n - 1n;
const COEFFICIENT_BITS = (1n << 49n) - 1n;
export const INT_MIN = -2_147_483_648;
export const INT_MAX = 2_147_483_647;
export const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

/** The parts of a Decimal128, or the JavaScript number that says which special value it is (NaN, ±Infinity). */
export function decimalParts(value: Decimal128): Decimal | number {
  const { bytes } = value;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const low = view.getBigUint64(0, true);
  const high = view.getBigUint64(8, true);
  const negative = high >> 63n === 1n;
  const combination = Number((high >> 58n) & 0x1fn);
  if (combination === 31) return Number.NaN;
  if (combination === 30) return negative ? -Infinity : Infinity;
  // A combination field that begins with 11 stands for a coefficient too large to be valid, which counts as zero.
  const large = combination >= 24;
  const exponent = Number((high >> (large ? 47n : 49n)) & 0x3fffn) - 6176;
  const digits = large ? 0n : ((high & COEFFICIENT_BITS) << 64n) | low;
  const coefficient = digits > MAX_COEFFICIENT ? 0n : digits;
  return { coefficient: negative ? -coefficient : coefficient, exponent };
}

/** The exact binary value of a finite double: `mantissa` times two to the power of `exponent`. */
function doubleParts(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return { mantissa: bits >> 63n === 1n ? -mantissa : mantissa, exponent: Math.max(biased, 1) - 1075 };
}

const sign = (value: bigint): number => (value < 0n ? -1 : value > 0n ? 1 : 0);

function compareDoubleToDecimal(left: number, right: Decimal): number {
  const { mantissa, exponent } = doubleParts(left);
  // Both sides are multiplied by whatever makes them whole: m·2^e against c·10^q.
  let leftWhole = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa;
  let rightWhole = exponent >= 0 ? right.coefficient : right.coefficient << BigInt(-exponent);
  if (right.exponent >= 0) rightWhole *= 10n ** BigInt(right.exponent);
  else leftWhole *= 10n ** BigInt(-right.exponent);
  return sign(leftWhole - rightWhole);
}

function compareDecimals(left: Decimal, right: Decimal): number {
  const shift = left.exponent - right.exponent;
  if (shift >= 0) return sign(left.coefficient * 10n ** BigInt(shift) - right.coefficient);
  return sign(left.coefficient - right.coefficient * 10n ** BigInt(-shift));
}

function comparePlain(left: number, right: number): number {
  if (left < right) return -1;
  if (left > right) return 1;
  if (left === right) return 0;
  // Only NaN is left: it equals itself and is less than every other number.
  return Number(Number.isNaN(right)) - Number(Number.isNaN(left));
}

/** A number as a plain double where that is exact, else as a bigint, else as a decimal. */
function exact(value: NumberValue): number | bigint | Decimal {
  switch (value._bsontype) {
    case "Int32":
    case "Double":
      return value.value;
    case "Long": {
      const plain = value.toNumber();
      return Number.isSafeInteger(plain) ? plain : value.toBigInt();
    }
    case "Decimal128":
      return decimalParts(value);
  }
}

/**
 * Compares two numbers by value, exactly, whatever their types. NaN equals NaN and is less than every other number;
 * minus zero equals zero.
 */
export function compareNumbers(left: NumberValue, right: NumberValue): number {
  const a = exact(left);
  const b = exact(right);
  if (typeof a === "number" && typeof b === "number") return comparePlain(a, b);
  // A bigint is beyond what a double holds exactly; JavaScript compares the two mathematically, except for NaN.
  if (typeof a !== "object" && typeof b !== "object") {
    if (typeof a === "number" && Number.isNaN(a)) return -1;
    if (typeof b === "number" && Number.isNaN(b)) return 1;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (typeof a === "object") {
    if (typeof b === "object") return compareDecimals(a, b);
    if (typeof b === "bigint") return compareDecimals(a, { coefficient: b, exponent: 0 });
    if (!Number.isFinite(b)) return comparePlain(0, b);
    return 0 - compareDoubleToDecimal(b, a);
  }
  return 0 - compareNumbers(right, left);
}

/** The value as a double, rounded where a double cannot hold it. */
export function toDouble(value: NumberValue): number {
  switch (value._bsontype) {
    case "Int32":
    case "Double":
      return value.value;
    case "Long":
      return value.toNumber();
    case "Decimal128":
      return Number(value.toString());
  }
}

/** Whether the value is NaN, in either of the two types that have one. */
export function isNaNValue(value: NumberValue): boolean {
  return (value._bsontype === "Double" || value._bsontype === "Decimal128") && Number.isNaN(toDouble(value));
}

/**
 * The value as a whole number, or undefined when it has a fraction or is not finite. Its size is not limited.
 */
export function toWhole(value: NumberValue): bigint | undefined {
  switch (value._bsontype) {
    case "Int32":
      return BigInt(value.value);
    case "Double":
      return Number.isInteger(value.value) ? BigInt(value.value) : undefined;
    case "Long":
      return value.toBigInt();
    case "Decimal128": {
      const parts = decimalParts(value);
      if (typeof parts === "number") return undefined;
      if (parts.exponent >= 0) return parts.coefficient * 10n ** BigInt(parts.exponent);
      const divisor = 10n ** BigInt(-parts.exponent);
      return parts.coefficient % divisor === 0n ? parts.coefficient / divisor : undefined;
    }
  }
}

/** The value as a whole number within the safe range, or undefined: for limits, sizes and positions. */
export function toIndex(value: NumberValue): number | undefined {
  const whole = toWhole(value);
  if (whole === undefined) return undefined;
  const plain = Number(whole);
  return Number.isSafeInteger(plain) ? plain : undefined;
}

/** A whole number as an Int32 where it fits, else as a Long. The caller sees to it that a Long can hold it. */
export function wholeValue(value: bigint): Int32 | Long {
  return value >= BigInt(INT_MIN) && value <= BigInt(INT_MAX)
    ? new Int32(Number(value))
    : Long.fromBigInt(value);
}

/** A count as MongoDB answers it: an Int32 where it fits, else a Long. */
export function countValue(count: number): Int32 | Long {
  return count <= INT_MAX ? new Int32(count) : Long.fromNumber(count);
}

/** Whether a whole number fits into 64 bits. */
export function fitsLong(value: bigint): boolean {
  return value >= LONG_MIN && value <= LONG_MAX;
}
