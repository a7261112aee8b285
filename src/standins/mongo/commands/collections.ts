import { Binary } from "bson";
import { encodeDocument } from "../bson/codec.ts";
import type { Doc } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { compileFilter } from "../query/filter.ts";
import type { Collection } from "../store/collection.ts";
import { toDoc } from "../wire/plain.ts";
import { Arguments } from "./arguments.ts";
import { type CommandContext, collectionArguments, success } from "./context.ts";

/** `create`: makes a collection; one that is there already stays as it is. */
export function create(context: CommandContext): Doc {
  const { args, name } = collectionArguments(context);
  args.refuse(
    "capped",
    "timeseries",
    "clusteredIndex",
    "changeStreamPreAndPostImages",
    "expireAfterSeconds",
    "validator",
    "viewOn",
    "pipeline",
    "collation",
    "storageEngine",
    "indexOptionDefaults",
    "encryptedFields",
    "size",
    "max",
  );
  args.ignore("idIndex", "autoIndexId", "validationLevel", "validationAction");
  args.finish();
  context.store.ensure(context.db, name);
  return success();
}

/** `drop`: removes a collection. One that is not there is no error, as since MongoDB 7. */
export function drop(context: CommandContext): Doc {
  const { args, name } = collectionArguments(context);
  args.finish();
  const collection = context.store.catalogue.find(context.db, name);
  if (collection === undefined) return success();
  dropOne(context, collection);
  return success({ nIndexesWas: collection.indexes.length, ns: collection.namespace });
}

/** `dropDatabase`: removes all collections of the database. */
export function dropDatabase(context: CommandContext): Doc {
  const args = new Arguments(context.name, context.command);
  args.ignore(context.name);
  args.finish();
  const collections = context.store.catalogue.list(context.db);
  for (const collection of collections) dropOne(context, collection);
  return success({ dropped: collections.length === 0 ? undefined : context.db });
}

function dropOne(context: CommandContext, collection: Collection): void {
  context.cursors.endNamespace((namespace) => namespace === collection.namespace);
  context.store.catalogue.drop(collection);
}

/** `listCollections`: the collections of the database. */
export function listCollections(context: CommandContext): Uint8Array {
  const args = new Arguments(context.name, context.command);
  args.ignore(context.name, "authorizedCollections");
  const nameOnly = args.boolean("nameOnly") ?? false;
  const matches = compileFilter(args.document("filter") ?? new Map());
  const cursor = new Arguments("listCollections.cursor", args.document("cursor") ?? new Map());
  const batchSize = cursor.whole("batchSize");
  cursor.finish();
  args.finish();
  const shown = context.store.catalogue
    .list(context.db)
    .map(describe)
    .filter(matches)
    .map((doc) => (nameOnly ? toDoc({ name: doc.get("name"), type: doc.get("type") }) : doc));
  return context.cursors.open(shown.map(encodeDocument), {
    namespace: `${context.db}.$cmd.listCollections`,
    session: context.session,
    batchSize: batchSize ?? Infinity,
  });
}

function describe(collection: Collection): Doc {
  return toDoc({
    name: collection.name,
    type: "collection",
    options: {},
    info: { readOnly: false, uuid: new Binary(collection.uuid, Binary.SUBTYPE_UUID) },
    idIndex: collection.indexes[0]?.spec,
  });
}

/** `listDatabases`: the databases that have collections. */
export function listDatabases(context: CommandContext): Doc {
  const args = new Arguments(context.name, context.command);
  args.ignore(context.name, "authorizedDatabases");
  const nameOnly = args.boolean("nameOnly") ?? false;
  const matches = compileFilter(args.document("filter") ?? new Map());
  args.finish();
  if (context.db !== "admin") {
    throw new MongoError(13, "Unauthorized", "listDatabases may only be run against the admin database.");
  }
  const names = new Set(context.store.catalogue.list().map((collection) => collection.db));
  const sizes = [...names].map((name) => ({
    name,
    sizeOnDisk: context.store.catalogue.list(name).reduce((sum, collection) => sum + collection.size(), 0),
  }));
  const databases = sizes
    .map(({ name, sizeOnDisk }) => toDoc({ name, sizeOnDisk, empty: false }))
    .filter(matches);
  if (nameOnly)
    return success({ databases: databases.map((database) => toDoc({ name: database.get("name") })) });
  const totalSize = sizes.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk, 0);
  return success({ databases, totalSize, totalSizeMb: Math.floor(totalSize / 2 ** 20) });
}

/** `collStats`: how large a collection is. */
export function collStats(context: CommandContext): Doc {
  const { args, name } = collectionArguments(context);
  args.refuse("scale");
  args.finish();
  const collection = context.store.catalogue.find(context.db, name);
  const count = collection?.count() ?? 0;
  const size = collection?.size() ?? 0;
  return success({
    ns: `${context.db}.${name}`,
    size,
    count,
    avgObjSize: count === 0 ? undefined : Math.round(size / count),
    storageSize: size,
    capped: false,
    nindexes: collection?.indexes.length ?? 0,
    scaleFactor: 1,
  });
}
