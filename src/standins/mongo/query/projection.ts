import type { Doc } from "../bson/value.ts";

/** Compiles a projection of `find`. */
export function compileProjection(_spec: Doc): (doc: Doc) => Doc {
  return (doc) => doc;
}
