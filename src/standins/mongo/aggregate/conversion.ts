import { BSONSymbol, Code, Double } from "bson";
import { isNumber } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";

/** A date as MongoDB writes it: ISO 8601 in UTC with milliseconds. */
function dateText(date: Date): string {
  return date.toISOString();
}

/** A double as MongoDB writes it in a string: at most 16 significant digits, exponents as C writes them. */
function doubleText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-Infinity" : "Infinity";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits = "", power = "0"] = value.toExponential(15).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 16) {
    const fixed = value.toFixed(Math.max(0, 15 - exponent));
    return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
  }
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits.replace(/\.?0+$/, "")}e${exponent < 0 ? "-" : "+"}${size}`;
}

/** A scalar value as text, or undefined where it has none: documents, arrays, null and what has no plain notation. */
export function textOfScalar(value: Value): string | undefined {
  if (typeof value === "string") return value;
  if (value instanceof Date) return dateText(value);
  if (value instanceof Double) return doubleText(value.value);
  if (isNumber(value)) return value.toString();
  if (value instanceof BSONSymbol) return value.value;
  return value instanceof Code && value.scope === null ? value.code : undefined;
}
