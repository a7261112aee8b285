import type { Doc, Value } from "./value.ts";

/** */
export function indexValues(doc: Doc, path: string): (Value | undefined)[] {
  const value = doc.get(path);
  return [value === undefined ? null : value];
}
