import { encodeDocument } from "../bson/codec.ts";
import { isNullish } from "../bson/types.ts";
import type { Doc } from "../bson/value.ts";
import type { FieldConstraint } from "../query/bounds.ts";
import { analyseFilter } from "../query/filter.ts";
import { type IndexBounds, boundsFor } from "./bounds.ts";
import type { Collection } from "./collection.ts";
import type { Index } from "./index-spec.ts";
import { impliedByBranches, orLists } from "./or-branches.ts";

/** Documents to be found, and in which order. */
export interface Query {
  readonly filter: Doc;
  readonly sort?: Doc | undefined;
  /** An index to use, if it can serve the query; `$natural` is null: no index. */
  readonly hint?: Index | null | undefined;
}

/** How the documents of a query are found. The filter is applied to them in any case. */
export type Plan =
  | { readonly kind: "collection"; readonly reverse: boolean; readonly sorted: boolean }
  | {
      readonly kind: "index";
      readonly index: Index;
      readonly bounds: IndexBounds;
      readonly reverse: boolean;
      /** Whether the documents come in the order of the query's sort. */
      readonly sorted: boolean;
    }
  | {
      /** Each branch of an `$or` is served by an index. */
      readonly kind: "union";
      readonly branches: readonly IndexPlan[];
      readonly reverse: false;
      readonly sorted: boolean;
    };

export type IndexPlan = Extract<Plan, { kind: "index" }>;

/** Where more entries than this match, an index that gives the order is taken before one that narrows the search. */
const FEW_ENTRIES = 1000;

/** Chooses how to find the documents. `countEntries` tells how many entries bounds have, counted no further than a limit. */
export function planQuery(
  collection: Collection,
  query: Query,
  countEntries: (index: Index, bounds: IndexBounds, most: number) => number,
): Plan {
  const natural = naturalOrder(query.sort);
  const scan: Plan = {
    kind: "collection",
    reverse: natural === -1,
    sorted: natural !== undefined || (query.sort?.size ?? 0) === 0,
  };
  if (natural !== undefined || query.hint === null) return scan;
  const constraints = [...analyseFilter(query.filter), ...impliedByBranches(query.filter)];
  const complete = (query.hint === undefined ? collection.indexes : [query.hint]).filter((index) =>
    isComplete(index, constraints, query.filter),
  );
  // Nothing narrows the search more than a unique key, so the other indexes need not be looked at.
  const key = complete.find((index) => isKeyGiven(index, constraints));
  const usable = (key === undefined ? complete : [key]).map((index) =>
    planWith(index, constraints, query.sort),
  );
  if (query.hint !== undefined) return usable[0] ?? scan;
  const useful = usable.filter(
    (plan) => plan.bounds.fields.length > 0 || (plan.sorted && query.sort !== undefined),
  );
  const narrowing = best(useful, narrowness);
  if (narrowing === undefined || narrowing.bounds.fields.length === 0) {
    const union = planUnion(collection, query, constraints);
    if (union === undefined) return narrowing ?? scan;
    if (narrowing === undefined || countUnion(union) < FEW_ENTRIES) return union;
    return narrowing;
  }
  const ordering = best(
    useful.filter((plan) => plan.sorted),
    narrowness,
  );
  if (narrowing.sorted || ordering === undefined) return narrowing;
  if (narrowness(ordering) === narrowness(narrowing)) return ordering;
  return countEntries(narrowing.index, narrowing.bounds, FEW_ENTRIES) < FEW_ENTRIES ? narrowing : ordering;

  function countUnion(union: Extract<Plan, { kind: "union" }>): number {
    const counts = union.branches.map((branch) => countEntries(branch.index, branch.bounds, FEW_ENTRIES));
    return counts.reduce((sum, count) => sum + count, 0);
  }
}

/** A plan by several indexes, where each branch of an `$or` has one that serves it. */
function planUnion(
  collection: Collection,
  { filter, sort }: Query,
  constraints: readonly FieldConstraint[],
): Extract<Plan, { kind: "union" }> | undefined {
  for (const list of orLists(filter)) {
    const branches = list.map((branch) => {
      const own = [...constraints, ...analyseFilter(branch), ...impliedByBranches(branch)];
      const plans = collection.indexes
        .filter((index) => isComplete(index, own, new Map([...filter, ...branch])))
        .map((index) => planWith(index, own, undefined))
        .filter((plan) => plan.bounds.fields.length > 0);
      return best(plans, narrowness);
    });
    const served = branches.filter((plan) => plan !== undefined);
    if (served.length < branches.length) continue;
    return { kind: "union", branches: served, reverse: false, sorted: (sort?.size ?? 0) === 0 };
  }
  return undefined;
}

