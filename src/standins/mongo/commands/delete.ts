import type { Doc } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import type { Collection } from "../store/collection.ts";
import type { Search } from "../store/find.ts";
import { Arguments } from "./arguments.ts";
import { type CommandContext, collectionArguments, indexOfHint, success } from "./context.ts";
import { checkSearch } from "./find.ts";
import { requireBatch, runOperations } from "./write-errors.ts";

/** `delete`: removes the first or all documents that match. */
export function remove(context: CommandContext): Doc {
  const { args, name } = collectionArguments(context);
  const deletes = args.requiredDocuments("deletes");
  const ordered = args.boolean("ordered") ?? true;
  args.refuse("let");
  args.finish();
  requireBatch(deletes.length);
  const collection = context.store.catalogue.find(context.db, name);
  const searches = deletes.map((fields) => readDelete(fields, context, collection));
  let removed = 0;
  const errors = runOperations(context.store, searches, ordered, (search) => {
    if (collection === undefined) return;
    if (search.limit === undefined && search.filter.size === 0) {
      removed += collection.clear();
      return;
    }
    const records = [...context.store.find(collection, search).records];
    for (const record of records) collection.remove(record);
    removed += records.length;
  });
  return success({ n: removed, writeErrors: errors.length === 0 ? undefined : errors });
}

function readDelete(fields: Doc, context: CommandContext, collection: Collection | undefined): Search {
  const args = new Arguments("delete.deletes", fields);
  const filter = args.requiredDocument("q");
  const limit = args.whole("limit");
  const hint = indexOfHint(collection, args.optional("hint"));
  args.refuse("collation");
  args.finish();
  if (limit !== 0 && limit !== 1) {
    throw new MongoError(
      9,
      "FailedToParse",
      `The limit field in delete objects must be 0 or 1. Got ${limit ?? "nothing"}`,
    );
  }
  const search = { filter, hint, limit: limit === 1 ? 1 : undefined, timeLimit: context.timeLimit };
  checkSearch(search);
  return search;
}
