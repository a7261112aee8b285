import { Int32, ObjectId } from "bson";
import { decodeDocument, encodeDocument } from "../bson/codec.ts";
import { compareValues, typeBracket } from "../bson/compare.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { toDoc } from "../wire/plain.ts";
import type { Database } from "./database.ts";
import { duplicateKey } from "./duplicate-key.ts";
import { type IndexEntry, entriesOf } from "./index-entries.ts";
import { type Index, indexFromSpec } from "./index-spec.ts";

/** The largest document that MongoDB keeps. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** A document as it is kept. */
export interface StoredRecord {
  /** The record's number, which grows in the order of insertion. */
  readonly rid: number;
  readonly body: Uint8Array;
  readonly doc: Doc;
}

/** A collection: its documents and its indexes, of which the first is the one on `_id`. Writers wrap calls in a transaction. */
export class Collection {
  readonly db: string;
  readonly name: string;
  readonly id: number;
  readonly uuid: Uint8Array;
  indexes: readonly Index[] = [];
  readonly #database: Database;

  constructor(database: Database, place: { id: number; db: string; name: string; uuid: Uint8Array }) {
    this.#database = database;
    this.id = place.id;
    this.db = place.db;
    this.name = place.name;
    this.uuid = place.uuid;
  }

  get namespace(): string {
    return `${this.db}.${this.name}`;
  }

  /** Adds a document; one without `_id` gets one, and `_id` stands first. Gives the document as it is kept. */
  insert(document: Doc): Doc {
    const doc = withIdFirst(document);
    checkId(doc.get("_id"));
    const body = encode(doc);
    const sql = `INSERT INTO docs_${this.id} (body) VALUES (?)`;
    const rid = this.#database.prepare(sql).run(body).lastInsertRowid;
    for (const index of this.indexes) this.#addEntries(index, rid, this.#entries(index, doc));
    return doc;
  }

  /** Puts `doc` in the place of a record. Gives whether that changed anything. */
  replace(record: StoredRecord, doc: Doc): boolean {
    const body = encode(doc);
    if (Buffer.compare(body, record.body) === 0) return false;
    const changed = changedFields(record.doc, doc);
    for (const index of this.indexes)
      if (index.dependsOn.some((field) => changed.has(field))) this.#moveEntries(index, record, doc);
    this.#database.prepare(`UPDATE docs_${this.id} SET body = ? WHERE rid = ?`).run(body, record.rid);
    return true;
  }

  remove(record: StoredRecord): void {
    for (const index of this.indexes) {
      this.#removeEntries(index, record.rid, entriesOf(index, record.doc).entries);
    }
    this.#database.prepare(`DELETE FROM docs_${this.id} WHERE rid = ?`).run(record.rid);
  }

  /** Removes all documents, a table at a time; gives how many there were. */
  clear(): number {
    for (const index of this.indexes) this.#database.prepare(`DELETE FROM index_${index.id}`).run();
    return this.#database.prepare(`DELETE FROM docs_${this.id}`).run().changes;
  }

  /** Reads a record, or undefined when there is none of that number. */
  read(rid: number): StoredRecord | undefined {
    const row: unknown = this.#database.prepare(`SELECT body FROM docs_${this.id} WHERE rid = ?`).get(rid);
    return Array.isArray(row) && row[0] instanceof Uint8Array
      ? { rid, body: row[0], doc: decodeDocument(row[0]) }
      : undefined;
  }

  /** How many documents there are. */
  count(): number {
    const [index] = this.indexes;
    const row: unknown = this.#database.prepare(`SELECT count(*) FROM index_${index?.id}`).get();
    return Array.isArray(row) ? Number(row[0]) : 0;
  }

  /** How many bytes the documents take. */
  size(): number {
    const row: unknown = this.#database.prepare(`SELECT total(length(body)) FROM docs_${this.id}`).get();
    return Array.isArray(row) ? Number(row[0]) : 0;
  }

  /** Fills a new index's table from the documents. Throws a duplicate key error where a unique index cannot be. */
  fill(index: Index, records: Iterable<StoredRecord>): void {
    for (const { rid, doc } of records) this.#addEntries(index, rid, this.#entries(index, doc));
  }

