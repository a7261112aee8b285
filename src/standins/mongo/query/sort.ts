import { compareValues } from "../bson/compare.ts";
import type { Doc } from "../bson/value.ts";

/** Compiles a sort. */
export function compileSort(spec: Doc): (left: Doc, right: Doc) => number {
  return (left, right) => {
    for (const name of spec.keys()) {
      const order = compareValues(left.get(name), right.get(name));
      if (order !== 0) return order;
    }
    return 0;
  };
}
