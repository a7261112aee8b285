import { compareValues } from "./compare.ts";
import type { Doc, Value } from "./value.ts";

/** A dotted path, taken apart once. `indexes` holds for each part the array position that it can name, or -1. */
export interface Path {
  readonly text: string;
  readonly parts: readonly string[];
  readonly indexes: readonly number[];
}

/** The array position that a part of a path names ("0", "17"), or -1. "01" names none. */
export function arrayIndex(part: string): number {
  return /^(?:0|[1-9]\d{0,8})$/.test(part) ? Number(part) : -1;
}

/** Takes a dotted path apart. */
export function parsePath(text: string): Path {
  const parts = text.split(".");
  return { text, parts, indexes: parts.map(arrayIndex) };
}

/**
 * What a path yields where it ends at an array: "elements" gives each element and then the array itself (so that
 * `{a: 1}` matches `{a: [1]}`), "array" the array alone (for `$size` and `$elemMatch`).
 */
export type LeafArrays = "elements" | "array";

type Visit = (value: Value | undefined) => boolean;

/**
 * Walks a path as MongoDB's matcher does: through each element of an array that lies on the way, and by position where
 * a part is a number. Hands each value found to `visit`, `undefined` where a document lacks the field, and stops with
 * true as soon as `visit` does. An array on the way that holds no documents yields nothing at all.
 */
export function somePathValue(doc: Doc, path: Path, leaf: LeafArrays, visit: Visit): boolean {
  return walkDoc(doc, path, 0, leaf, visit);
}

function walkDoc(doc: Doc, path: Path, from: number, leaf: LeafArrays, visit: Visit): boolean {
  const { parts } = path;
  let current: Doc = doc;
  for (let at = from; ; at++) {
    const part = parts[at];
    const value = part === undefined ? undefined : current.get(part);
    const last = at + 1 >= parts.length;
    if (Array.isArray(value)) {
      if (!last) return walkArray(value, path, at + 1, leaf, visit);
      return (leaf === "elements" && value.some((item) => visit(item))) || visit(value);
    }
    if (last) return visit(value);
    if (!(value instanceof Map)) return visit(undefined);
    current = value;
  }
}

function walkArray(items: readonly Value[], path: Path, at: number, leaf: LeafArrays, visit: Visit): boolean {
  const position = path.indexes[at];
  const last = at + 1 >= path.parts.length;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (item instanceof Map && walkDoc(item, path, at, leaf, visit)) return true;
    if (index !== position) continue;
    if (last) {
      if (visit(item)) return true;
    } else if (item instanceof Map) {
      if (walkDoc(item, path, at + 1, leaf, visit)) return true;
    } else if (Array.isArray(item) && walkArray(item, path, at + 1, leaf, visit)) return true;
  }
  return false;
}

/**
 * The values that an index on `path` holds for a document, without repetition: each element where the path ends at an
 * array (a multikey index), null where the field is missing, and `undefined` (which sorts before null, as MongoDB's
 * own marker does) for an empty array. Never empty.
 */
export function indexValues(doc: Doc, path: string): (Value | undefined)[] {
  const single = path.includes(".") ? undefined : doc.get(path);
  if (single !== undefined && !Array.isArray(single)) return [single];
  const found: (Value | undefined)[] = [];
  collect(doc, parsePath(path), 0, found);
  if (found.length < 2) return found.length === 0 ? [null] : found;
  found.sort(compareValues);
  return found.filter((value, index) => index === 0 || compareValues(value, found[index - 1]) !== 0);
}

function collect(value: Value | undefined, path: Path, at: number, found: (Value | undefined)[]): void {
  const part = path.parts[at];
  if (part === undefined) {
    if (!Array.isArray(value)) found.push(value ?? null);
    else if (value.length === 0) found.push(undefined);
    else found.push(...value);
    return;
  }
  if (value instanceof Map) {
    const next = value.get(part);
    if (Array.isArray(next) && at + 1 < path.parts.length) collectElements(next, path, at + 1, found);
    else collect(next, path, at + 1, found);
    return;
  }
  found.push(null);
}

function collectElements(
  items: readonly Value[],
  path: Path,
  at: number,
  found: (Value | undefined)[],
): void {
  const position = path.indexes[at] ?? -1;
  const item = items[position];
  if (item !== undefined) {
    if (Array.isArray(item) && at + 1 < path.parts.length) collectElements(item, path, at + 1, found);
    else collect(item, path, at + 1, found);
  }
  // A number can also be a field's name in the documents that the array holds, and the matcher looks there too.
  for (const element of items) {
    if (element instanceof Map) collect(element, path, at, found);
    else if (position === -1) found.push(null);
  }
  if (found.length === 0) found.push(null);
}
