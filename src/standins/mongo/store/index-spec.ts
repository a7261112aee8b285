import { isNumber } from "../bson/types.ts";
import { toDouble } from "../bson/numbers.ts";
import type { Doc } from "../bson/value.ts";
import { compileFilter } from "../query/filter.ts";

/** One field of an index: its dotted path, and 1 or -1. */
export interface IndexField {
  readonly path: string;
  readonly direction: 1 | -1;
}

/** An index as the store works with it. */
export interface Index {
  readonly id: number;
  readonly name: string;
  /** The index as `listIndexes` shows it. */
  readonly spec: Doc;
  readonly keyPattern: Doc;
  readonly fields: readonly IndexField[];
  readonly directions: readonly number[];
  readonly unique: boolean;
  readonly sparse: boolean;
  /** Which documents a partial index holds. */
  readonly partialFilter: Doc | undefined;
  /** The fields at the top of a document that its entries depend on: while these stay as they are, so do the entries. */
  readonly dependsOn: readonly string[];
  /** Whether the index holds the document, by `sparse` and `partialFilter`. */
  readonly holds: (doc: Doc) => boolean;
  readonly expireAfterSeconds: number | undefined;
  /** For each field, whether some document has (or once had) more than one value there. */
  readonly multikey: boolean[];
}

/** Reads an index from its validated specification. */
export function indexFromSpec(id: number, spec: Doc, multikey?: readonly boolean[]): Index {
  const keyPattern = subdocument(spec, "key") ?? new Map();
  const fields: IndexField[] = [...keyPattern].map(([path, direction]) => ({
    path,
    direction: isNumber(direction) && toDouble(direction) < 0 ? -1 : 1,
  }));
  const partialFilter = subdocument(spec, "partialFilterExpression");
  const sparse = spec.get("sparse") === true;
  const expireAfter = spec.get("expireAfterSeconds");
  return {
    id,
    name: nameOf(spec),
    spec,
    keyPattern,
    fields,
    directions: fields.map((field) => field.direction),
    unique: spec.get("unique") === true,
    sparse,
    partialFilter,
    dependsOn: topFields([...fields.map(({ path }) => path), ...(partialFilter?.keys() ?? [])]),
    holds: holdsFor(fields, sparse, partialFilter),
    expireAfterSeconds: isNumber(expireAfter) ? toDouble(expireAfter) : undefined,
    multikey: fields.map((_, position) => multikey?.[position] ?? false),
  };
}

const topFields = (paths: readonly string[]): string[] => [
  ...new Set(paths.map((path) => path.split(".", 1)[0] ?? path)),
];

function subdocument(spec: Doc, name: string): Doc | undefined {
  const value = spec.get(name);
  return value instanceof Map ? value : undefined;
}

function holdsFor(
  fields: readonly IndexField[],
  sparse: boolean,
  partialFilter: Doc | undefined,
): (doc: Doc) => boolean {
  if (partialFilter !== undefined) return compileFilter(partialFilter);
  if (!sparse) return () => true;
  // A sparse index leaves out the documents that have none of its fields.
  const present = fields.map(({ path }) => compileFilter(new Map([[path, new Map([["$exists", true]])]])));
  return (doc) => present.some((has) => has(doc));
}

function nameOf(spec: Doc): string {
  const name = spec.get("name");
  return typeof name === "string" ? name : "";
}
