import { Decimal128, Double, Int32, Long, ObjectId, Timestamp } from "bson";
import { toDecimal } from "../../bson/arithmetic.ts";
import { INT_MAX, INT_MIN, decimalParts, fitsLong, toDouble, toIndex, toWhole } from "../../bson/numbers.ts";
import { isNullish, isNumber, typeName, typeNumbers } from "../../bson/types.ts";
import type { NumberValue } from "../../bson/types.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../error.ts";
import { named, typeOf, unary } from "../arguments.ts";
import { textOfScalar } from "../conversion.ts";
import { parseDate } from "../dateText.ts";
import { isTruthy } from "../scope.ts";
import type { OperatorCompiler } from "../scope.ts";

const failure = (message: string): MongoError =>
  new MongoError(241, "ConversionFailure", `${message} in $convert with no onError value`);

const unsupported = (value: Value, to: string): MongoError =>
  failure(`Unsupported conversion from ${typeName(value)} to ${to}`);

const unparsable = (text: string, why: string): MongoError =>
  failure(`Failed to parse number '${text}': ${why}`);

function numberFromText(text: string): NumberValue {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) {
    if (/^[+-]?inf(inity)?$/i.test(text)) return new Double(text.startsWith("-") ? -Infinity : Infinity);
    if (/^nan$/i.test(text)) return new Double(Number.NaN);
    throw unparsable(text, text === "" ? "Empty string" : "Did not consume whole string.");
  }
  const double = Number(text);
  if (!Number.isFinite(double)) throw unparsable(text, "Out of range");
  return new Double(double);
}

/** A value as a whole number for `$toInt` and `$toLong`: fractions are cut off; out of range is refused. */
function wholeOf(value: Value, to: "int" | "long", least: bigint, greatest: bigint): bigint {
  let whole: bigint | undefined;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "string") {
    if (!/^[+-]?\d+$/.test(value)) throw unparsable(value, "Did not consume whole string.");
    whole = BigInt(value.replace("+", ""));
    if (whole < least || whole > greatest) throw unparsable(value, "Overflow");
    return whole;
  }
  if (value instanceof Date && to === "long") return BigInt(value.getTime());
  if (!isNumber(value)) throw unsupported(value, to);
  whole = toWhole(value);
  if (whole === undefined) {
    const double = toDouble(value);
    if (Number.isNaN(double)) throw failure("Attempt to convert NaN value to integer type");
    if (!Number.isFinite(double)) throw failure("Attempt to convert infinity value to integer type");
    const parts = value._bsontype === "Decimal128" ? decimalParts(value) : Number.NaN;
    whole =
      typeof parts === "number"
        ? BigInt(Math.trunc(double))
        : parts.coefficient / 10n ** BigInt(-parts.exponent);
  }
  if (whole < least || whole > greatest) {
    throw failure("Conversion would overflow target type");
  }
  return whole;
}

function toInt(value: Value): Value {
  return new Int32(Number(wholeOf(value, "int", BigInt(INT_MIN), BigInt(INT_MAX))));
}

function toLong(value: Value): Value {
  return Long.fromBigInt(wholeOf(value, "long", -(2n ** 63n), 2n ** 63n - 1n));
}

function toDoubleValue(value: Value): Value {
  if (typeof value === "boolean") return new Double(value ? 1 : 0);
  if (typeof value === "string") return numberFromText(value);
  if (value instanceof Date) return new Double(value.getTime());
  if (isNumber(value)) return new Double(toDouble(value));
  throw unsupported(value, "double");
}

function toDecimalValue(value: Value): Value {
  if (typeof value === "boolean") return toDecimal(new Int32(value ? 1 : 0));
  if (value instanceof Date) return toDecimal(Long.fromNumber(value.getTime()));
  if (isNumber(value)) return toDecimal(value);
  if (typeof value !== "string") throw unsupported(value, "decimal");
  try {
    return Decimal128.fromStringWithRounding(value);
  } catch {
    throw unparsable(value, "Failed to parse string to decimal");
  }
}

function toDate(value: Value): Value {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (value instanceof Timestamp) return new Date(value.t * 1000);
  if (typeof value === "string") {
    const date = parseDate(value);
    if (date === undefined) throw failure(`Error parsing date string '${value}'`);
    return date;
  }
  if (!isNumber(value) || value._bsontype === "Int32") throw unsupported(value, "date");
  const whole = wholeOf(value, "long", -(2n ** 63n), 2n ** 63n - 1n);
  const date = new Date(Number(whole));
  if (!fitsLong(whole) || Number.isNaN(date.getTime()))
    throw failure("Conversion would overflow target type");
  return date;
}

function toObjectId(value: Value): Value {
  if (value instanceof ObjectId) return value;
  if (typeof value !== "string") throw unsupported(value, "objectId");
  if (!/^[0-9a-f]{24}$/i.test(value)) {
    throw failure(
      `Failed to parse objectId '${value}': Invalid string length for parsing to OID, expected 24 but found ${value.length}`,
    );
  }
  return new ObjectId(value);
}

function toText(value: Value): Value {
  if (typeof value === "boolean") return String(value);
  if (value instanceof ObjectId) return value.toHexString();
  const text = value instanceof Timestamp ? undefined : textOfScalar(value);
  if (text === undefined) throw unsupported(value, "string");
  return text;
}

function toBool(value: Value): Value {
  return isTruthy(value);
}

const conversions = new Map<string, (value: Value) => Value>(
  Object.entries({
    double: toDoubleValue,
    string: toText,
    objectId: toObjectId,
    bool: toBool,
    date: toDate,
    int: toInt,
    long: toLong,
    decimal: toDecimalValue,
  }),
);

/** Converts to the type of a name, null and missing to null. */
function to(type: string): OperatorCompiler {
  return unary((value) => (isNullish(value) ? null : conversions.get(type)?.(value)));
}

function conversionTo(wanted: Value): (value: Value) => Value {
  const code = isNumber(wanted) ? toIndex(wanted) : undefined;
  const name =
    typeof wanted === "string"
      ? wanted
      : Object.entries(typeNumbers).find(([, number]) => number === code)?.[0];
  const conversion = name === undefined ? undefined : conversions.get(name);
  if (conversion === undefined) {
    throw new MongoError(2, "BadValue", `Unknown or unsupported type in $convert: ${name ?? typeOf(wanted)}`);
  }
  return conversion;
}

const convert = named(
  ["input", "to"],
  ["onError", "onNull"],
  ({ input, to: wanted, onError, onNull }, given) => {
    if (isNullish(wanted)) return null;
    const conversion = conversionTo(wanted);
    if (isNullish(input)) return given.has("onNull") ? onNull : null;
    try {
      return conversion(input);
    } catch (error) {
      if (error instanceof MongoError && error.code === 241 && given.has("onError")) return onError;
      throw error;
    }
  },
);

/** Conversions between types, and what tells types. */
export const conversionOperators: Readonly<Record<string, OperatorCompiler>> = {
  $toString: to("string"),
  $toInt: to("int"),
  $toLong: to("long"),
  $toDouble: to("double"),
  $toDecimal: to("decimal"),
  $toBool: to("bool"),
  $toDate: to("date"),
  $toObjectId: to("objectId"),
  $convert: convert,
  $type: unary(typeOf),
  $isNumber: unary((value) => isNumber(value)),
};
