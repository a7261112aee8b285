import { somePathValue } from "../bson/paths.ts";
import type { LeafArrays, Path } from "../bson/paths.ts";
import type { Doc, Value } from "../bson/value.ts";

/** A condition on one field. The same condition can be asked of a path in a document, or of one value alone. */
export interface Predicate {
  /** Whether the document fulfils the condition at the path, through the arrays on its way. */
  atPath(doc: Doc, path: Path): boolean;
  /** Whether a value fulfils the condition by itself, as `$elemMatch` and `$not` within it ask. */
  ofValue(value: Value | undefined): boolean;
}

/** Holds where some value at the path passes the test. */
export function some(test: (value: Value | undefined) => boolean, leaf: LeafArrays = "elements"): Predicate {
  return {
    atPath: (doc, path) => somePathValue(doc, path, leaf, test),
    ofValue: test,
  };
}

/** Holds where the inner condition does not: so `$ne` holds only when no element is equal. */
export function not(inner: Predicate): Predicate {
  return {
    atPath: (doc, path) => !inner.atPath(doc, path),
    ofValue: (value) => !inner.ofValue(value),
  };
}

/** Holds where all of the conditions do, each perhaps by another element of an array. */
export function every(all: readonly Predicate[]): Predicate {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  return {
    atPath: (doc, path) => all.every((one) => one.atPath(doc, path)),
    ofValue: (value) => all.every((one) => one.ofValue(value)),
  };
}

/** Holds nowhere. */
export const never: Predicate = { atPath: () => false, ofValue: () => false };