/** Whether the constraints give one value to each field of a unique index. */
const isKeyGiven = (index: Index, constraints: readonly FieldConstraint[]): boolean =>
  index.unique &&
  index.fields.every(({ path }) =>
    constraints.some((constraint) => constraint.path === path && constraint.equals?.length === 1),
  );

function best(plans: readonly IndexPlan[], rank: (plan: IndexPlan) => number): IndexPlan | undefined {
  if (plans.length < 2) return plans[0];
  return plans.toSorted((a, b) => rank(b) - rank(a) || Number(b.sorted) - Number(a.sorted))[0];
}

/** How much the bounds narrow the search, by rule of thumb: each equality counts, a range less, a whole unique key most. */
function narrowness({ index, bounds }: IndexPlan): number {
  const equalities = bounds.fields.filter((field) => field.equals !== undefined).length;
  if (index.unique && equalities === index.fields.length) return 100;
  const last = bounds.fields.at(-1);
  if (last === undefined || last.equals !== undefined) return equalities * 10;
  return equalities * 10 + (last.lower === undefined || last.upper === undefined ? 3 : 5);
}

function planWith(index: Index, constraints: readonly FieldConstraint[], sort: Doc | undefined): IndexPlan {
  const bounds = boundsFor(index, constraints);
  const direction = sort === undefined || sort.size === 0 ? 1 : orderGiven(index, bounds, sort);
  return { kind: "index", index, bounds, reverse: direction === -1, sorted: direction !== undefined };
}

/**
 * Whether the index, read forwards (1) or backwards (-1), gives the documents in the order of the sort. Fields that the
 * bounds hold to one value do not disturb the order, and need not be sorted by. An array has several places in an
 * index, so a field with arrays gives no order of its own; but behind one of its values the entries are in order.
 */
function orderGiven(index: Index, bounds: IndexBounds, sort: Doc): 1 | -1 | undefined {
  const held = new Set(
    bounds.fields.filter((field) => field.equals?.length === 1).map((field) => field.path),
  );
  const isArray = (path: string) =>
    index.fields.some((field, position) => field.path === path && index.multikey[position] === true);
  const wanted = [...sort].filter(([path]) => !held.has(path) || isArray(path));
  let direction: 1 | -1 | undefined;
  let position = 0;
  for (const [path, value] of wanted) {
    while (held.has(index.fields[position]?.path ?? "")) position++;
    const field = index.fields[position];
    const way = directionOf(value);
    if (field?.path !== path || way === undefined || index.multikey[position] === true) return undefined;
    const relative = way === field.direction ? 1 : -1;
    if (direction !== undefined && direction !== relative) return undefined;
    direction = relative;
    position++;
  }
  return direction ?? 1;
}

function directionOf(value: unknown): 1 | -1 | undefined {
  // A sort may also be by `$meta`, which no index gives.
  const direction = Number(typeof value === "object" && value !== null ? value : Number.NaN);
  return direction === 1 || direction === -1 ? direction : undefined;
}

/** The direction of a sort by `$natural`, the order of insertion. */
function naturalOrder(sort: Doc | undefined): 1 | -1 | undefined {
  return sort?.has("$natural") === true ? (directionOf(sort.get("$natural")) ?? 1) : undefined;
}

/** Whether the index holds every document that can match: a sparse or partial one leaves some out. */
function isComplete(index: Index, constraints: readonly FieldConstraint[], filter: Doc): boolean {
  const excludesMissing = (constraint: FieldConstraint): boolean => {
    if (constraint.equals !== undefined) return !constraint.equals.some(isNullish);
    return (
      constraint.lower !== undefined &&
      !isNullish(constraint.lower.value) &&
      !isMinKey(constraint.lower.value)
    );
  };
  if (index.sparse) {
    const paths = new Set(index.fields.map((field) => field.path));
    if (!constraints.some((constraint) => paths.has(constraint.path) && excludesMissing(constraint)))
      return false;
  }
  if (index.partialFilter === undefined) return true;
  // The filter must repeat each condition of the partial index, or exclude a missing value where that is all it asks.
  return [...index.partialFilter].every(([path, condition]) => {
    const own = filter.get(path);
    if (own !== undefined && isSame(new Map([[path, own]]), new Map([[path, condition]]))) return true;
    const onlyExists = condition instanceof Map && condition.size === 1 && condition.get("$exists") === true;
    return (
      onlyExists && constraints.some((constraint) => constraint.path === path && excludesMissing(constraint))
    );
  });
}

const isSame = (left: Doc, right: Doc): boolean =>
  Buffer.compare(encodeDocument(left), encodeDocument(right)) === 0;

function isMinKey(value: unknown): boolean {
  return typeof value === "object" && value !== null && "_bsontype" in value && value._bsontype === "MinKey";
}
