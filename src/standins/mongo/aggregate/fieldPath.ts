import type { Value } from "../bson/value.ts";
import { locationError } from "./arguments.ts";

/** Takes the dotted path of an expression apart; refuses empty names and a "$" at a name's beginning. */
export function fieldNames(path: string): string[] {
  if (path.endsWith(".")) throw locationError(40353, "FieldPath must not end with a '.'.");
  const names = path.split(".");
  for (const name of names) {
    if (name === "") throw locationError(15998, "FieldPath field names may not be empty strings.");
    if (name.startsWith("$")) {
      throw locationError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    }
    if (name.includes("\0")) throw locationError(16411, "FieldPath field names may not contain '\0'.");
  }
  return names;
}

/**
 * Reads a path as expressions do: through documents, and from each document of an array, which gives an array of those
 * values that are there. Unlike in a filter, a number is no array position.
 */
export function readPath(value: Value | undefined, names: readonly string[], from = 0): Value | undefined {
  let current = value;
  for (let at = from; at < names.length; at++) {
    if (current instanceof Map) current = current.get(names[at] ?? "");
    else if (Array.isArray(current)) return readFromElements(current, names, at);
    else return undefined;
  }
  return current;
}

function readFromElements(items: readonly Value[], names: readonly string[], at: number): Value[] {
  const found: Value[] = [];
  for (const item of items) {
    // Arrays directly within an array are not looked into.
    const value = item instanceof Map ? readPath(item, names, at) : undefined;
    if (value !== undefined) found.push(value);
  }
  return found;
}
