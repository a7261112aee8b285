import type { Doc, Value } from "../bson/value.ts";

/** Compiles a filter to a predicate over documents. */
export function compileFilter(filter: Doc): (doc: Doc) => boolean {
  return () => filter.size === 0;
}

/** One end of a range of values. */
export interface Bound {
  readonly value: Value;
  readonly inclusive: boolean;
}

/**
 * What one condition of a filter says of the values that an index holds for `path`: at least one of them equals one of
 * `equals`, or at least one of them lies between `lower` and `upper`. Two constraints on one path may be fulfilled by
 * two different elements of an array, so they may be intersected only where no document has an array on that path.
 */
export interface FieldConstraint {
  readonly path: string;
  readonly equals?: readonly Value[];
  readonly lower?: Bound;
  readonly upper?: Bound;
}

/** The constraints for the planner. */
export function analyseFilter(_filter: Doc): FieldConstraint[] {
  return [];
}
