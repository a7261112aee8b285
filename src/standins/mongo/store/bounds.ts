import { compareValues } from "../bson/compare.ts";
import type { Value } from "../bson/value.ts";
import type { FieldConstraint } from "../query/bounds.ts";
import type { Index } from "./index-spec.ts";
import { type KeyRange, isEmptyRange, prefixRange, sortRanges, successor } from "./key-range.ts";
import { encodeKey } from "./keys.ts";

type Bound = NonNullable<FieldConstraint["lower"]>;

/** More ranges than this are not worth their queries: one from the least to the greatest value serves then. */
const MAX_RANGES = 10_000;

/** What the constraints say of one field of an index. */
interface FieldBounds {
  readonly path: string;
  readonly equals?: readonly Value[];
  readonly lower?: Bound;
  readonly upper?: Bound;
}

/** The part of an index that a filter needs. */
export interface IndexBounds {
  readonly ranges: readonly KeyRange[];
  /** The bounds of the index's first fields: any number of equalities, then at most one range. */
  readonly fields: readonly FieldBounds[];
}

/** The bounds that constraints give to an index. With none on its first field it is the whole index. */
export function boundsFor(index: Index, constraints: readonly FieldConstraint[]): IndexBounds {
  let prefixes: Value[][] = [[]];
  const fields: FieldBounds[] = [];
  let arraysUsed = false;
  for (const [position, { path }] of index.fields.entries()) {
    const own = constraints.filter((constraint) => constraint.path === path);
    const isArray = index.multikey[position] === true;
    // Several array fields of one index may be met by different elements, each in an entry of its own.
    if (own.length === 0 || (isArray && arraysUsed)) break;
    arraysUsed ||= isArray;
    const narrowest = isArray ? mostSelective(own) : intersect(path, own);
    const isTooMany = prefixes.length * (narrowest.equals?.length ?? 0) > MAX_RANGES;
    const bounds = isTooMany ? outerBounds(narrowest) : narrowest;
    if (bounds.equals === undefined) {
      fields.push(bounds);
      return { fields, ranges: finish(prefixes.map((prefix) => rangeOf(index, prefix, position, bounds))) };
    }
    fields.push(bounds);
    prefixes = prefixes.flatMap((prefix) => (bounds.equals ?? []).map((value) => [...prefix, value]));
  }
  const isWholeKey = index.unique && fields.length === index.fields.length;
  const toRange = (prefix: readonly Value[]): KeyRange => {
    const range = prefixRange(encodeKey(prefix, index.directions));
    return isWholeKey ? { ...range, isWholeKey } : range;
  };
  return { fields, ranges: finish(prefixes.map(toRange)) };
}

function finish(ranges: readonly KeyRange[]): KeyRange[] {
  if (ranges.length === 1) return ranges.filter((range) => !isEmptyRange(range));
  const distinct = new Map(ranges.map((range) => [Buffer.from(range.from).toString("latin1"), range]));
  return sortRanges([...distinct.values()].filter((range) => !isEmptyRange(range)));
}

/** The keys that begin with `prefix` and go on with a value within the bounds. */
function rangeOf(index: Index, prefix: readonly Value[], position: number, bounds: FieldBounds): KeyRange {
  const whole = prefixRange(encodeKey(prefix, index.directions));
  const ascending = (index.directions[position] ?? 1) > 0;
  const [first, last] = ascending ? [bounds.lower, bounds.upper] : [bounds.upper, bounds.lower];
  const keyOf = (bound: Bound): Uint8Array => encodeKey([...prefix, bound.value], index.directions);
  const from = first === undefined ? whole.from : first.inclusive ? keyOf(first) : successor(keyOf(first));
  const to = last === undefined ? whole.to : last.inclusive ? successor(keyOf(last)) : keyOf(last);
  return { from: from ?? whole.from, to };
}

/** The range from the least to the greatest of the values. */
function outerBounds({ path, equals = [] }: FieldBounds): FieldBounds {
  const values = equals.toSorted(compareValues);
  const [least] = values;
  const greatest = values.at(-1);
  if (least === undefined || greatest === undefined) return { path };
  return { path, lower: { value: least, inclusive: true }, upper: { value: greatest, inclusive: true } };
}

/** The one constraint that most narrows an array's field: those on one path may be met by different elements. */
function mostSelective(constraints: readonly FieldConstraint[]): FieldBounds {
  const rank = (constraint: FieldConstraint): number => {
    if (constraint.equals !== undefined) return constraint.equals.length;
    return constraint.lower !== undefined && constraint.upper !== undefined ? 1e6 : 1e7;
  };
  const [best] = constraints.toSorted((a, b) => rank(a) - rank(b));
  return best ?? { path: "" };
}

/** All constraints on a field that has one value in each document. */
function intersect(path: string, constraints: readonly FieldConstraint[]): FieldBounds {
  let lower: Bound | undefined;
  let upper: Bound | undefined;
  let equals: readonly Value[] | undefined;
  for (const constraint of constraints) {
    if (constraint.lower !== undefined) lower = tighter(lower, constraint.lower, 1);
    if (constraint.upper !== undefined) upper = tighter(upper, constraint.upper, -1);
    const given = constraint.equals;
    if (given === undefined) continue;
    equals =
      equals === undefined
        ? given
        : equals.filter((value) => given.some((other) => compareValues(value, other) === 0));
  }
  if (equals === undefined) {
    return { path, ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) };
  }
  return { path, equals: equals.filter((value) => isWithin(value, lower, 1) && isWithin(value, upper, -1)) };
}

function tighter(current: Bound | undefined, other: Bound, direction: 1 | -1): Bound {
  if (current === undefined) return other;
  const order = compareValues(other.value, current.value) * direction;
  if (order === 0) return current.inclusive ? other : current;
  return order > 0 ? other : current;
}

function isWithin(value: Value, bound: Bound | undefined, direction: 1 | -1): boolean {
  if (bound === undefined) return true;
  const order = compareValues(value, bound.value) * direction;
  return order > 0 || (order === 0 && bound.inclusive);
}
