import {
  BSONRegExp,
  BSONSymbol,
  Binary,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from "bson";
import { MongoError } from "../error.ts";
import { KeyCache } from "./keys.ts";
import type { Doc, Value } from "./value.ts";

const MAX_DEPTH = 200;
const keys = new KeyCache();
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const invalid = (message: string): MongoError => new MongoError(22, "InvalidBSON", message);

function makeRegex(pattern: string, options: string): BSONRegExp {
  try {
    return new BSONRegExp(pattern, options);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : "BSON regular expression is invalid");
  }
}

/** Reads one BSON document from bytes, front to back. */
class Reader {
  private readonly bytes: Buffer;
  private offset = 0;
  private depth = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Reads a document that ends at or before `limit`. */
  document(limit: number): Doc {
    const end = this.open(limit);
    const doc: Doc = new Map();
    for (;;) {
      const type = this.byte(end);
      if (type === 0) break;
      const name = this.name(end);
      const count = doc.size;
      doc.set(name, this.value(type, end));
      if (doc.size === count)
        throw invalid(`Documents that hold the field '${name}' twice are not supported`);
    }
    this.close(end);
    return doc;
  }

  private array(limit: number): Value[] {
    const end = this.open(limit);
    const items: Value[] = [];
    for (;;) {
      const type = this.byte(end);
      if (type === 0) break;
      // The names of array elements are their positions; MongoDB ignores what is written there.
      this.offset = this.terminator(end) + 1;
      items.push(this.value(type, end));
    }
    this.close(end);
    return items;
  }

  private open(limit: number): number {
    const start = this.offset;
    if (start + 5 > limit) throw invalid("BSON document ends too early");
    const end = start + this.bytes.readInt32LE(start);
    if (end < start + 5 || end > limit) throw invalid("BSON document has a wrong length");
    if (++this.depth > MAX_DEPTH) {
      throw new MongoError(15, "Overflow", `BSONObj exceeds maximum nested object depth: ${MAX_DEPTH}`);
    }
    this.offset = start + 4;
    return end;
  }

  private close(end: number): void {
    if (this.offset !== end) throw invalid("BSON document is not terminated where its length says");
    this.depth--;
  }

  private byte(end: number): number {
    const byte = this.bytes[this.offset];
    if (byte === undefined || this.offset >= end) throw invalid("BSON element ends too early");
    this.offset++;
    return byte;
  }

  /** Passes over `length` bytes and gives the position where they begin. */
  private take(length: number, end: number): number {
    const start = this.offset;
    if (length < 0 || start + length >= end) throw invalid("BSON element ends too early");
    this.offset = start + length;
    return start;
  }

  private terminator(end: number): number {
    const at = this.bytes.indexOf(0, this.offset);
    if (at === -1 || at >= end) throw invalid("BSON name is not terminated");
    return at;
  }

  private name(end: number): string {
    const key = keys.read(this.bytes, this.offset, end);
    if (key !== undefined) {
      this.offset += key.length + 1;
      return key;
    }
    return this.text(end);
  }

  /** Reads a text that ends with a zero byte. */
  private text(end: number): string {
    const at = this.terminator(end);
    const text = this.utf8(this.offset, at);
    this.offset = at + 1;
    return text;
  }

  private string(end: number): string {
    const length = this.bytes.readInt32LE(this.take(4, end));
    if (length < 1) throw invalid("BSON string has a wrong length");
    const start = this.take(length, end);
    if (this.bytes[start + length - 1] !== 0) throw invalid("BSON string is not terminated");
    return this.utf8(start, start + length - 1);
  }

  private utf8(start: number, end: number): string {
    const text = this.bytes.toString("utf8", start, end);
    if (!text.includes("\uFFFD")) return text;
    // Either the text holds that character, or the bytes are no UTF-8: the strict decoder tells.
    try {
      return strictUtf8.decode(this.bytes.subarray(start, end));
    } catch {
      throw invalid("BSON text is not valid UTF-8");
    }
  }

  private long(end: number): Long {
    const start = this.take(8, end);
    return new Long(this.bytes.readInt32LE(start), this.bytes.readInt32LE(start + 4));
  }

  private date(end: number): Date {
    const start = this.take(8, end);
    const ms = this.bytes.readInt32LE(start + 4) * 0x1_0000_0000 + this.bytes.readUInt32LE(start);
    const date = new Date(ms);
    if (Number.isNaN(date.getTime())) throw invalid(`Dates beyond the year 275760 are not supported: ${ms}`);
    return date;
  }

  private binary(end: number): Binary {
    const length = this.bytes.readInt32LE(this.take(4, end));
    const subtype = this.byte(end);
    const start = this.take(length, end);
    // The old binary subtype 2 holds its length once more; a Binary of the driver's leaves that away.
    const inner = subtype === Binary.SUBTYPE_BYTE_ARRAY ? 4 : 0;
    if (inner > length) throw invalid("BSON binary has a wrong length");
    return new Binary(Uint8Array.from(this.bytes.subarray(start + inner, start + length)), subtype);
  }

  private value(type: number, end: number): Value {
    switch (type) {
      case 0x01:
        return new Double(this.bytes.readDoubleLE(this.take(8, end)));
      case 0x02:
        return this.string(end);
      case 0x03:
        return this.document(end - 1);
      case 0x04:
        return this.array(end - 1);
      case 0x05:
        return this.binary(end);
      case 0x07:
        return this.objectId(end);
      case 0x08: {
        const byte = this.bytes[this.take(1, end)];
        if (byte !== 0 && byte !== 1) throw invalid("BSON boolean is neither 0 nor 1");
        return byte === 1;
      }
      case 0x09:
        return this.date(end);
      case 0x06: // The deprecated undefined.
      case 0x0a:
        return null;
      case 0x10:
        return new Int32(this.bytes.readInt32LE(this.take(4, end)));
      case 0x12:
        return this.long(end);
      default:
        return this.rareValue(type, end);
    }
  }

  private rareValue(type: number, end: number): Value {
    switch (type) {
      case 0x0b:
        return makeRegex(this.text(end), this.text(end));
      case 0x0c:
        return new DBRef(this.string(end), this.objectId(end));
      case 0x0d:
        return new Code(this.string(end));
      case 0x0e:
        return new BSONSymbol(this.string(end));
      case 0x0f: {
        this.take(4, end);
        return new Code(this.string(end), this.document(end - 1));
      }
      case 0x11: {
        const { low, high } = this.long(end);
        return new Timestamp(new Long(low, high, true));
      }
      case 0x13: {
        const start = this.take(16, end);
        return new Decimal128(Uint8Array.from(this.bytes.subarray(start, start + 16)));
      }
      case 0x7f:
        return new MaxKey();
      case 0xff:
        return new MinKey();
      default:
        throw invalid(`Unrecognized BSON type 0x${type.toString(16)}`);
    }
  }

  private objectId(end: number): ObjectId {
    const start = this.take(12, end);
    return new ObjectId(this.bytes.subarray(start, start + 12));
  }
}

/** Reads a BSON document; `decodeDocument` says what it promises. */
export function readDocument(bytes: Uint8Array): Doc {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new Reader(buffer);
  if (buffer.length < 5 || buffer.readInt32LE(0) !== buffer.length) {
    throw invalid("BSON document's length is not that of its bytes");
  }
  return reader.document(buffer.length);
}
