import { isNumber } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import type { Index } from "./index-spec.ts";

/** The error of a second document with the same values in a unique index, worded as MongoDB words it. */
export function duplicateKey(
  namespace: string,
  index: Index,
  values: readonly (Value | undefined)[],
): MongoError {
  const keyValue: Doc = new Map(index.fields.map(({ path }, position) => [path, values[position] ?? null]));
  return new MongoError(
    11000,
    "DuplicateKey",
    `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key: ${showValue(keyValue)}`,
    { keyPattern: index.keyPattern, keyValue },
  );
}

/** A value as MongoDB writes it into messages. */
export function showValue(value: Value): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  if (value instanceof Map) {
    if (value.size === 0) return "{}";
    return `{ ${[...value].map(([name, field]) => `${name}: ${showValue(field)}`).join(", ")} }`;
  }
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[ ${value.map(showValue).join(", ")} ]`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (isNumber(value)) return showNumber(value);
  switch (value._bsontype) {
    case "ObjectId":
      return `ObjectId('${value.toHexString()}')`;
    case "Binary":
      return value.sub_type === 4
        ? `UUID("${value.toUUID().toString()}")`
        : `BinData(${value.sub_type}, ${Buffer.from(value.value()).toString("hex").toUpperCase()})`;
    case "BSONRegExp":
      return `/${value.pattern}/${value.options}`;
    case "Timestamp":
      return `Timestamp(${value.t}, ${value.i})`;
    case "BSONSymbol":
      return JSON.stringify(value.value);
    case "Code":
      return value.code;
    case "DBRef":
      return `DBRef('${value.collection}', ${value.oid.toHexString()})`;
    case "MinKey":
    case "MaxKey":
      return value._bsontype;
  }
}

function showNumber(
  value: Extract<Value, { readonly _bsontype: "Int32" | "Double" | "Long" | "Decimal128" }>,
): string {
  switch (value._bsontype) {
    case "Double":
      return Number.isInteger(value.value) && Math.abs(value.value) < 1e15
        ? value.value.toFixed(1)
        : String(value.value);
    case "Decimal128":
      return `NumberDecimal("${value.toString()}")`;
    case "Int32":
    case "Long":
      return value.toString();
  }
}
