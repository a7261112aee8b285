import { decodeDocument } from "./codec.ts";
import { KeyCache } from "./keys.ts";
import type { Doc } from "./value.ts";

/** Fields of a document by their names: each whole or, where it is a document, some of its own fields. */
export type Fields = ReadonlyMap<string, Fields | "whole">;

const keys = new KeyCache();
/** Fewer bytes than this are copied sooner one by one. */
const SMALL = 64;
/** Where the parts that are wanted are put together; what is read from it shares no memory with it. */
let parts = Buffer.allocUnsafe(64 * 1024);

/**
 * Reads some fields of a BSON document as it is kept, in their order there, and passes over the others, which costs a
 * fraction of reading them. An array is read whole where only some fields of its documents are asked for.
 */
export function decodeFields(bytes: Uint8Array, fields: Fields): Doc {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (parts.length < source.length) parts = Buffer.allocUnsafe(2 * source.length);
  return decodeDocument(parts.subarray(0, copy(source, 0, parts, 0, fields)));
}

/** Copies the document that begins at `start`, with these fields alone, to `at`; gives where the copy ends. */
function copy(source: Buffer, start: number, target: Buffer, at: number, fields: Fields): number {
  const end = start + source.readInt32LE(start) - 1;
  let left = fields.size;
  let to = at + 4;
  for (let from = start + 4; from < end && left > 0;) {
    const known = keys.read(source, from + 1, end);
    const zero = known === undefined ? zeroFrom(source, from + 1) : from + 1 + known.length;
    const name = known ?? source.toString("utf8", from + 1, zero);
    const value = zero + 1;
    const type = source[from] ?? 0;
    const next = value + lengthOf(source, type, value);
    const wanted = fields.get(name);
    if (wanted !== undefined) {
      left--;
      const isPart = wanted !== "whole" && type === 0x03;
      const until = isPart ? value : next;
      if (until - from > SMALL) to += source.copy(target, to, from, until);
      else for (let n = from; n < until; n++) target[to++] = source[n] ?? 0;
      if (isPart) to = copy(source, value, target, to, wanted);
    }
    from = next;
  }
  target[to] = 0;
  target.writeInt32LE(to + 1 - at, at);
  return to + 1;
}

const zeroFrom = (source: Buffer, start: number): number => source.indexOf(0, start);

/** How many bytes a value takes, by its BSON type. */
function lengthOf(source: Buffer, type: number, at: number): number {
  switch (type) {
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
      return 8;
    case 0x02:
    case 0x0d:
    case 0x0e:
      return 4 + source.readInt32LE(at);
    case 0x03:
    case 0x04:
    case 0x0f:
      return source.readInt32LE(at);
    case 0x05:
      return 5 + source.readInt32LE(at);
    case 0x06:
    case 0x0a:
    case 0x7f:
    case 0xff:
      return 0;
    case 0x07:
      return 12;
    case 0x08:
      return 1;
    case 0x0b:
      return zeroFrom(source, zeroFrom(source, at) + 1) + 1 - at;
    case 0x0c:
      return 4 + source.readInt32LE(at) + 12;
    case 0x10:
      return 4;
    case 0x13:
      return 16;
    default:
      throw new TypeError(`a document with a value of type 0x${type.toString(16)}`);
  }
}
