/** One field of a state, before and after. `undefined`: it is not told of on that side. */
export interface Difference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly changed: boolean;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isPlain = (value: unknown) => typeof value !== "object" || value === null;

/** Every single value of a state by its path; a list of single values is one value, as people read it. */
export function flatten(value: unknown, path = ""): [path: string, value: unknown][] {
  const below = (name: string | number) => (path === "" ? String(name) : `${path}.${name}`);
  if (value === undefined || (value === null && path === "")) return [];
  if (isPlain(value)) return [[path, value]];
  if (Array.isArray(value)) {
    if (value.every(isPlain)) return [[path, value.map(String).join(", ")]];
    return value.flatMap((item, place) => flatten(item, below(place)));
  }
  return isRecord(value) ? Object.entries(value).flatMap(([name, item]) => flatten(item, below(name))) : [];
}

/** Two states side by side, field by field: what has changed first, each part in the order in which it was written. */
export function diff(before: unknown, after: unknown): Difference[] {
  const old = new Map(flatten(before));
  const fresh = new Map(flatten(after));
  const all = [...new Set([...old.keys(), ...fresh.keys()])].map((path) => ({
    path,
    before: old.get(path),
    after: fresh.get(path),
    changed: !Object.is(old.get(path), fresh.get(path)),
  }));
  return [...all.filter(({ changed }) => changed), ...all.filter(({ changed }) => !changed)];
}
