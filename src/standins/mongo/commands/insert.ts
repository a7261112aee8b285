import type { Doc } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import type { Collection } from "../store/collection.ts";
import type { Store } from "../store/store.ts";
import { type CommandContext, collectionArguments, success } from "./context.ts";
import { requireBatch, runOperations } from "./write-errors.ts";

/** `insert`: adds documents. */
export function insert(context: CommandContext): Doc {
  const { args, name } = collectionArguments(context);
  const documents = args.requiredDocuments("documents");
  const ordered = args.boolean("ordered") ?? true;
  args.ignore("bypassDocumentValidation");
  args.finish();
  requireBatch(documents.length);
  const collection = context.store.ensure(context.db, name);
  if (documents.length > 1 && insertAll(context.store, collection, documents)) {
    return success({ n: documents.length });
  }
  let inserted = 0;
  const errors = runOperations(context.store, documents, ordered, (document) => {
    collection.insert(document);
    inserted++;
  });
  return success({ n: inserted, writeErrors: errors.length === 0 ? undefined : errors });
}

/**
 * Adds all documents or, where one is refused, none, and says which. It spares those of a large command, of which none
 * nearly ever is refused, what it takes to undo each by itself.
 */
function insertAll(store: Store, collection: Collection, documents: readonly Doc[]): boolean {
  try {
    store.transaction(() => {
      for (const document of documents) collection.insert(document);
    });
    return true;
  } catch (error) {
    if (error instanceof MongoError) return false;
    throw error;
  }
}
