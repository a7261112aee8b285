import { encodeDocument } from "../bson/codec.ts";
import type { Doc } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { compileProjection } from "../query/projection.ts";
import { compileFilter } from "../query/filter.ts";
import { compileSort } from "../query/sort.ts";
import type { Collection } from "../store/collection.ts";
import type { Search } from "../store/find.ts";
import { type CommandContext, collectionArguments, indexOfHint } from "./context.ts";

/** A `find` as its fields say. */
export interface FindRequest {
  readonly name: string;
  readonly collection: Collection | undefined;
  readonly search: Search;
  readonly project: ((doc: Doc) => Doc) | undefined;
  readonly batchSize: number | undefined;
  readonly singleBatch: boolean;
  readonly keepsOpen: boolean;
}

/** Reads and checks the fields of `find`. */
export function readFind(context: CommandContext): FindRequest {
  const { args, name } = collectionArguments(context);
  const collection = context.store.catalogue.find(context.db, name);
  const projection = args.document("projection");
  const limit = args.whole("limit");
  const request: FindRequest = {
    name,
    collection,
    search: {
      filter: args.document("filter") ?? new Map(),
      sort: args.document("sort"),
      skip: args.whole("skip"),
      limit: limit === 0 ? undefined : limit,
      hint: indexOfHint(collection, args.optional("hint")),
      timeLimit: context.timeLimit,
    },
    project: projection === undefined || projection.size === 0 ? undefined : compileProjection(projection),
    batchSize: args.whole("batchSize"),
    singleBatch: args.boolean("singleBatch") ?? false,
    keepsOpen: args.boolean("noCursorTimeout") ?? false,
  };
  args.refuse("collation", "let", "min", "max", "returnKey", "showRecordId", "tailable", "awaitData");
  args.ignore("allowDiskUse", "allowPartialResults", "oplogReplay");
  args.finish();
  checkSearch(request.search);
  return request;
}

/** Refuses a wrong filter or sort, also where there is no collection to search. */
export function checkSearch({ filter, sort, environment }: Search): void {
  compileFilter(filter, environment);
  if (sort === undefined || sort.size === 0) return;
  if (!sort.has("$natural")) compileSort(sort);
  else if (sort.size > 1) throw new MongoError(2, "BadValue", "Cannot include '$natural' in compound sort");
}

/** `find`: the first batch of the documents, and a cursor for more. */
export function find(context: CommandContext): Uint8Array {
  const { collection, search, project, name, ...options } = readFind(context);
  return context.cursors.open(collection === undefined ? [] : encoded(), {
    namespace: `${context.db}.${name}`,
    session: context.session,
    timeLimit: context.timeLimit,
    ...options,
  });

  function* encoded(): Generator<Uint8Array> {
    if (collection === undefined) return;
    // A document that is given back whole is given back as it was written.
    for (const record of context.store.find(collection, search).records) {
      yield project === undefined ? record.body : encodeDocument(project(record.doc));
    }
  }
}
