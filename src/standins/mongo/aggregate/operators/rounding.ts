import { Double, Int32, Long } from "bson";
import { arithmetic, makeDecimal } from "../../bson/arithmetic.ts";
import { LONG_MIN, decimalParts, fitsLong, toIndex, toWhole, wholeValue } from "../../bson/numbers.ts";
import type { Decimal } from "../../bson/numbers.ts";
import { isNullish, isNumber } from "../../bson/types.ts";
import type { NumberValue } from "../../bson/types.ts";
import type { Value } from "../../bson/value.ts";
import { locationError, positional, typeOf, unary } from "../arguments.ts";
import type { OperatorCompiler } from "../scope.ts";

/** How a fraction goes: to the even neighbour at a half, towards zero, down, or up. */
type Mode = "even" | "zero" | "down" | "up";

/** A decimal cut to `places` digits behind the point (before it, if negative). */
function roundDecimal(parts: Decimal, places: number, mode: Mode): Decimal {
  const drop = -places - parts.exponent;
  if (drop <= 0) return parts;
  const unit = 10n ** BigInt(drop);
  const quotient = parts.coefficient / unit;
  const rest = parts.coefficient % unit;
  const away = parts.coefficient < 0n ? -1n : 1n;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  let moved = quotient;
  if (mode === "even" && (twice > unit || (twice === unit && quotient % 2n !== 0n))) moved += away;
  if (mode === "down" && rest < 0n) moved -= 1n;
  if (mode === "up" && rest > 0n) moved += 1n;
  return { coefficient: moved, exponent: -places };
}

function roundDouble(value: number, places: number, mode: Mode): number {
  if (!Number.isFinite(value) || (places >= 0 && Number.isInteger(value))) return value;
  if (places === 0) {
    if (mode === "down") return Math.floor(value);
    if (mode === "up") return Math.ceil(value);
    if (mode === "zero") return Math.trunc(value);
  }
  // The shortest decimal that stands for the double is rounded, as MongoDB does by way of a decimal.
  const [digits = "0", power = "0"] = value.toExponential(14).split("e");
  const fraction = digits.split(".")[1]?.length ?? 0;
  const parts = { coefficient: BigInt(digits.replace(".", "")), exponent: Number(power) - fraction };
  const rounded = roundDecimal(parts, places, mode);
  const result = Number(`${rounded.coefficient}e${rounded.exponent}`);
  return result === 0 && value < 0 ? -0 : result;
}

function roundNumber(value: NumberValue, places: number, mode: Mode): NumberValue {
  switch (value._bsontype) {
    case "Double":
      return new Double(roundDouble(value.value, places, mode));
    case "Decimal128": {
      const parts = decimalParts(value);
      return typeof parts === "number" ? value : makeDecimal(roundDecimal(parts, places, mode));
    }
    case "Int32":
    case "Long": {
      if (places >= 0) return value;
      const parts = roundDecimal({ coefficient: toWhole(value) ?? 0n, exponent: 0 }, places, mode);
      const whole = parts.coefficient * 10n ** BigInt(parts.exponent);
      if (!fitsLong(whole)) throw locationError(51080, "invalid conversion from Decimal128 result in $round");
      return value._bsontype === "Int32" ? wholeValue(whole) : Long.fromBigInt(whole);
    }
  }
}

function rounding(name: string, mode: Mode): OperatorCompiler {
  return positional(1, 2, ([value, places]) => {
    if (isNullish(value) || places === null) return null;
    if (!isNumber(value))
      throw locationError(51081, `${name} only supports numeric types, not ${typeOf(value)}`);
    if (places === undefined) return roundNumber(value, 0, mode);
    const digits = isNumber(places) ? toIndex(places) : undefined;
    if (digits === undefined)
      throw locationError(51082, `precision argument to  ${name} must be a integral value`);
    if (digits < -20 || digits > 100) {
      throw locationError(
        51083,
        `cannot apply ${name} with precision value ${digits} value must be in [-20, 100]`,
      );
    }
    return roundNumber(value, digits, mode);
  });
}

function wholeNeighbour(name: string, mode: Mode): OperatorCompiler {
  return unary((value) => {
    if (isNullish(value)) return null;
    if (!isNumber(value))
      throw locationError(28765, `${name} only supports numeric types, not ${typeOf(value)}`);
    return roundNumber(value, 0, mode);
  });
}

function abs(value: Value | undefined): Value {
  if (isNullish(value)) return null;
  if (!isNumber(value)) throw locationError(28765, `$abs only supports numeric types, not ${typeOf(value)}`);
  switch (value._bsontype) {
    case "Double":
      return new Double(Math.abs(value.value));
    case "Decimal128": {
      const parts = decimalParts(value);
      if (typeof parts !== "number") return parts.coefficient < 0n ? makeDecimal(negated(parts)) : value;
      return parts < 0 ? (arithmetic("multiply", value, new Int32(-1)) ?? value) : value;
    }
    case "Int32":
    case "Long": {
      const whole = toWhole(value) ?? 0n;
      if (whole === LONG_MIN) throw locationError(28680, "can't take $abs of long long min");
      const size = whole < 0n ? -whole : whole;
      return value._bsontype === "Long" ? Long.fromBigInt(size) : wholeValue(size);
    }
  }
}

const negated = (parts: Decimal): Decimal => ({ ...parts, coefficient: -parts.coefficient });

/** Rounding and its kin. Null or a missing operand gives null. */
export const roundingOperators: Readonly<Record<string, OperatorCompiler>> = {
  $round: rounding("$round", "even"),
  $trunc: rounding("$trunc", "zero"),
  $floor: wholeNeighbour("$floor", "down"),
  $ceil: wholeNeighbour("$ceil", "up"),
  $abs: unary(abs),
};
