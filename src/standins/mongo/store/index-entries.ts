import { indexValues } from "../bson/paths.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import type { Index, IndexField } from "./index-spec.ts";
import { encodeKey } from "./keys.ts";

/** One entry that an index holds for a document. */
export interface IndexEntry {
  readonly key: Uint8Array;
  /** The values that the key encodes; undefined is what an empty array leaves. */
  readonly values: readonly (Value | undefined)[];
}

/** What an index holds for a document: its entries, and which fields have more than one value. */
export interface IndexEntries {
  readonly entries: readonly IndexEntry[];
  readonly multikey: readonly boolean[];
}

/** The entries of a document in an index. Throws 171 where two fields would have to be multiplied with each other. */
export function entriesOf(index: Index, doc: Doc): IndexEntries {
  if (!index.holds(doc)) return { entries: [], multikey: [] };
  const perField = index.fields.map(({ path }) => indexValues(doc, path));
  const multikey = perField.map((values) => values.length > 1);
  const tuples = multikey.includes(true)
    ? multiply(doc, index.fields, perField)
    : [perField.map((values) => values[0])];
  if (tuples.length === 1) return { entries: tuples.map((values) => entry(index, values)), multikey };
  // An array with equal elements has one entry for all of them.
  const distinct = new Map<string, IndexEntry>();
  for (const values of tuples) {
    const made = entry(index, values);
    distinct.set(Buffer.from(made.key).toString("latin1"), made);
  }
  return { entries: [...distinct.values()], multikey };
}

const entry = (index: Index, values: readonly (Value | undefined)[]): IndexEntry => ({
  key: encodeKey(values, index.directions),
  values,
});

type Tuple = readonly (Value | undefined)[];

/** Makes one tuple for each element of the array that the multiple values come from. */
function multiply(doc: Doc, fields: readonly IndexField[], perField: readonly Tuple[]): Tuple[] {
  const several = fields.filter((_, position) => (perField[position]?.length ?? 0) > 1);
  const [first] = several;
  if (several.length === 1) {
    const values = perField.find((candidates) => candidates.length > 1) ?? [];
    return values.map((value) => perField.map((own) => (own.length > 1 ? value : own[0])));
  }
  const arrays = several.map(({ path }) => firstArray(doc, path.split(".")));
  const [array] = arrays;
  if (first === undefined || array === undefined || arrays.some((other) => other?.path !== array.path)) {
    const names = several.map(({ path }) => `[${path.split(".").at(-1)}]`).toReversed();
    throw new MongoError(171, "CannotIndexParallelArrays", `cannot index parallel arrays ${names.join(" ")}`);
  }
  // The fields lie in the same array: each of its elements gives tuples of its own.
  return array.elements.flatMap((element) => {
    const single = withElement(doc, array.path.split("."), element);
    const values = fields.map(({ path }) => indexValues(single, path));
    if (values.some((own) => own.length > 1)) return multiply(single, fields, values);
    return [values.map((own) => own[0])];
  });
}

/** The first array with several elements on the way along a path. */
function firstArray(doc: Doc, parts: readonly string[]): { path: string; elements: Value[] } | undefined {
  let value: Value | undefined = doc;
  for (const [depth, part] of parts.entries()) {
    value = value instanceof Map ? value.get(part) : undefined;
    if (Array.isArray(value) && value.length > 1)
      return { path: parts.slice(0, depth + 1).join("."), elements: value };
    if (Array.isArray(value)) value = value[0];
  }
  return undefined;
}

/** A copy of the document in which the array at the path holds nothing but `element`. */
function withElement(doc: Doc, [part = "", ...rest]: readonly string[], element: Value): Doc {
  const copy: Doc = new Map(doc);
  const value = doc.get(part);
  if (rest.length === 0) return copy.set(part, [element]);
  if (value instanceof Map) return copy.set(part, withElement(value, rest, element));
  const inner = Array.isArray(value) ? value[0] : undefined;
  return inner instanceof Map ? copy.set(part, [withElement(inner, rest, element)]) : copy;
}
