import type { SQLInputValue } from "node:sqlite";
import type { DurableStatement } from "../../durable/durable-sqlite.ts";
import { decodeDocument } from "../bson/codec.ts";
import { type Fields, decodeFields } from "../bson/fields.ts";
import { MongoError } from "../error.ts";
import type { Collection, StoredRecord } from "./collection.ts";
import type { Database } from "./database.ts";
import type { Index } from "./index-spec.ts";
import type { KeyRange } from "./key-range.ts";
import type { TimeLimit } from "./time-limit.ts";

/** What a scan has read, for `explain`. */
export interface ScanStats {
  keys: number;
  docs: number;
}

/** How a scan goes on. */
export interface ScanOptions {
  readonly reverse?: boolean;
  /** How many records the reader is likely to take. */
  readonly expected?: number | undefined;
  readonly stats?: ScanStats | undefined;
  /** The fields that are read of each document; undefined is all. */
  readonly fields?: Fields | undefined;
  readonly timeLimit?: TimeLimit | undefined;
}

const MAX_CHUNK_ROWS = 512;
const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Reads all records of a collection in the order of insertion. Records are read in chunks, each a query of its own:
 * between two of them the collection may change, and the scan goes on behind the last record that it gave.
 */
export function* scanCollection(
  database: Database,
  collection: Collection,
  options: ScanOptions = {},
): Generator<StoredRecord> {
  const chunk = new ChunkSize(options.expected);
  const [beyond, order, first] =
    options.reverse === true ? ["<", "DESC", Number.MAX_SAFE_INTEGER] : [">", "ASC", 0];
  const sql = `SELECT rid, body FROM docs_${collection.id} WHERE rid ${beyond} ? ORDER BY rid ${order} LIMIT ?`;
  for (let last = first; ;) {
    const rows = read(database, sql, options, last, chunk.rows);
    for (const row of rows) {
      const record = recordOf(row[0], row[1], options.fields);
      last = record.rid;
      chunk.saw(record.body.length);
      if (options.stats !== undefined) options.stats.docs++;
      yield record;
    }
    if (rows.length < chunk.rows) return;
    chunk.grow();
  }
}

/**
 * Reads the records that an index holds in some ranges, in the index's order or its reverse. With `seen`, no record comes
 * that is in there or has come before: an array has several entries in an index.
 */
export function* scanIndex(
  database: Database,
  collection: Collection,
  index: Index,
  ranges: readonly KeyRange[],
  options: ScanOptions = {},
  seen?: Set<number>,
): Generator<StoredRecord> {
  for (const range of options.reverse === true ? ranges.toReversed() : ranges) {
    for (const record of scanRange(database, collection, index, range, options)) {
      if (options.stats !== undefined) options.stats.keys++;
      if (seen?.has(record.rid) === true) continue;
      seen?.add(record.rid);
      if (options.stats !== undefined) options.stats.docs++;
      yield record;
    }
  }
}

function* scanRange(
  database: Database,
  collection: Collection,
  index: Index,
  range: KeyRange,
  options: ScanOptions,
): Generator<StoredRecord> {
  if (range.isWholeKey === true) {
    const record = readByKey(database, collection, index, range.from, options);
    if (record !== undefined) yield record;
    return;
  }
  const chunk = new ChunkSize(options.expected);
  const reverse = options.reverse === true;
  const [beyond, order] = reverse ? ["<", "DESC"] : [">", "ASC"];
  const select = `SELECT i.key, i.rid, d.body FROM index_${index.id} i JOIN docs_${collection.id} d ON d.rid = i.rid`;
  const ordered = `ORDER BY i.key ${order}, i.rid ${order} LIMIT ?`;
  const upper = range.to === undefined ? "" : " AND i.key < ?";
  const bounds = range.to === undefined ? [range.from] : [range.from, range.to];
  let rows = read(database, `${select} WHERE i.key >= ?${upper} ${ordered}`, options, ...bounds, chunk.rows);
  for (;;) {
    let last: SQLInputValue[] = [];
    for (const row of rows) {
      const record = recordOf(row[1], row[2], options.fields);
      last = [row[0] instanceof Uint8Array ? row[0] : new Uint8Array(), record.rid];
      chunk.saw(record.body.length);
      yield record;
    }
    if (rows.length < chunk.rows) return;
    chunk.grow();
    // From the last entry on, within the range: one side of the range is passed already.
    const rest = reverse ? " AND i.key >= ?" : upper;
    const restBound = reverse ? [range.from] : bounds.slice(1);
    const sql = `${select} WHERE (i.key, i.rid) ${beyond} (?, ?)${rest} ${ordered}`;
    rows = read(database, sql, options, ...last, ...restBound, chunk.rows);
  }
}

