import type { Doc } from "../bson/value.ts";
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
  let inserted = 0;
  const errors = runOperations(context.store, documents, ordered, (document) => {
    collection.insert(document);
    inserted++;
  });
  return success({ n: inserted, writeErrors: errors.length === 0 ? undefined : errors });
}
