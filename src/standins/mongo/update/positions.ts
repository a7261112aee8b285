import { isDoc } from "../bson/types.ts";
import { arrayIndex } from "../bson/paths.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { compileFilter } from "../query/filter.ts";
import { brief } from "./change.ts";

const badValue = (message: string): MongoError => new MongoError(2, "BadValue", message);

/** The array filters of an update, by the identifier that each is about. */
export class ArrayFilters {
  private readonly tests = new Map<string, (element: Value) => boolean>();
  private readonly used = new Set<string>();

  constructor(filters: readonly Doc[]) {
    for (const filter of filters) {
      const names = new Set(fieldNames(filter));
      const [name, other] = names;
      if (name === undefined) {
        throw new MongoError(
          9,
          "FailedToParse",
          "Cannot use an expression without a top-level field name in arrayFilters",
        );
      }
      if (other !== undefined) {
        throw new MongoError(
          9,
          "FailedToParse",
          `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${name}' and '${other}'`,
        );
      }
      if (!/^[a-z][A-Za-z0-9]*$/.test(name)) {
        throw badValue(
          `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
        );
      }
      if (this.tests.has(name)) {
        throw new MongoError(
          9,
          "FailedToParse",
          `Found multiple array filters with the same top-level field name ${name}`,
        );
      }
      const matches = compileFilter(filter);
      this.tests.set(name, (element) => matches(new Map([[name, element]])));
    }
  }

  test(name: string, path: string): (element: Value) => boolean {
    const test = this.tests.get(name);
    if (test === undefined)
      throw badValue(`No array filter found for identifier '${name}' in path '${path}'`);
    this.used.add(name);
    return test;
  }

  /** Refuses filters that no path of the update has named. */
  refuseUnused(): void {
    for (const name of this.tests.keys()) {
      if (this.used.has(name)) continue;
      throw new MongoError(
        9,
        "FailedToParse",
        `The array filter for identifier '${name}' was not used in the update`,
      );
    }
  }
}

/** The first parts of all field names in a filter. */
function fieldNames(filter: Doc): string[] {
  return Array.from(filter).flatMap(([name, value]) => {
    if (!name.startsWith("$")) return [name.split(".")[0] ?? ""];
    return Array.isArray(value) ? value.flatMap((branch) => (isDoc(branch) ? fieldNames(branch) : [])) : [];
  });
}

/** Whether a part of an update's path stands for elements of an array. */
export function isPositional(part: string): boolean {
  return part === "$" || /^\$\[.*\]$/.test(part);
}

/**
 * Which array element the filter has matched, for the operator `$`: the first that fulfils a condition of the filter on
 * the array (or on fields of its elements). Undefined where the filter has no such condition.
 */
function matchedIndex(
  filter: Doc,
  doc: Doc,
  path: readonly string[],
  items: readonly Value[],
): number | undefined {
  const prefix = path.join(".");
  let found: number | undefined;
  for (const [name, value] of filter) {
    if (name === "$and" || name === "$or") {
      for (const branch of Array.isArray(value) ? value : []) {
        if (!isDoc(branch) || (name === "$or" && !compileFilter(branch)(doc))) continue;
        const inner = matchedIndex(branch, doc, path, items);
        found = inner ?? found;
        if (name === "$or" && inner !== undefined) break;
      }
    } else if (name === prefix || name.startsWith(`${prefix}.`)) {
      const rest = name.slice(prefix.length);
      const [next] = rest.slice(1).split(".");
      if (arrayIndex(next ?? "") !== -1) continue;
      // The same condition, asked of an array that holds one element alone.
      const matches = compileFilter(new Map([[`x${rest}`, value]]));
      const index = items.findIndex((item) => matches(new Map([["x", [item]]])));
      if (index !== -1) found = index;
    }
  }
  return found;
}

/** What the expansion of paths looks at. */
export interface Positions {
  readonly doc: Doc;
  readonly filter: Doc;
  readonly arrayFilters: ArrayFilters;
}

/** Turns a path with `$`, `$[]` or `$[id]` into those without, one for each array element meant. */
export function expandPath(path: readonly string[], positions: Positions): string[][] {
  const text = path.join(".");
  if (path.filter((part) => part === "$").length > 1) {
    throw badValue(`Too many positional (i.e. '$') elements found in path '${text}'`);
  }
  if (isPositional(path[0] ?? "")) {
    throw badValue(`Cannot have positional (i.e. '$') element in the first position in path '${text}'`);
  }
  return expandFrom(path, 0, positions.doc, positions);
}

function expandFrom(
  path: readonly string[],
  at: number,
  value: Value | undefined,
  positions: Positions,
): string[][] {
  const part = path[at];
  if (part === undefined || !path.slice(at).some(isPositional)) return [[...path]];
  if (!isPositional(part)) return expandFrom(path, at + 1, child(value, part), positions);
  const before = path.slice(0, at);
  const indexes =
    part === "$" ? [positionOf(before, value, positions)] : elementIndexes(path, at, value, positions);
  return indexes.flatMap((index) => {
    const concrete = [...before, String(index), ...path.slice(at + 1)];
    return expandFrom(concrete, at + 1, Array.isArray(value) ? value[index] : undefined, positions);
  });
}

function child(value: Value | undefined, part: string): Value | undefined {
  if (isDoc(value)) return value.get(part);
  return Array.isArray(value) ? value[arrayIndex(part)] : undefined;
}

function positionOf(path: readonly string[], value: Value | undefined, { filter, doc }: Positions): number {
  const index = Array.isArray(value) ? matchedIndex(filter, doc, path, value) : undefined;
  if (index === undefined) {
    throw badValue("The positional operator did not find the match needed from the query.");
  }
  return index;
}

function elementIndexes(
  path: readonly string[],
  at: number,
  value: Value | undefined,
  { arrayFilters }: Positions,
): number[] {
  const place = path.slice(0, at);
  const name = (path[at] ?? "").slice(2, -1);
  const test = name === "" ? () => true : arrayFilters.test(name, path.join("."));
  if (value === undefined) {
    throw badValue(
      `The path '${place.join(".")}' must exist in the document in order to apply array updates.`,
    );
  }
  if (!Array.isArray(value)) {
    throw badValue(`Cannot apply array updates to non-array element ${place.at(-1) ?? ""}: ${brief(value)}`);
  }
  return value.flatMap((item, index) => (test(item) ? [index] : []));
}
