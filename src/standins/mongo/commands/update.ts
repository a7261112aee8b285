import type { Doc } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import type { Collection } from "../store/collection.ts";
import type { Index } from "../store/index-spec.ts";
import { toDoc } from "../wire/plain.ts";
import { Arguments } from "./arguments.ts";
import { type CommandContext, collectionArguments, indexOfHint, success } from "./context.ts";
import { checkSearch } from "./find.ts";
import { type Change, isReplacement, modify, readUpdate, upsert } from "./modify.ts";
import { requireBatch, runOperations } from "./write-errors.ts";

interface UpdateOperation extends Change {
  readonly multi: boolean;
  readonly upsert: boolean;
  readonly hint: Index | null | undefined;
}

/** `update`: changes the first or all documents that match, or inserts one where none does. */
export function update(context: CommandContext): Doc {
  const { args, name } = collectionArguments(context);
  const updates = args.requiredDocuments("updates");
  const ordered = args.boolean("ordered") ?? true;
  args.refuse("let");
  args.ignore("bypassDocumentValidation");
  args.finish();
  requireBatch(updates.length);
  const existing = context.store.catalogue.find(context.db, name);
  const operations = updates.map((fields) => readOperation(fields, context.now, existing));
  // Only an upsert makes a collection.
  const collection = operations.some((operation) => operation.upsert)
    ? context.store.ensure(context.db, name)
    : existing;
  let matched = 0;
  let modified = 0;
  const upserted: Doc[] = [];
  const errors = runOperations(context.store, operations, ordered, (operation, position) => {
    if (collection === undefined) return;
    const result = runUpdate(context, collection, operation);
    matched += result.matched;
    modified += result.modified;
    if (result.inserted !== undefined) {
      matched++;
      upserted.push(toDoc({ index: position, _id: result.inserted.get("_id") }));
    }
  });
  return success({
    n: matched,
    upserted: upserted.length === 0 ? undefined : upserted,
    nModified: modified,
    writeErrors: errors.length === 0 ? undefined : errors,
  });
}

function runUpdate(
  context: CommandContext,
  collection: Collection,
  operation: UpdateOperation,
): { matched: number; modified: number; inserted?: Doc } {
  const search = {
    filter: operation.filter,
    hint: operation.hint,
    limit: operation.multi ? undefined : 1,
    timeLimit: context.timeLimit,
  };
  // All are found before the first is changed: a document that moves within the index is not found again.
  const records = [...context.store.find(collection, search).records];
  if (records.length === 0 && operation.upsert) {
    return { matched: 0, modified: 0, inserted: upsert(collection, operation) };
  }
  const changed = records.filter((record) => modify(collection, record, operation).modified);
  return { matched: records.length, modified: changed.length };
}

function readOperation(fields: Doc, now: Date, collection: Collection | undefined): UpdateOperation {
  const args = new Arguments("update.updates", fields);
  const operation: UpdateOperation = {
    filter: args.requiredDocument("q"),
    update: readUpdate(args.any("u")),
    multi: args.boolean("multi") ?? false,
    upsert: args.boolean("upsert") ?? false,
    arrayFilters: args.documents("arrayFilters"),
    hint: indexOfHint(collection, args.optional("hint")),
    now,
  };
  args.refuse("collation", "c");
  args.finish();
  checkSearch(operation);
  if (operation.multi && isReplacement(operation.update)) {
    throw new MongoError(9, "FailedToParse", "multi update is not supported for replacement-style update");
  }
  return operation;
}
