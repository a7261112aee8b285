import { BSONRegExp, BSONSymbol, Binary, Code, DBRef, ObjectId, Timestamp } from "bson";
import { compareNumbers } from "./numbers.ts";
import { isNumber } from "./types.ts";
import type { Doc, Value } from "./value.ts";

/**
 * Where a type stands in MongoDB's order. Comparison operators of the query language only compare values of one
 * bracket; the four number types share one, and so do string and symbol. A missing value (`undefined`) has its own
 * bracket below null; the query language treats the two alike, sorting takes missing as null, and expressions do neither.
 */
export function typeBracket(value: Value | undefined): number {
  if (value === undefined) return 0;
  if (typeof value === "string") return 15;
  if (typeof value === "boolean") return 40;
  if (value === null) return 5;
  if (value instanceof Map) return 20;
  if (Array.isArray(value)) return 25;
  if (value instanceof Date) return 45;
  switch (value._bsontype) {
    case "MinKey":
      return -1;
    case "Int32":
    case "Double":
    case "Long":
    case "Decimal128":
      return 10;
    case "BSONSymbol":
      return 15;
    case "Binary":
      return 30;
    case "ObjectId":
      return 35;
    case "Timestamp":
      return 47;
    case "BSONRegExp":
      return 50;
    case "DBRef":
      return 55;
    case "Code":
      return value.scope === null ? 60 : 65;
    case "MaxKey":
      return 127;
  }
}

/**
 * Compares strings by their UTF-8 bytes, as MongoDB does. JavaScript compares UTF-16 units, which puts characters
 * beyond the basic plane (surrogate pairs) before U+E000 to U+FFFF: those are moved behind.
 */
export function compareStrings(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    let a = left.charCodeAt(index);
    let b = right.charCodeAt(index);
    if (a === b) continue;
    if (a >= 0xd800 && b >= 0xd800) {
      a = a >= 0xe000 ? a - 0x800 : a + 0x2000;
      b = b >= 0xe000 ? b - 0x800 : b + 0x2000;
    }
    return a < b ? -1 : 1;
  }
  return left.length < right.length ? -1 : 1;
}

const comparePlain = (left: number, right: number): number => (left < right ? -1 : left > right ? 1 : 0);

function compareBinaries(left: Binary, right: Binary): number {
  const a = left.value();
  const b = right.value();
  return (
    comparePlain(a.length, b.length) || comparePlain(left.sub_type, right.sub_type) || Buffer.compare(a, b)
  );
}

function compareTimestamps(left: Timestamp, right: Timestamp): number {
  return comparePlain(left.t, right.t) || comparePlain(left.i, right.i);
}

function compareReferences(left: DBRef, right: DBRef): number {
  const name = (ref: DBRef): string =>
    ref.db === undefined ? ref.collection : `${ref.db}.${ref.collection}`;
  return compareStrings(name(left), name(right)) || Buffer.compare(left.oid.id, right.oid.id);
}

function compareArrays(left: readonly Value[], right: readonly Value[]): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const order = compareValues(left[index], right[index]);
    if (order !== 0) return order;
  }
  return comparePlain(left.length, right.length);
}

/** Compares documents key by key, in the order in which they stand: by type, then by name, then by value. */
function compareDocs(left: Doc, right: Doc): number {
  const others = right.entries();
  for (const [name, value] of left) {
    const other = others.next();
    if (other.done === true) return 1;
    const [otherName, otherValue] = other.value;
    const order =
      comparePlain(typeBracket(value), typeBracket(otherValue)) ||
      compareStrings(name, otherName) ||
      compareValues(value, otherValue);
    if (order !== 0) return order;
  }
  return others.next().done === true ? 0 : -1;
}

/**
 * MongoDB's order over all values: negative when `left` comes first, 0 when the two are equal, else positive. A total
 * order. `undefined` stands for a missing value, which comes before null. Numbers of all types are compared by value.
 */
export function compareValues(left: Value | undefined, right: Value | undefined): number {
  if (left === right) return 0;
  if (typeof left === "string" && typeof right === "string") return compareStrings(left, right);
  const bracket = typeBracket(left);
  const order = comparePlain(bracket, typeBracket(right));
  if (order !== 0) return order;
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right);
  if (left instanceof Map && right instanceof Map) return compareDocs(left, right);
  if (Array.isArray(left) && Array.isArray(right)) return compareArrays(left, right);
  if (left instanceof Date && right instanceof Date) return comparePlain(left.getTime(), right.getTime());
  return compareScalars(left, right);
}

/** Compares two values of one bracket that are neither numbers, documents, arrays nor dates. */
function compareScalars(left: Value | undefined, right: Value | undefined): number {
  if (typeof left === "boolean") return comparePlain(Number(left), Number(right === true));
  if (typeof left === "string" || typeof right === "string")
    return compareStrings(textOf(left), textOf(right));
  if (left instanceof ObjectId && right instanceof ObjectId) {
    return comparePlainText(left.toHexString(), right.toHexString());
  }
  if (left instanceof Binary && right instanceof Binary) return compareBinaries(left, right);
  if (left instanceof Timestamp && right instanceof Timestamp) return compareTimestamps(left, right);
  if (left instanceof BSONSymbol && right instanceof BSONSymbol)
    return compareStrings(left.value, right.value);
  if (left instanceof BSONRegExp && right instanceof BSONRegExp) {
    return compareStrings(left.pattern, right.pattern) || compareStrings(left.options, right.options);
  }
  if (left instanceof Code && right instanceof Code) {
    return compareStrings(left.code, right.code) || compareScopes(left.scope, right.scope);
  }
  if (left instanceof DBRef && right instanceof DBRef) return compareReferences(left, right);
  return 0;
}

function comparePlainText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The text of a string or a symbol: the two are compared as one type. */
const textOf = (value: Value | undefined): string =>
  typeof value === "string" ? value : value instanceof BSONSymbol ? value.value : "";

function compareScopes(left: unknown, right: unknown): number {
  return left instanceof Map && right instanceof Map ? compareDocs(left, right) : 0;
}

/** Whether two values are equal in MongoDB's sense: `compareValues` gives 0. */
export function valuesEqual(left: Value | undefined, right: Value | undefined): boolean {
  return compareValues(left, right) === 0;
}