  /** The entries of a document; on the way, notes where a field has several values for the first time. */
  #entries(index: Index, doc: Doc): readonly IndexEntry[] {
    const { entries, multikey } = entriesOf(index, doc);
    for (const [position, isMultiple] of multikey.entries()) {
      if (!isMultiple || index.multikey[position] === true) continue;
      index.multikey[position] = true;
      this.#database.onRollback(() => (index.multikey[position] = false));
      this.#database
        .prepare("UPDATE indexes SET multikey = ? WHERE id = ?")
        .run(JSON.stringify(index.multikey), index.id);
    }
    return entries;
  }

  #moveEntries(index: Index, record: StoredRecord, doc: Doc): void {
    const before = entriesOf(index, record.doc).entries;
    const after = this.#entries(index, doc);
    const missingFrom = (others: readonly IndexEntry[]) => (entry: IndexEntry) =>
      !others.some((other) => Buffer.compare(other.key, entry.key) === 0);
    this.#removeEntries(index, record.rid, before.filter(missingFrom(after)));
    this.#addEntries(index, record.rid, after.filter(missingFrom(before)));
  }

  #addEntries(index: Index, rid: number, entries: readonly IndexEntry[]): void {
    const statement = this.#database.prepare(`INSERT INTO index_${index.id} (key, rid) VALUES (?, ?)`);
    for (const { key, values } of entries) {
      try {
        statement.run(key, rid);
      } catch (error) {
        if (index.unique && isConstraintViolation(error)) throw duplicateKey(this.namespace, index, values);
        throw error;
      }
    }
  }

  #removeEntries(index: Index, rid: number, entries: readonly IndexEntry[]): void {
    const statement = this.#database.prepare(`DELETE FROM index_${index.id} WHERE key = ? AND rid = ?`);
    for (const { key } of entries) statement.run(key, rid);
  }
}

/** The index that every collection has. */
export const idIndexSpec = (): Doc => toDoc({ v: 2, key: { _id: 1 }, name: "_id_" });

/** The index on `_id`, from its row. It is unique without saying so. */
export function idIndex(id: number): Index {
  return { ...indexFromSpec(id, idIndexSpec()), unique: true };
}

/** The fields at the top of two documents that differ. Values that are equal but of different types count as different. */
function changedFields(before: Doc, after: Doc): Set<string> {
  const changed = new Set<string>();
  for (const [name, value] of before) if (!isSame(value, after.get(name))) changed.add(name);
  for (const name of after.keys()) if (!before.has(name)) changed.add(name);
  return changed;
}

/** Whether two values are the same and of one type. Where it would take long to tell, they count as different. */
function isSame(left: Value, right: Value | undefined): boolean {
  if (left === right) return true;
  if (right === undefined || typeBracket(left) !== typeBracket(right)) return false;
  if (left instanceof Int32) return right instanceof Int32 && left.value === right.value;
  return (left instanceof Date || left instanceof ObjectId) && compareValues(left, right) === 0;
}

function isConstraintViolation(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === 19;
}

function withIdFirst(document: Doc): Doc {
  const [first] = document.keys();
  if (first === "_id") return document;
  const given = document.get("_id");
  return new Map<string, Value>([["_id", given === undefined ? new ObjectId() : given], ...document]);
}

function checkId(id: Value | undefined): void {
  const isRegex = typeof id === "object" && id !== null && "_bsontype" in id && id._bsontype === "BSONRegExp";
  if (!Array.isArray(id) && !isRegex) return;
  const type = isRegex ? "regex" : "array";
  throw new MongoError(53, "InvalidIdField", `The '_id' value cannot be of type ${type}`);
}

function encode(doc: Doc): Uint8Array {
  const body = encodeDocument(doc);
  if (body.length <= MAX_DOCUMENT_BYTES) return body;
  throw new MongoError(
    10334,
    "BSONObjectTooLarge",
    `BSONObj size: ${body.length} (0x${body.length.toString(16).toUpperCase()}) is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}(16MB)`,
  );
}
