import { compareValues } from "../../bson/compare.ts";
import { isNullish, isNumber } from "../../bson/types.ts";
import type { Value } from "../../bson/value.ts";
import { argumentList } from "../arguments.ts";
import type { OperatorCompiler } from "../scope.ts";
import { Summation } from "../sum.ts";

/** An operator over several values: those of an array that is its only argument, or its arguments themselves. */
function over(summarise: (values: readonly (Value | undefined)[]) => Value): OperatorCompiler {
  return (operand, compiler) => {
    const list = argumentList(operand, compiler);
    return (scope) => {
      const values = list.map((one) => one(scope));
      const [only] = values;
      return summarise(values.length === 1 && Array.isArray(only) ? only : values);
    };
  };
}

/** The least (`direction` 1) or greatest (-1) value in the order over all types; null and missing do not count. */
function extreme(values: readonly (Value | undefined)[], direction: 1 | -1): Value {
  let best: Value = null;
  for (const value of values) {
    if (isNullish(value)) continue;
    if (best === null || direction * compareValues(value, best) < 0) best = value;
  }
  return best;
}

/** The numbers among the values, added up; whatever else is among them does not count. */
function total(values: readonly (Value | undefined)[]): Summation {
  const summation = new Summation();
  for (const value of values) if (isNumber(value)) summation.add(value);
  return summation;
}

/** The accumulators in their use as expressions. */
export const summaryOperators: Readonly<Record<string, OperatorCompiler>> = {
  $min: over((values) => extreme(values, 1)),
  $max: over((values) => extreme(values, -1)),
  $sum: over((values) => total(values).total()),
  $avg: over((values) => total(values).average()),
};
