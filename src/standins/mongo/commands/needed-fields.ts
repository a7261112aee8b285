import type { Fields } from "../bson/fields.ts";
import { isNumber } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { isOperators } from "../query/operators.ts";
import type { Search } from "../store/find.ts";

/** Fields as they are collected; `whole` closes what lies below. */
type Needed = Map<string, Needed | "whole">;

/** Thrown on the way where an answer may depend on all of a document. */
class Whole extends Error {}

/**
 * The fields on which a search and the first stage behind it depend, as far as that shows: undefined where it may be all of
 * them. Shown it is by a `$group`, and by a `$project` that includes. Too many do no harm, so whatever looks like a
 * field counts as one.
 */
export function neededFields({ filter, sort }: Search, [first]: readonly Doc[]): Fields | undefined {
  const needed: Needed = new Map([["_id", "whole"]]);
  try {
    fromFilter(needed, filter);
    for (const path of sort?.keys() ?? []) add(needed, path);
    const [[name, operand] = []] = first ?? [];
    if (name === "$group" && operand instanceof Map) fromExpression(needed, operand);
    else if (name === "$project" && operand instanceof Map) fromProjection(needed, operand);
    else if (name !== "$count") return undefined;
    return needed;
  } catch (error) {
    if (error instanceof Whole) return undefined;
    throw error;
  }
}

function fromFilter(needed: Needed, filter: Doc): void {
  for (const [name, value] of filter) {
    if (!name.startsWith("$")) add(needed, name);
    else if (!["$and", "$or", "$nor"].includes(name) || !Array.isArray(value)) throw new Whole();
    else for (const branch of value) if (branch instanceof Map) fromFilter(needed, branch);
  }
}

/** A projection by inclusion: each field is wanted as it is, or made by an expression. */
function fromProjection(needed: Needed, projection: Doc): void {
  for (const [path, value] of projection) {
    if (value === true || (isNumber(value) && Number(value) === 1)) add(needed, path);
    else if (path === "_id" && (value === false || isNumber(value))) continue;
    else if (value === false || isNumber(value)) throw new Whole();
    else {
      // Within a document there may be inclusions as well: then all of the field is needed.
      if (value instanceof Map && !isOperators(value)) add(needed, path);
      fromExpression(needed, value);
    }
  }
}

function fromExpression(needed: Needed, value: Value): void {
  if (typeof value === "string") return fromText(needed, value);
  if (Array.isArray(value)) for (const item of value) fromExpression(needed, item);
  if (!(value instanceof Map)) return;
  for (const [name, operand] of value) {
    // These name fields without a `$`.
    if (name === "$getField" || name === "sortBy") throw new Whole();
    fromExpression(needed, operand);
  }
}

function fromText(needed: Needed, text: string): void {
  if (/^\$\$(?:ROOT|CURRENT)\b/.test(text)) throw new Whole();
  if (text.startsWith("$") && !text.startsWith("$$")) add(needed, text.slice(1));
}

function add(needed: Needed, path: string): void {
  if (path.startsWith("$")) throw new Whole();
  const [name = "", ...rest] = path.split(".");
  const there = needed.get(name);
  if (there === "whole") return;
  if (rest.length === 0) {
    needed.set(name, "whole");
    return;
  }
  const inner: Needed = there ?? new Map();
  needed.set(name, inner);
  add(inner, rest.join("."));
}
