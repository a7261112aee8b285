import { typeBracket } from "../bson/compare.ts";
import { isNumber } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { KeyWriter } from "./key-writer.ts";
import { writeNumber } from "./number-key.ts";

/** Closes a document or an array; less than every type byte, so that the shorter of two comes first. */
const END = 0;

const writer = new KeyWriter();

/**
 * Encodes values to bytes whose byte order is `compareValues`' order, value by value; equal values of different types
 * (1, 1.0, Decimal128 1.00) give equal bytes, so that a unique index can compare bytes. No value's bytes are a prefix
 * of another's: the key of the first few fields of an index is therefore a prefix of the whole key.
 *
 * `directions` says for each field whether it ascends (1) or descends (-1); there may be fewer values than directions.
 */
export function encodeKey(values: readonly (Value | undefined)[], directions: readonly number[]): Uint8Array {
  writer.clear();
  for (let index = 0; index < values.length; index++) {
    const start = writer.length;
    writeValue(writer, values[index]);
    if ((directions[index] ?? 1) < 0) writer.invertFrom(start);
  }
  return writer.bytes();
}

/** Type brackets begin at -1 (MinKey); 0 is kept for `END`. */
const typeByte = (value: Value | undefined): number => typeBracket(value) + 2;

function writeValue(writer: KeyWriter, value: Value | undefined): void {
  writer.byte(typeByte(value));
  writeBody(writer, value);
}

function writeBody(writer: KeyWriter, value: Value | undefined): void {
  if (value === undefined || value === null) return;
  if (typeof value === "string") return writer.text(value);
  if (typeof value === "boolean") return writer.byte(value ? 1 : 0);
  if (value instanceof Map) return writeDocument(writer, value);
  if (Array.isArray(value)) return writeArray(writer, value);
  if (value instanceof Date) return writer.signedLong(BigInt(value.getTime()));
  if (isNumber(value)) return writeNumber(writer, value);
  switch (value._bsontype) {
    case "ObjectId":
      return writer.raw(value.id);
    case "BSONSymbol":
      return writer.text(value.value);
    case "Binary": {
      const content = value.value();
      writer.uint32(content.length);
      writer.byte(value.sub_type);
      return writer.raw(content);
    }
    case "Timestamp":
      writer.uint32(value.t);
      return writer.uint32(value.i);
    case "BSONRegExp":
      writer.text(value.pattern);
      return writer.text(value.options);
    case "DBRef":
      writer.text(value.db === undefined ? value.collection : `${value.db}.${value.collection}`);
      return writer.raw(value.oid.id);
    case "Code":
      writer.text(value.code);
      if (value.scope instanceof Map) writeDocument(writer, value.scope);
      return;
    case "MinKey":
    case "MaxKey":
  }
}

function writeDocument(writer: KeyWriter, doc: Doc): void {
  for (const [name, value] of doc) {
    writer.byte(typeByte(value));
    writer.text(name);
    writeBody(writer, value);
  }
  writer.byte(END);
}

function writeArray(writer: KeyWriter, values: readonly Value[]): void {
  for (const value of values) writeValue(writer, value);
  writer.byte(END);
}
