import { isDoc } from "../../bson/types.ts";
import type { Doc, Value } from "../../bson/value.ts";

/**
 * A filter that every document fulfils which a `$lookup`'s pipeline can let through, so that an index can find them:
 * what its first `$match` says, and for `$expr: {$eq: ["$field", "$$variable"]}` the equality with the variable's value.
 * Undefined where nothing can be said.
 */
export function indexHint(
  pipeline: readonly Value[],
  variables: ReadonlyMap<string, Value | undefined>,
): Doc | undefined {
  const first = pipeline[0];
  const match = isDoc(first) ? first.get("$match") : undefined;
  if (!isDoc(match)) return undefined;
  const conditions = conditionsOf(match, variables);
  return conditions.length === 0 ? undefined : new Map([["$and", conditions]]);
}

/** Other logical operators are left away: an expression within them may name variables that a filter does not know. */
function conditionsOf(match: Doc, variables: ReadonlyMap<string, Value | undefined>): Doc[] {
  return Array.from(match).flatMap(([name, value]) => {
    if (name === "$expr") return equalities(value, variables);
    if (name === "$and" && Array.isArray(value)) {
      return value.flatMap((branch) => (isDoc(branch) ? conditionsOf(branch, variables) : []));
    }
    return name.startsWith("$") ? [] : [new Map([[name, value]])];
  });
}

function equalities(expression: Value, variables: ReadonlyMap<string, Value | undefined>): Doc[] {
  if (!isDoc(expression)) return [];
  const all = expression.get("$and");
  if (Array.isArray(all)) return all.flatMap((one) => equalities(one, variables));
  const sides = expression.get("$eq");
  if (!Array.isArray(sides) || sides.length !== 2) return [];
  const [left = null, right = null] = sides;
  const found = equality(left, right, variables) ?? equality(right, left, variables);
  return found === undefined ? [] : [found];
}

function equality(
  field: Value,
  other: Value,
  variables: ReadonlyMap<string, Value | undefined>,
): Doc | undefined {
  if (typeof field !== "string" || !field.startsWith("$") || field.startsWith("$$")) return undefined;
  if (typeof other !== "string" || !other.startsWith("$$")) return undefined;
  const name = other.slice(2);
  if (!variables.has(name)) return undefined;
  const value = variables.get(name) ?? null;
  // A filter finds arrays by their elements; whole arrays are left to the expression.
  if (Array.isArray(value)) return undefined;
  return new Map([[field.slice(1), new Map([["$eq", value]])]]);
}
