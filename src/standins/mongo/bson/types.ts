import { Decimal128, Double, Int32, Long, Timestamp } from "bson";
import type { Doc, Value } from "./value.ts";

/** A number of any of BSON's four number types. */
export type NumberValue = Int32 | Double | Long | Decimal128;

/** The names that `$type` takes and gives, in the query language and in expressions. */
export type TypeName =
  | "double"
  | "string"
  | "object"
  | "array"
  | "binData"
  | "objectId"
  | "bool"
  | "date"
  | "null"
  | "regex"
  | "dbPointer"
  | "javascript"
  | "symbol"
  | "javascriptWithScope"
  | "int"
  | "timestamp"
  | "long"
  | "decimal"
  | "minKey"
  | "maxKey";

/** BSON's number for each type, as the query operator `$type` takes it. */
export const typeNumbers: Readonly<Record<TypeName, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};

/** The type of a value, by the name that MongoDB uses in messages and in `$type`. */
export function typeName(value: Value): TypeName {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (value === null) return "null";
  if (value instanceof Map) return "object";
  if (Array.isArray(value)) return "array";
  if (value instanceof Date) return "date";
  switch (value._bsontype) {
    case "Int32":
      return "int";
    case "Double":
      return "double";
    case "Long":
      return "long";
    case "Decimal128":
      return "decimal";
    case "ObjectId":
      return "objectId";
    case "Binary":
      return "binData";
    case "BSONRegExp":
      return "regex";
    case "BSONSymbol":
      return "symbol";
    case "Timestamp":
      return "timestamp";
    case "Code":
      return value.scope === null ? "javascript" : "javascriptWithScope";
    case "DBRef":
      return "dbPointer";
    case "MinKey":
      return "minKey";
    case "MaxKey":
      return "maxKey";
  }
}

/** Whether the value is a document (and not an array or a value of BSON's own classes). */
export function isDoc(value: Value | undefined): value is Doc {
  return value instanceof Map;
}

/** Whether the value is a number of any type. */
export function isNumber(value: Value | undefined): value is NumberValue {
  return value instanceof Int32 || value instanceof Double || value instanceof Long
    ? !(value instanceof Timestamp)
    : value instanceof Decimal128;
}

/** Whether the value stands for "nothing": missing, or null. */
export function isNullish(value: Value | undefined): value is null | undefined {
  return value === undefined || value === null;
}
