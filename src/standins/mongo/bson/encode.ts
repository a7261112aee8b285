import type { BSONRegExp, Binary, Code, DBRef } from "bson";
import type { Doc, Value } from "./value.ts";

const MIN_SIZE = 4096;

/**
 * Writes BSON documents into a buffer that grows. Making room may put another buffer in its place, so room is made in a
 * statement of its own, before the buffer is looked at to be written to.
 */
export class DocumentWriter {
  private bytes = Buffer.allocUnsafeSlow(MIN_SIZE);
  private offset = 0;

  encode(doc: Doc): Uint8Array {
    this.offset = 0;
    this.document(doc);
    const result = Buffer.allocUnsafeSlow(this.offset);
    this.bytes.copy(result, 0, 0, this.offset);
    return result;
  }

  private reserve(length: number): number {
    const start = this.offset;
    const needed = start + length;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, start);
      this.bytes = larger;
    }
    this.offset = needed;
    return start;
  }

  private byte(value: number): void {
    const at = this.reserve(1);
    this.bytes[at] = value;
  }

  private document(doc: Doc): void {
    const start = this.reserve(4);
    for (const [name, value] of doc) this.element(name, value);
    this.finish(start);
  }

  private array(items: readonly Value[]): void {
    const start = this.reserve(4);
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      if (item !== undefined) this.element(String(index), item);
    }
    this.finish(start);
  }

  private finish(start: number): void {
    this.byte(0);
    this.bytes.writeInt32LE(this.offset - start, start);
  }

  private element(name: string, value: Value): void {
    const at = this.reserve(1);
    this.name(name);
    // The type comes first in the bytes, but is known only once the value is looked at.
    const type = this.value(value);
    this.bytes[at] = type;
  }

  /** Writes a text that ends with a zero byte; a zero within it would end it early, and is refused. */
  private name(text: string): void {
    if (text.includes("\0")) throw new TypeError("A BSON name cannot contain a null byte");
    this.utf8(text);
    this.byte(0);
  }

  private utf8(text: string): number {
    const { length } = text;
    // Short ASCII text, which most of it is, is written here: a call into Buffer costs more than the loop.
    if (length < 24) {
      const start = this.reserve(length);
      let index = 0;
      for (; index < length; index++) {
        const unit = text.charCodeAt(index);
        if (unit >= 0x80) break;
        this.bytes[start + index] = unit;
      }
      if (index === length) return length;
      this.offset = start;
    }
    const start = this.reserve(length * 3);
    const written = this.bytes.write(text, start, "utf8");
    this.offset = start + written;
    return written;
  }

  private string(text: string): void {
    const start = this.reserve(4);
    const length = this.utf8(text);
    this.byte(0);
    this.bytes.writeInt32LE(length + 1, start);
  }

  private int(value: number): void {
    const at = this.reserve(4);
    this.bytes.writeInt32LE(value | 0, at);
  }

  /** Writes a value and gives its type byte. */
  private value(value: Value): number {
    if (typeof value === "string") {
      this.string(value);
      return 0x02;
    }
    if (typeof value === "boolean") {
      this.byte(value ? 1 : 0);
      return 0x08;
    }
    if (value === null) return 0x0a;
    if (value instanceof Map) {
      this.document(value);
      return 0x03;
    }
    if (Array.isArray(value)) {
      this.array(value);
      return 0x04;
    }
    if (value instanceof Date) {
      const at = this.reserve(8);
      this.bytes.writeBigInt64LE(BigInt(value.getTime()), at);
      return 0x09;
    }
    return this.typed(value);
  }

  private typed(value: Exclude<Value, string | boolean | null | Doc | Value[] | Date>): number {
    switch (value._bsontype) {
      case "ObjectId":
        this.raw(value.id);
        return 0x07;
      case "Int32":
        this.int(value.value);
        return 0x10;
      case "Double": {
        const at = this.reserve(8);
        this.bytes.writeDoubleLE(value.value, at);
        return 0x01;
      }
      case "Long":
        this.int(value.low);
        this.int(value.high);
        return 0x12;
      case "Decimal128":
        this.raw(value.bytes);
        return 0x13;
      case "Binary":
        this.binary(value);
        return 0x05;
      case "BSONRegExp":
        this.regex(value);
        return 0x0b;
      case "BSONSymbol":
        this.string(value.value);
        return 0x0e;
      case "Timestamp":
        this.int(value.i);
        this.int(value.t);
        return 0x11;
      case "Code":
        return this.code(value);
      case "DBRef":
        this.reference(value);
        return 0x0c;
      case "MinKey":
        return 0xff;
      case "MaxKey":
        return 0x7f;
    }
  }

  private raw(bytes: Uint8Array): void {
    const start = this.reserve(bytes.length);
    this.bytes.set(bytes, start);
  }

  private binary(value: Binary): void {
    const bytes = value.value();
    const old = value.sub_type === 2;
    this.int(bytes.length + (old ? 4 : 0));
    this.byte(value.sub_type);
    if (old) this.int(bytes.length);
    this.raw(bytes);
  }

  private regex(value: BSONRegExp): void {
    this.name(value.pattern);
    this.name(value.options);
  }

  private code(value: Code): number {
    if (!(value.scope instanceof Map)) {
      this.string(value.code);
      return 0x0d;
    }
    const start = this.reserve(4);
    this.string(value.code);
    this.document(value.scope);
    this.bytes.writeInt32LE(this.offset - start, start);
    return 0x0f;
  }

  private reference(value: DBRef): void {
    this.string(value.db === undefined ? value.collection : `${value.db}.${value.collection}`);
    this.raw(value.oid.id);
  }
}

const writer = new DocumentWriter();

/** Writes a document as BSON: keys in their order, values with their exact types. */
export function writeDocument(doc: Doc): Uint8Array {
  return writer.encode(doc);
}
