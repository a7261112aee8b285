import { serialize } from "bson";
import { decodeDocument } from "./codec.ts";
import { typeName } from "./types.ts";
import type { Doc, Value } from "./value.ts";

/** Makes a document of a plain object, for tests: whole numbers become ints, others doubles, as the driver does it. */
export function doc(object: Record<string, unknown>): Doc {
  return decodeDocument(serialize(object));
}

/** Makes a value of a plain one, for tests. */
export function value(plain: unknown): Value {
  return doc({ plain }).get("plain") ?? null;
}

/**
 * Writes a value so that types and key order show, for tests: 1 is an int, 1.0 a double, 1L a long, 1m a decimal;
 * `missing` stands for undefined.
 */
export function show(shown: Value | undefined): string {
  if (shown === undefined) return "missing";
  if (shown === null || typeof shown === "boolean") return String(shown);
  if (typeof shown === "string") return JSON.stringify(shown);
  if (Array.isArray(shown)) return `[${shown.map(show).join(", ")}]`;
  if (shown instanceof Map) {
    return `{${Array.from(shown, ([name, field]) => `${name}: ${show(field)}`).join(", ")}}`;
  }
  if (shown instanceof Date) return shown.toISOString();
  switch (shown._bsontype) {
    case "Int32":
      return String(shown.value);
    case "Double":
      return doubleText(shown.value);
    case "Long":
      return `${shown.toString()}L`;
    case "Decimal128":
      return `${shown.toString()}m`;
    case "ObjectId":
      return `oid(${shown.toHexString()})`;
    case "Timestamp":
      return `ts(${shown.t}, ${shown.i})`;
    case "BSONRegExp":
      return `/${shown.pattern}/${shown.options}`;
    case "BSONSymbol":
    case "Binary":
    case "Code":
    case "DBRef":
    case "MinKey":
    case "MaxKey":
      return typeName(shown);
  }
}

function doubleText(number: number): string {
  const text = Object.is(number, -0) ? "-0" : String(number);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
