import { Double } from "bson";
import { compareNumbers, decimalParts, toDouble, toWhole } from "./numbers.ts";
import type { NumberValue } from "./types.ts";
import { isNumber } from "./types.ts";
import type { Value } from "./value.ts";

/**
 * A text that is the same for two values exactly when `compareValues` finds them equal: what grouping and sets use as
 * the key of a Map. It says nothing of their order.
 */
export function valueKey(value: Value | undefined): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "string") return `s${JSON.stringify(value)}`;
  if (typeof value === "boolean") return String(value);
  if (isNumber(value)) return `n${numberKey(value)}`;
  if (value instanceof Date) return `date${value.getTime()}`;
  if (Array.isArray(value)) return `[${value.map(valueKey).join(",")}]`;
  if (value instanceof Map) {
    return `{${Array.from(value, ([name, field]) => `${JSON.stringify(name)}:${valueKey(field)}`).join(",")}}`;
  }
  switch (value._bsontype) {
    case "ObjectId":
      return `oid${value.toHexString()}`;
    case "BSONSymbol":
      return `s${JSON.stringify(value.value)}`;
    case "Binary":
      return `bin${value.sub_type}:${value.toString("base64")}`;
    case "Timestamp":
      return `ts${value.t}:${value.i}`;
    case "BSONRegExp":
      return `re${JSON.stringify([value.pattern, value.options])}`;
    case "Code":
      return `code${JSON.stringify(value.code)}${value.scope instanceof Map ? valueKey(value.scope) : ""}`;
    case "DBRef":
      return `ref${JSON.stringify([value.db ?? null, value.collection])}${value.oid.toHexString()}`;
    case "MinKey":
    case "MaxKey":
      return value._bsontype;
  }
}

/** Equal numbers of different types have the same text; whole ones are written out in full. */
function numberKey(value: NumberValue): string {
  if (value._bsontype === "Int32") return String(value.value);
  const double = toDouble(value);
  if (!Number.isFinite(double) && value._bsontype !== "Decimal128") return String(double);
  if (Math.abs(double) < 2 ** 70) {
    const whole = toWhole(value);
    if (whole !== undefined) return String(whole);
  }
  if (value._bsontype !== "Decimal128" || compareNumbers(value, new Double(double)) === 0)
    return String(double);
  const parts = decimalParts(value);
  if (typeof parts === "number") return String(parts);
  let { coefficient, exponent } = parts;
  while (coefficient % 10n === 0n && coefficient !== 0n) {
    coefficient /= 10n;
    exponent += 1;
  }
  return `${coefficient}e${exponent}`;
}
