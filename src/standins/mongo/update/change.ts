import { isDoc, isNumber, typeName } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { arrayIndex } from "../bson/paths.ts";
import { MongoError } from "../error.ts";

/** What becomes of a field: it stays, it takes a value, or it goes. */
export type Outcome = "keep" | "unset" | { readonly value: Value };

/** One change of one field, its path taken apart. */
export interface Change {
  readonly operator: string;
  readonly path: readonly string[];
  /** What becomes of the field, from its value (`undefined` where it is missing). */
  readonly effect: (current: Value | undefined) => Outcome;
  /** Whether a path that cannot exist (a field of a number, say) is passed over instead of refused. */
  readonly passesOver?: boolean;
}

/** More elements than this are not filled in before a position in an array. */
const MAX_PADDING = 1_500_000;

function notViable(name: string, holderName: string, holder: Value): MongoError {
  return new MongoError(
    28,
    "PathNotViable",
    `Cannot create field '${name}' in element {${holderName}: ${brief(holder)}}`,
  );
}

/** A value in a few words, for a message. */
export function brief(value: Value | undefined): string {
  if (value === undefined) return "missing";
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (isDoc(value)) return "{ ... }";
  if (Array.isArray(value)) return "[ ... ]";
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value._bsontype === "ObjectId") return `ObjectId('${value.toHexString()}')`;
  return isNumber(value) ? value.toString() : typeName(value);
}

/** How a document is named in a message. */
export function named(doc: Doc): string {
  return `{_id: ${brief(doc.get("_id"))}}`;
}

/** The value that stands at a path which nothing of exists yet: documents down to it. */
function nested(path: readonly string[], at: number, value: Value): Value {
  let result = value;
  for (let index = path.length - 1; index >= at; index--) result = new Map([[path[index] ?? "", result]]);
  return result;
}

/** What becomes of the value at `path[at]` and below, when the change is made there. */
function outcomeAt(current: Value | undefined, change: Change, at: number): Outcome {
  const { path, effect } = change;
  if (at === path.length) return effect(current);
  if (current === undefined) {
    const outcome = effect(undefined);
    return typeof outcome === "object" ? { value: nested(path, at, outcome.value) } : "keep";
  }
  const name = path[at] ?? "";
  if (isDoc(current)) {
    const next = changeField(current, name, change, at);
    return next === current ? "keep" : { value: next };
  }
  if (Array.isArray(current)) {
    const next = changeElement(current, name, change, at);
    return next === current ? "keep" : { value: next };
  }
  if (change.passesOver === true) return "keep";
  throw notViable(name, path[at - 1] ?? "", current);
}

function changeField(doc: Doc, name: string, change: Change, at: number): Doc {
  const outcome = outcomeAt(doc.get(name), change, at + 1);
  if (outcome === "keep" || (outcome === "unset" && !doc.has(name))) return doc;
  const result: Doc = new Map(doc);
  if (outcome === "unset") result.delete(name);
  else result.set(name, outcome.value);
  return result;
}

function changeElement(items: Value[], name: string, change: Change, at: number): Value[] {
  const index = arrayIndex(name);
  if (index === -1) {
    if (change.passesOver === true) return items;
    throw notViable(name, change.path[at - 1] ?? "", items);
  }
  const outcome = outcomeAt(items[index], change, at + 1);
  if (outcome === "keep" || (outcome === "unset" && index >= items.length)) return items;
  if (index - items.length > MAX_PADDING) {
    throw new MongoError(2, "BadValue", `can't backfill more than ${MAX_PADDING} elements`);
  }
  const result = [...items];
  while (result.length < index) result.push(null);
  // An element cannot go without moving the others: null takes its place.
  result[index] = outcome === "unset" ? null : outcome.value;
  return result;
}

/** Makes one change. Gives the same document when nothing changes, else a new one; what did not change is shared. */
export function makeChange(doc: Doc, change: Change): Doc {
  return changeField(doc, change.path[0] ?? "", change, 0);
}

/** Compares two paths in the order in which MongoDB makes changes: numbers by their value, then names. */
export function comparePaths(left: readonly string[], right: readonly string[]): number {
  for (const [index, a] of left.entries()) {
    const b = right[index];
    if (b === undefined) return 1;
    if (a === b) continue;
    const [first, second] = [arrayIndex(a), arrayIndex(b)];
    if (first !== -1 && second !== -1) return first - second;
    if (first !== -1 || second !== -1) return first === -1 ? 1 : -1;
    return a < b ? -1 : 1;
  }
  return left.length - right.length;
}

/** Refuses changes of which one is made at, or below, the place of another. */
export function refuseConflicts(paths: readonly (readonly string[])[]): void {
  const seen = new Set<string>();
  const above = new Set<string>();
  const conflict = (path: readonly string[], place: string): MongoError =>
    new MongoError(
      40,
      "ConflictingUpdateOperators",
      `Updating the path '${path.join(".")}' would create a conflict at '${place}'`,
    );
  for (const path of paths) {
    const text = path.join(".");
    if (seen.has(text) || above.has(text)) throw conflict(path, text);
    for (let length = 1; length < path.length; length++) {
      const prefix = path.slice(0, length).join(".");
      if (seen.has(prefix)) throw conflict(path, prefix);
      above.add(prefix);
    }
    seen.add(text);
  }
}
