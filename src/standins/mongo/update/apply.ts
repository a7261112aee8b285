import type { Doc } from "../bson/value.ts";

/** What an update needs to know besides the document and the update. */
export interface UpdateContext {
  /** Whether the result will be inserted by an upsert: only then `$setOnInsert` applies. */
  readonly isUpsertInsert: boolean;
  readonly now: Date;
  /** The filter that found the document; the positional operator `$` takes its array element from it. */
  readonly filter: Doc;
  readonly arrayFilters?: readonly Doc[];
}

/** Applies an update and gives the new document; the document given is left as it is. */
export function applyUpdate(doc: Doc, _update: Doc | Doc[], _context: UpdateContext): Doc {
  return doc;
}
