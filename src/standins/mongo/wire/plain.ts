import { Double, Int32, Long } from "bson";
import type { Doc, Value } from "../bson/value.ts";

/** What `toDoc` takes: plain JavaScript, BSON values, or both mixed. `undefined` leaves a field out. */
export type Plain =
  | Value
  | number
  | bigint
  | undefined
  | readonly Plain[]
  | { readonly [name: string]: Plain };

/** Makes a document of a plain object. Whole numbers become Int32 where they fit, else Double; bigints become Long. */
export function toDoc(fields: { readonly [name: string]: Plain }): Doc {
  const doc: Doc = new Map();
  for (const [name, field] of Object.entries(fields)) {
    if (field !== undefined) doc.set(name, toValue(field));
  }
  return doc;
}

function toValue(field: Exclude<Plain, undefined>): Value {
  if (typeof field === "number") {
    return Number.isInteger(field) && Math.abs(field) < 2 ** 31 ? new Int32(field) : new Double(field);
  }
  if (typeof field === "bigint") return Long.fromBigInt(field);
  if (isList(field)) return field.map((item) => (item === undefined ? null : toValue(item)));
  return isPlainObject(field) ? toDoc(field) : field;
}

const isList = (field: Plain): field is readonly Plain[] => Array.isArray(field);

function isPlainObject(field: Exclude<Plain, undefined>): field is { readonly [name: string]: Plain } {
  if (typeof field !== "object" || field === null) return false;
  const prototype: unknown = Object.getPrototypeOf(field);
  return prototype === Object.prototype || prototype === null;
}
