import { Long } from "bson";
import { isDoc, isNullish } from "../../bson/types.ts";
import type { Doc, Value } from "../../bson/value.ts";
import { locationError, typeOf } from "../arguments.ts";
import { fieldNames } from "../fieldPath.ts";
import type { StageCompiler } from "../stage.ts";

interface Options {
  readonly path: readonly string[];
  readonly index: readonly string[] | undefined;
  readonly preserve: boolean;
}

function readOptions(operand: Value): Options {
  const fields: Doc = isDoc(operand) ? operand : new Map([["path", operand]]);
  for (const field of fields.keys()) {
    if (field !== "path" && field !== "includeArrayIndex" && field !== "preserveNullAndEmptyArrays") {
      throw locationError(28811, `unrecognized option to $unwind stage: ${field}`);
    }
  }
  const path = fields.get("path");
  if (path === undefined) throw locationError(28812, "no path specified to $unwind stage");
  if (typeof path !== "string") {
    if (!isDoc(operand)) {
      throw locationError(
        15981,
        `expected either a string or an object as specification for $unwind stage, got ${typeOf(path)}`,
      );
    }
    throw locationError(28808, `expected a string as the path for $unwind stage, got ${typeOf(path)}`);
  }
  if (!path.startsWith("$")) {
    throw locationError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  }
  const preserve = fields.get("preserveNullAndEmptyArrays") ?? false;
  if (typeof preserve !== "boolean") {
    throw locationError(
      28809,
      `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeOf(preserve)}`,
    );
  }
  return { path: fieldNames(path.slice(1)), index: indexPath(fields.get("includeArrayIndex")), preserve };
}

function indexPath(value: Value | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value === "") {
    throw locationError(
      28810,
      "expected a non-empty string for the includeArrayIndex option to $unwind stage",
    );
  }
  if (value.startsWith("$")) {
    throw locationError(
      28822,
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${value}`,
    );
  }
  return fieldNames(value);
}

/** The value at a path through documents only. */
function nested(doc: Doc, path: readonly string[]): Value | undefined {
  let value: Value | undefined = doc;
  for (const name of path) value = isDoc(value) ? value.get(name) : undefined;
  return value;
}

/** The document with the value at the path set, or the field there taken away; documents on the way are copied. */
export function withField(doc: Doc, path: readonly string[], value: Value | undefined): Doc {
  const result: Doc = new Map(doc);
  const [name = "", ...rest] = path;
  if (rest.length > 0) {
    const inner = doc.get(name);
    result.set(name, withField(isDoc(inner) ? inner : new Map(), rest, value));
  } else if (value === undefined) result.delete(name);
  else result.set(name, value);
  return result;
}

const unwind: StageCompiler = (operand) => {
  const { path, index, preserve } = readOptions(operand);
  const numbered = (doc: Doc, position: number | null): Doc =>
    index === undefined ? doc : withField(doc, index, position === null ? null : Long.fromNumber(position));
  return function* (source) {
    for (const doc of source) {
      const value = nested(doc, path);
      if (Array.isArray(value) && value.length > 0) {
        for (const [position, item] of value.entries()) yield numbered(withField(doc, path, item), position);
      } else if (!isNullish(value) && !Array.isArray(value)) yield numbered(doc, null);
      else if (preserve) yield numbered(Array.isArray(value) ? withField(doc, path, undefined) : doc, null);
    }
  };
};

/** Arrays taken apart. */
export const unwindStages: Readonly<Record<string, StageCompiler>> = { $unwind: unwind };
