import { compareValues } from "../bson/compare.ts";
import type { Doc, Value } from "../bson/value.ts";
import type { FieldConstraint } from "../query/bounds.ts";
import { analyseFilter } from "../query/filter.ts";

type Bound = NonNullable<FieldConstraint["lower"]>;

/**
 * What the branches of each `$or` say together: where every branch constrains a path, the values lie between the least
 * lower and the greatest upper bound, or are among all values of equality. So the filter of a keyset page,
 * `{$or: [{exp: {$lt: t}}, {exp: t, _id: {$lt: id}}]}`, has `exp` at most `t`.
 */
export function impliedByBranches(filter: Doc): FieldConstraint[] {
  return orLists(filter).flatMap((branches) => {
    const perBranch = branches.map((branch) => [...analyseFilter(branch), ...impliedByBranches(branch)]);
    const [first = [], ...others] = perBranch;
    const paths = new Set(first.map((constraint) => constraint.path));
    return [...paths].flatMap((path) => {
      const own = [first, ...others].map((branch) => branch.find((constraint) => constraint.path === path));
      const present = own.filter((constraint) => constraint !== undefined);
      const joined = present.length === own.length ? hull(path, present) : undefined;
      return joined === undefined ? [] : [joined];
    });
  });
}

/** The `$or`s that a document must fulfil: at the top, and within `$and`. */
export function orLists(filter: Doc): Doc[][] {
  const lists: Doc[][] = [];
  const branches = documents(filter.get("$or"));
  if (branches.length > 0) lists.push(branches);
  for (const part of documents(filter.get("$and"))) lists.push(...orLists(part));
  return lists;
}

function documents(value: Value | undefined): Doc[] {
  return Array.isArray(value) ? value.filter((item) => item instanceof Map) : [];
}

function hull(path: string, constraints: readonly FieldConstraint[]): FieldConstraint | undefined {
  const equals = constraints.map((constraint) => constraint.equals);
  if (equals.every((values) => values !== undefined)) return { path, equals: equals.flat() };
  const lower = outermost(
    constraints.map((constraint) => ends(constraint).lower),
    -1,
  );
  const upper = outermost(
    constraints.map((constraint) => ends(constraint).upper),
    1,
  );
  if (lower === undefined && upper === undefined) return undefined;
  return { path, ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) };
}

function ends({ equals, lower, upper }: FieldConstraint): {
  lower: Bound | undefined;
  upper: Bound | undefined;
} {
  if (equals === undefined) return { lower, upper };
  const bounds = equals.map((value) => ({ value, inclusive: true }));
  return { lower: outermost(bounds, -1), upper: outermost(bounds, 1) };
}

/** The least (-1) or greatest (1) of the bounds; none where one of them is open. */
function outermost(bounds: readonly (Bound | undefined)[], direction: 1 | -1): Bound | undefined {
  let outer: Bound | undefined;
  for (const bound of bounds) {
    if (bound === undefined) return undefined;
    const order = outer === undefined ? 1 : compareValues(bound.value, outer.value) * direction;
    if (order > 0 || (order === 0 && bound.inclusive)) outer = bound;
  }
  return outer;
}
