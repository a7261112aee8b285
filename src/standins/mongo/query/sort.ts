import { compareValues } from "../bson/compare.ts";
import { toIndex } from "../bson/numbers.ts";
import { parsePath } from "../bson/paths.ts";
import type { Path } from "../bson/paths.ts";
import { isDoc, isNumber } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";

interface SortKey {
  readonly path: Path;
  readonly direction: 1 | -1;
}

const badValue = (code: number, message: string): MongoError =>
  new MongoError(code, code === 2 ? "BadValue" : `Location${code}`, message);

/** The direction that a sort's value names, or undefined where it names none. */
function directionOf(value: Value): 1 | -1 | undefined {
  const index = isNumber(value) ? toIndex(value) : undefined;
  return index === 1 || index === -1 ? index : undefined;
}

function sortKeys(spec: Doc): SortKey[] {
  return Array.from(spec, ([name, value]) => {
    if (isDoc(value)) {
      throw new MongoError(115, "CommandNotSupported", `$meta sorts are not supported (field '${name}')`);
    }
    const direction = directionOf(value);
    if (direction === undefined) {
      if (!isNumber(value)) throw badValue(15974, `Illegal key in $sort specification: ${name}`);
      throw badValue(15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)");
    }
    if (name === "") throw badValue(15998, "FieldPath field names may not be empty strings.");
    if (name.startsWith("$")) {
      throw badValue(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    }
    return { path: parsePath(name), direction };
  });
}

/**
 * The value by which a document is sorted: of an array the least element, or the greatest where the sort descends. Missing
 * counts as null; an empty array is `undefined`, which comes before null.
 */
function sortValue(doc: Doc, key: SortKey): Value | undefined {
  const { path, direction } = key;
  const [name] = path.parts;
  if (path.parts.length === 1 && name !== undefined) {
    const value = doc.get(name);
    if (!Array.isArray(value)) return value ?? null;
  }
  const candidates: (Value | undefined)[] = [];
  collect(doc, path, 0, candidates);
  let best = candidates[0];
  for (const candidate of candidates) {
    if (direction * compareValues(candidate, best) < 0) best = candidate;
  }
  return best;
}

function collect(value: Value | undefined, path: Path, at: number, found: (Value | undefined)[]): void {
  const part = path.parts[at];
  if (Array.isArray(value)) {
    collectFromArray(value, path, at, found);
    return;
  }
  if (part === undefined) found.push(value ?? null);
  else if (isDoc(value)) collect(value.get(part), path, at + 1, found);
  else found.push(null);
}

function collectFromArray(
  items: readonly Value[],
  path: Path,
  at: number,
  found: (Value | undefined)[],
): void {
  if (path.parts[at] === undefined) {
    if (items.length === 0) found.push(undefined);
    else found.push(...items);
    return;
  }
  const positioned = items[path.indexes[at] ?? -1];
  if (positioned !== undefined) {
    collect(positioned, path, at + 1, found);
    return;
  }
  for (const item of items) {
    if (isDoc(item)) collect(item, path, at, found);
    else found.push(null);
  }
  if (items.length === 0) found.push(null);
}

/**
 * Compiles a sort (`{exp: -1, _id: -1}`) to a comparison of documents. Documents that it finds equal keep their order
 * under a stable sort. Throws 15974 or 15975 for a direction that is neither 1 nor -1.
 */
export function compileSort(spec: Doc): (left: Doc, right: Doc) => number {
  const keys = sortKeys(spec);
  return (left, right) => {
    for (const key of keys) {
      const order = compareValues(sortValue(left, key), sortValue(right, key));
      if (order !== 0) return key.direction * order;
    }
    return 0;
  };
}

/**
 * Sorts documents by a sort's keys, computing each document's keys once; equal ones keep their order.
 */
export function sortDocs(docs: Iterable<Doc>, spec: Doc): Doc[] {
  const keys = sortKeys(spec);
  const rows = Array.from(docs, (doc) => ({ doc, values: keys.map((key) => sortValue(doc, key)) }));
  rows.sort((left, right) => {
    for (const [index, key] of keys.entries()) {
      const order = compareValues(left.values[index], right.values[index]);
      if (order !== 0) return key.direction * order;
    }
    return 0;
  });
  return rows.map((row) => row.doc);
}

/** Sorts the values of an array as `$push` and `$sortArray` do: whole values by 1 or -1, documents by their fields. */
export function sortValues(values: readonly Value[], by: Value): Value[] {
  if (isDoc(by)) {
    if (by.size === 0) throw badValue(2, "The $sort pattern is empty when it should be a set of fields.");
    const compare = compileSort(by);
    const empty: Doc = new Map();
    // What is no document has none of the fields.
    const asDoc = (value: Value): Doc => (isDoc(value) ? value : empty);
    return values.toSorted((left, right) => compare(asDoc(left), asDoc(right)));
  }
  const direction = directionOf(by);
  if (direction === undefined) throw badValue(2, "The $sort element value must be either 1 or -1");
  return values.toSorted((left, right) => direction * compareValues(left, right));
}
