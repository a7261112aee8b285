import type { Fields } from "../bson/fields.ts";
import type { Doc } from "../bson/value.ts";
import type { Environment } from "../aggregate/scope.ts";
import { compileFilter } from "../query/filter.ts";
import { compileSort } from "../query/sort.ts";
import type { Collection, StoredRecord } from "./collection.ts";
import type { Database } from "./database.ts";
import { areExact } from "./exact-bounds.ts";
import { type IndexPlan, type Plan, type Query, planQuery } from "./plan.ts";
import type { TimeLimit } from "./time-limit.ts";
import { type ScanOptions, type ScanStats, countEntries, scanCollection, scanIndex } from "./scan.ts";

/** A query with the part of its result that is wanted. */
export interface Search extends Query {
  readonly skip?: number | undefined;
  /** How many documents at most; undefined is all. */
  readonly limit?: number | undefined;
  /** All the fields that the reader looks at, those of filter and sort among them: others may be missing. */
  readonly fields?: Fields | undefined;
  /** What `$expr` in the filter may refer to. */
  readonly environment?: Environment | undefined;
  readonly timeLimit?: TimeLimit | undefined;
}

/** Documents about to be found, and how. */
export interface Found {
  readonly plan: Plan;
  readonly stats: ScanStats;
  readonly records: Iterable<StoredRecord>;
  /** How many they are, where the entries of an index tell that without the documents. */
  readonly countByIndex: (() => number) | undefined;
}

/** Plans a search. Its filter and sort are checked here; the documents are read as they are asked for. */
export function find(database: Database, collection: Collection, search: Search): Found {
  const filter = search.filter.size === 0 ? undefined : compileFilter(search.filter, search.environment);
  const hasSort = search.sort !== undefined && search.sort.size > 0;
  const plan = planQuery(collection, search, (index, bounds, most) =>
    countEntries(database, index, bounds.ranges, most),
  );
  const compare = hasSort && !plan.sorted && search.sort !== undefined ? compileSort(search.sort) : undefined;
  const skip = search.skip ?? 0;
  const wanted = search.limit === undefined ? undefined : skip + search.limit;
  const stats: ScanStats = { keys: 0, docs: 0 };
  const options = {
    reverse: plan.reverse,
    expected: compare === undefined ? wanted : undefined,
    stats,
    timeLimit: search.timeLimit,
    fields: search.fields,
  };
  const exact = plan.kind === "index" && areExact(plan, search.filter) ? plan : undefined;
  // What lies within exact bounds matches, without a look at it.
  const matches = exact === undefined ? filter : undefined;
  const count = ({ index, bounds }: IndexPlan): number => {
    search.timeLimit?.check();
    const entries = countEntries(database, index, bounds.ranges, wanted ?? Number.MAX_SAFE_INTEGER);
    stats.keys += entries;
    return Math.max(0, entries - skip);
  };
  const read = (): Iterable<StoredRecord> => {
    const scanned =
      plan.kind === "collection"
        ? scanCollection(database, collection, options)
        : scanIndexes(database, collection, plan.kind === "index" ? [plan] : plan.branches, options);
    const matching = matches === undefined ? scanned : filtered(scanned, matches);
    const ordered = compare === undefined ? matching : sorted(matching, compare, wanted);
    return skip === 0 && wanted === undefined ? ordered : slice(ordered, skip, wanted);
  };
  return {
    plan,
    stats,
    records: { [Symbol.iterator]: () => read()[Symbol.iterator]() },
    countByIndex: exact && (() => count(exact)),
  };
}

/** Reads what several indexes give, one after another, each record once. */
function* scanIndexes(
  database: Database,
  collection: Collection,
  plans: readonly IndexPlan[],
  options: ScanOptions,
): Generator<StoredRecord> {
  const isMultiple = plans.length > 1 || plans.some(({ index }) => index.multikey.includes(true));
  const seen = isMultiple ? new Set<number>() : undefined;
  for (const { index, bounds } of plans)
    yield* scanIndex(database, collection, index, bounds.ranges, options, seen);
}

function* filtered(records: Iterable<StoredRecord>, matches: (doc: Doc) => boolean): Generator<StoredRecord> {
  for (const record of records) if (matches(record.doc)) yield record;
}

function* slice(
  records: Iterable<StoredRecord>,
  skip: number,
  end: number | undefined,
): Generator<StoredRecord> {
  if (end !== undefined && end <= skip) return;
  let position = 0;
  for (const record of records) {
    if (position++ >= skip) yield record;
    // Stops before another record is read for nothing.
    if (position === end) return;
  }
}

/** Sorts all records, keeping no more of them in memory than are wanted and as many again. */
function* sorted(
  records: Iterable<StoredRecord>,
  compare: (left: Doc, right: Doc) => number,
  wanted: number | undefined,
): Generator<StoredRecord> {
  const order = (left: StoredRecord, right: StoredRecord): number => compare(left.doc, right.doc);
  let kept: StoredRecord[] = [];
  for (const record of records) {
    kept.push(record);
    if (wanted !== undefined && kept.length >= 2 * wanted + 100) kept = kept.sort(order).slice(0, wanted);
  }
  yield* kept.sort(order);
}
