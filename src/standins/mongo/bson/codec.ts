import { readDocument } from "./decode.ts";
import { writeDocument } from "./encode.ts";
import type { Doc } from "./value.ts";

/**
 * Reads a BSON document. Keys keep their order, values their exact types; the deprecated undefined becomes null. What
 * is read shares no memory with `bytes`. Throws a MongoError 22 (InvalidBSON) when the bytes are no BSON document, or
 * one that could not be given back exactly: a field twice, text that is no UTF-8, a date that no JavaScript Date holds.
 */
export function decodeDocument(bytes: Uint8Array): Doc {
  return readDocument(bytes);
}

/** Writes a document as BSON: keys in their order, values with their exact types. */
export function encodeDocument(doc: Doc): Uint8Array {
  return writeDocument(doc);
}
