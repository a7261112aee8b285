import { compareValues } from "../../bson/compare.ts";
import { isNullish } from "../../bson/types.ts";
import type { Value } from "../../bson/value.ts";
import { locationError, positional, typeOf, unary } from "../arguments.ts";
import { isTruthy } from "../scope.ts";
import type { OperatorCompiler } from "../scope.ts";

/** The values in order, each once. MongoDB leaves the order of a set open; here it is the sorted one. */
export function distinct(values: readonly Value[]): Value[] {
  return values
    .toSorted(compareValues)
    .filter((value, index, sorted) => index === 0 || compareValues(value, sorted[index - 1]) !== 0);
}

const contains = (items: readonly Value[], value: Value): boolean =>
  items.some((item) => compareValues(item, value) === 0);

function arrays(name: string, code: number, values: readonly (Value | undefined)[]): Value[][] | null {
  const result: Value[][] = [];
  for (const value of values) {
    if (isNullish(value)) return null;
    if (!Array.isArray(value)) {
      throw locationError(
        code,
        `All operands of ${name} must be arrays. One argument is of type: ${typeOf(value)}`,
      );
    }
    result.push(value);
  }
  return result;
}

/** The two operands of a set operator for which null is no set. */
function two(
  name: string,
  codes: readonly [number, number],
  [left, right]: readonly (Value | undefined)[],
): [Value[], Value[]] {
  if (!Array.isArray(left)) {
    throw locationError(
      codes[0],
      `both operands of ${name} must be arrays. First argument is of type: ${typeOf(left)}`,
    );
  }
  if (!Array.isArray(right)) {
    throw locationError(
      codes[1],
      `both operands of ${name} must be arrays. Second argument is of type: ${typeOf(right)}`,
    );
  }
  return [left, right];
}

function union(values: readonly (Value | undefined)[]): Value {
  const sets = arrays("$setUnion", 17043, values);
  return sets === null ? null : distinct(sets.flat());
}

function intersection(values: readonly (Value | undefined)[]): Value {
  const sets = arrays("$setIntersection", 17047, values);
  if (sets === null) return null;
  const [first = [], ...others] = sets;
  return distinct(first.filter((value) => others.every((other) => contains(other, value))));
}

function difference(values: readonly (Value | undefined)[]): Value {
  if (values.some(isNullish)) return null;
  const [left, right] = two("$setDifference", [17048, 17049], values);
  const rest = left.filter((value) => !contains(right, value));
  return rest.filter((value, index) => !contains(rest.slice(0, index), value));
}

function equals(values: readonly (Value | undefined)[]): Value {
  const sets = values.map((value) => {
    if (!Array.isArray(value)) {
      throw locationError(
        17044,
        `All operands of $setEquals must be arrays. One argument is of type: ${typeOf(value)}`,
      );
    }
    return distinct(value);
  });
  return sets.every((one) => compareValues(one, sets[0]) === 0);
}

function isSubset(values: readonly (Value | undefined)[]): Value {
  const [left, right] = two("$setIsSubset", [17046, 17042], values);
  return left.every((value) => contains(right, value));
}

function elementsTrue(
  name: string,
  code: number,
  test: (items: readonly Value[]) => boolean,
): OperatorCompiler {
  return unary((value) => {
    if (!Array.isArray(value))
      throw locationError(code, `${name}'s argument must be an array, but is ${typeOf(value)}`);
    return test(value);
  });
}

/** Arrays taken as sets. */
export const setOperators: Readonly<Record<string, OperatorCompiler>> = {
  $setUnion: positional(0, Infinity, union),
  $setIntersection: positional(0, Infinity, intersection),
  $setDifference: positional(2, 2, difference),
  $setEquals: positional(2, Infinity, equals),
  $setIsSubset: positional(2, 2, isSubset),
  $anyElementTrue: elementsTrue("$anyElementTrue", 17041, (items) => items.some(isTruthy)),
  $allElementsTrue: elementsTrue("$allElementsTrue", 17040, (items) => items.every(isTruthy)),
};