/** The record of a unique index's whole key: a single search in its table, without a range. */
function readByKey(
  database: Database,
  collection: Collection,
  index: Index,
  key: Uint8Array,
  options: ScanOptions,
): StoredRecord | undefined {
  options.timeLimit?.check();
  const sql = `SELECT i.rid, d.body FROM index_${index.id} i JOIN docs_${collection.id} d ON d.rid = i.rid WHERE i.key = ?`;
  const row = prepared(database, sql).get(key);
  return Array.isArray(row) ? recordOf(row[0], row[1], options.fields) : undefined;
}

/** How many entries the ranges hold, counted no further than `most`. */
export function countEntries(
  database: Database,
  index: Index,
  ranges: readonly KeyRange[],
  most: number,
): number {
  let count = 0;
  for (const { from, to } of ranges) {
    if (count >= most) break;
    const upper = to === undefined ? "" : " AND key < ?";
    const sql = `SELECT count(*) FROM (SELECT 1 FROM index_${index.id} WHERE key >= ?${upper} LIMIT ?)`;
    const row: unknown = database.prepare(sql).get(...(to === undefined ? [from] : [from, to]), most - count);
    count += Array.isArray(row) ? Number(row[0]) : 0;
  }
  return count;
}

function read(
  database: Database,
  sql: string,
  options: ScanOptions,
  ...values: SQLInputValue[]
): unknown[][] {
  options.timeLimit?.check();
  const rows: unknown[] = prepared(database, sql).all(...values);
  return rows.filter((row): row is unknown[] => Array.isArray(row));
}

/** The statement; where its table has been dropped since the scan began, error 175, which ends the cursor. */
function prepared(database: Database, sql: string): DurableStatement {
  try {
    return database.prepare(sql);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("no such table")) throw error;
    throw new MongoError(
      175,
      "QueryPlanKilled",
      "query plan killed :: caused by :: index or collection dropped",
    );
  }
}

function recordOf(rid: unknown, body: unknown, fields: Fields | undefined): StoredRecord {
  if (!(body instanceof Uint8Array)) throw new TypeError("a record without a document");
  let doc: StoredRecord["doc"] | undefined;
  return {
    rid: Number(rid),
    body,
    get doc() {
      return (doc ??= fields === undefined ? decodeDocument(body) : decodeFields(body, fields));
    },
  };
}

/** Lets chunks grow while their documents are small, so that neither small nor large ones cost much at once. */
class ChunkSize {
  rows: number;
  #bytes = 0;
  #seen = 0;

  constructor(expected: number | undefined) {
    this.rows = Math.max(1, Math.min(expected === undefined ? 16 : expected + 1, 102));
  }

  saw(bytes: number): void {
    this.#bytes += bytes;
    this.#seen++;
  }

  grow(): void {
    const fitting = Math.floor(CHUNK_BYTES / Math.max(1, this.#bytes / Math.max(1, this.#seen)));
    this.rows = Math.max(1, Math.min(this.rows * 4, MAX_CHUNK_ROWS, fitting));
  }
}
