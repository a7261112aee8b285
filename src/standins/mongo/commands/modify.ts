import type { Doc, Value } from "../bson/value.ts";
import { compareValues } from "../bson/compare.ts";
import { MongoError } from "../error.ts";
import type { Collection, StoredRecord } from "../store/collection.ts";
import { applyUpdate } from "../update/apply.ts";
import { upsertSeed } from "../update/upsert.ts";

/** An update: operators or a whole document in one Map, or the stages of a pipeline. */
export interface Change {
  readonly update: Doc | Doc[];
  readonly filter: Doc;
  readonly arrayFilters: readonly Doc[] | undefined;
  readonly now: Date;
}

/** Reads an update. Throws 9 (FailedToParse) when it is neither a document nor a pipeline. */
export function readUpdate(value: Value | undefined): Doc | Doc[] {
  if (value instanceof Map) return value;
  const stages = Array.isArray(value) ? value.filter((stage) => stage instanceof Map) : [];
  if (Array.isArray(value) && stages.length === value.length) return stages;
  throw new MongoError(9, "FailedToParse", "Update argument must be either an object or an array");
}

/** Whether the update puts a whole document in the place of the old one. */
export function isReplacement(update: Doc | Doc[]): boolean {
  if (Array.isArray(update)) return false;
  const [first] = update.keys();
  return first?.startsWith("$") !== true;
}

/** Applies a change to a record. Gives the document as it is now, and whether that differs. */
export function modify(
  collection: Collection,
  record: StoredRecord,
  change: Change,
): { doc: Doc; modified: boolean } {
  const doc = withIdOf(record.doc, applyUpdate(record.doc, change.update, contextOf(change, false)));
  return { doc, modified: collection.replace(record, doc) };
}

/** Inserts the document that an upsert makes when nothing matches. Gives it as it is kept. */
export function upsert(collection: Collection, change: Change): Doc {
  const seed = upsertSeed(change.filter);
  const doc = applyUpdate(seed, change.update, contextOf(change, true));
  const id = seed.get("_id");
  return collection.insert(id === undefined ? doc : withIdOf(seed, doc));
}

function contextOf(
  { filter, now, arrayFilters }: Change,
  isUpsertInsert: boolean,
): Parameters<typeof applyUpdate>[2] {
  return { isUpsertInsert, now, filter, ...(arrayFilters === undefined ? {} : { arrayFilters }) };
}

/** The document with the `_id` of the old one, in the first place. Throws 66 when the update set another. */
function withIdOf(old: Doc, doc: Doc): Doc {
  const id = old.get("_id");
  if (id === undefined) return doc;
  const given = doc.get("_id");
  if (given !== undefined && compareValues(given, id) !== 0) {
    throw new MongoError(
      66,
      "ImmutableField",
      "After applying the update, the (immutable) field '_id' was found to have been altered",
    );
  }
  const [first] = doc.keys();
  return first === "_id" ? doc : new Map<string, Value>([["_id", id], ...doc]);
}
