import { decimalParts, fitsLong, toIndex, toWhole } from "../bson/numbers.ts";
import { isNumber, typeName, typeNumbers } from "../bson/types.ts";
import type { TypeName } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import type { ValueTest } from "./comparisons.ts";

const badValue = (message: string): MongoError => new MongoError(2, "BadValue", message);

/** The value cut to a whole number of 64 bits, or undefined where it has none. */
function truncated(value: Value | undefined): bigint | undefined {
  if (!isNumber(value)) return undefined;
  let whole = toWhole(value);
  if (whole === undefined && value._bsontype === "Double" && Number.isFinite(value.value)) {
    whole = BigInt(Math.trunc(value.value));
  } else if (whole === undefined && value._bsontype === "Decimal128") {
    const parts = decimalParts(value);
    if (typeof parts !== "number") whole = parts.coefficient / 10n ** BigInt(-parts.exponent);
  }
  return whole !== undefined && fitsLong(whole) ? whole : undefined;
}

/** `$mod: [divisor, remainder]`, fractions cut off. */
export function modTest(operand: Value): ValueTest {
  if (!Array.isArray(operand)) throw badValue("malformed mod, needs to be an array");
  if (operand.length < 2) throw badValue("malformed mod, not enough elements");
  if (operand.length > 2) throw badValue("malformed mod, too many elements");
  const divisor = truncated(operand[0]);
  const remainder = truncated(operand[1]);
  if (divisor === undefined) throw badValue("malformed mod, divisor not a number");
  if (remainder === undefined) throw badValue("malformed mod, remainder not a number");
  if (divisor === 0n) throw badValue("divisor cannot be 0");
  return (value) => {
    const dividend = truncated(value);
    return dividend !== undefined && dividend % divisor === remainder;
  };
}

const numberTypes: readonly TypeName[] = ["int", "long", "double", "decimal"];

/** `$type`: by name, by number, `"number"` for all four, or an array of these. */
export function typeTest(operand: Value): ValueTest {
  const wanted = new Set((Array.isArray(operand) ? operand : [operand]).flatMap(typesOf));
  return (value) => value !== undefined && wanted.has(typeName(value));
}

function typesOf(operand: Value): readonly TypeName[] {
  const names = Object.entries(typeNumbers) as [TypeName, number][];
  if (typeof operand === "string") {
    if (operand === "number") return numberTypes;
    if (operand === "undefined") return [];
    const found = names.find(([name]) => name === operand);
    if (found === undefined) throw badValue(`Unknown type name alias: ${operand}`);
    return [found[0]];
  }
  if (!isNumber(operand)) throw badValue("type must be represented as a number or a string");
  const code = toIndex(operand);
  if (code === 6) return [];
  const found = names.find(([, number]) => number === code);
  if (found === undefined) throw badValue(`Invalid numerical type code: ${operand.toString()}`);
  return [found[0]];
}
