import { encodeDocument } from "../bson/codec.ts";
import { compareValues } from "../bson/compare.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import type { Collection } from "../store/collection.ts";
import { showValue } from "../store/duplicate-key.ts";
import type { Index } from "../store/index-spec.ts";
import { Arguments } from "./arguments.ts";
import { type CommandContext, collectionArguments, isSameKeyPattern, success } from "./context.ts";
import { readIndexDefinition } from "./index-definition.ts";

/** `createIndexes`: makes the indexes that are not there yet. */
export function createIndexes(context: CommandContext): Doc {
  const { args, name } = collectionArguments(context);
  const specs = args.requiredDocuments("indexes").map(readIndexDefinition);
  args.ignore("commitQuorum", "ignoreUnknownIndexOptions");
  args.finish();
  if (specs.length === 0) throw new MongoError(2, "BadValue", "Must specify at least one index to create");
  const created = context.store.catalogue.find(context.db, name) === undefined;
  const collection = context.store.ensure(context.db, name);
  const before = collection.indexes.length;
  context.store.transaction(() => {
    for (const spec of specs) {
      if (!isThere(collection, spec)) context.store.catalogue.addIndex(collection, spec);
    }
  });
  const after = collection.indexes.length;
  return success({
    numIndexesBefore: before,
    numIndexesAfter: after,
    createdCollectionAutomatically: created,
    note: before === after ? "all indexes already exist" : undefined,
  });
}

/** Whether the collection has that very index. Throws 85 or 86 when it has one that stands in the way. */
function isThere(collection: Collection, spec: Doc): boolean {
  const key = spec.get("key");
  const name = spec.get("name");
  const sameName = collection.indexes.find((index) => index.name === name);
  const words = (index: Index): string =>
    `Requested index: ${showValue(spec)}, existing index: ${showValue(index.spec)}`;
  if (sameName !== undefined) {
    if (!isSameIndex(sameName, spec)) {
      throw new MongoError(
        86,
        "IndexKeySpecsConflict",
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${words(sameName)}`,
      );
    }
    if (isSameExpiry(sameName, spec)) return true;
    throw new MongoError(
      85,
      "IndexOptionsConflict",
      `An equivalent index already exists with the same name but different options. ${words(sameName)}`,
    );
  }
  const sameKey = collection.indexes.find((index) => key instanceof Map && isSameIndex(index, spec));
  if (sameKey === undefined) return false;
  throw new MongoError(
    85,
    "IndexOptionsConflict",
    isSameExpiry(sameKey, spec)
      ? `Index already exists with a different name: ${sameKey.name}`
      : `An equivalent index already exists with a different name and options. ${words(sameKey)}`,
  );
}

/** Whether key and those options agree that make an index another one; a different expiry does not. */
function isSameIndex(index: Index, spec: Doc): boolean {
  const key = spec.get("key");
  if (!(key instanceof Map) || !isSameKeyPattern(index.keyPattern, key)) return false;
  const partial = spec.get("partialFilterExpression");
  const isSamePartial =
    index.partialFilter === undefined || partial === undefined
      ? index.partialFilter === partial
      : compareValues(index.partialFilter, partial) === 0;
  const isUnique = index.spec.get("unique") === true;
  return (
    isSamePartial &&
    isUnique === (spec.get("unique") === true) &&
    index.sparse === (spec.get("sparse") === true)
  );
}

function isSameExpiry(index: Index, spec: Doc): boolean {
  return compareValues(index.spec.get("expireAfterSeconds"), spec.get("expireAfterSeconds")) === 0;
}

/** `listIndexes`: the indexes of a collection. */
export function listIndexes(context: CommandContext): Uint8Array {
  const { args, name } = collectionArguments(context);
  const cursor = new Arguments("listIndexes.cursor", args.document("cursor") ?? new Map());
  const batchSize = cursor.whole("batchSize");
  cursor.finish();
  args.finish();
  const namespace = `${context.db}.${name}`;
  const { indexes } = context.store.require(context.db, name, `ns does not exist: ${namespace}`);
  return context.cursors.open(
    indexes.map((index) => encodeDocument(index.spec)),
    { namespace, session: context.session, batchSize: batchSize ?? Infinity },
  );
}

/** `dropIndexes`: drops indexes by name, by key, or all but the one on `_id`. */
export function dropIndexes(context: CommandContext): Doc {
  const { args, name } = collectionArguments(context);
  const wanted = args.optional("index");
  args.finish();
  const collection = context.store.require(context.db, name, `ns not found ${context.db}.${name}`);
  const before = collection.indexes.length;
  const dropped =
    wanted === "*"
      ? collection.indexes.slice(1)
      : (Array.isArray(wanted) ? wanted : [wanted ?? null]).map((one) => indexToDrop(collection, one));
  for (const index of dropped) context.store.catalogue.dropIndex(collection, index);
  return success({ nIndexesWas: before });
}

function indexToDrop(collection: Collection, wanted: Value): Index {
  const index = collection.indexes.find((candidate) =>
    wanted instanceof Map ? isSameKeyPattern(candidate.keyPattern, wanted) : candidate.name === wanted,
  );
  if (index === undefined) {
    const what =
      wanted instanceof Map
        ? `can't find index with key: ${showValue(wanted)}`
        : `index not found with name [${typeof wanted === "string" ? wanted : showValue(wanted)}]`;
    throw new MongoError(27, "IndexNotFound", what);
  }
  if (index === collection.indexes[0]) throw new MongoError(72, "InvalidOptions", "cannot drop _id index");
  return index;
}
