import type { Doc } from "../bson/value.ts";

/** The document which an upsert begins from: the equalities of its filter. */
export function upsertSeed(filter: Doc): Doc {
  return new Map(filter);
}
