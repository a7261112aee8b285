import { compareValues } from "../bson/compare.ts";
import { countValue } from "../bson/numbers.ts";
import { isDoc, isNullish, isNumber } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { locationError, typeOf } from "./arguments.ts";
import { compileExpression } from "./expressions.ts";
import { mergeObjects } from "./operators/objects.ts";
import { distinct } from "./operators/sets.ts";
import type { Environment, Expression } from "./scope.ts";
import { Summation } from "./sum.ts";

/** Takes in one value per document of a group, and gives the group's value. */
interface Accumulator {
  add(value: Value | undefined): void;
  result(): Value;
}

function summing(finish: (total: Summation) => Value): () => Accumulator {
  return () => {
    const total = new Summation();
    return {
      add: (value) => {
        if (isNumber(value)) total.add(value);
      },
      result: () => finish(total),
    };
  };
}

function extreme(direction: 1 | -1): () => Accumulator {
  return () => {
    let best: Value = null;
    return {
      add: (value) => {
        if (isNullish(value)) return;
        if (best === null || direction * compareValues(value, best) < 0) best = value;
      },
      result: () => best,
    };
  };
}

/** Keeps the values in their order and makes the result of them at the end. */
function collecting(finish: (values: (Value | undefined)[]) => Value): () => Accumulator {
  return () => {
    const values: (Value | undefined)[] = [];
    return { add: (value) => values.push(value), result: () => finish(values) };
  };
}

const present = (values: readonly (Value | undefined)[]): Value[] =>
  values.filter((value) => value !== undefined);

function first(): Accumulator {
  let found: { value: Value } | undefined;
  return {
    add: (value) => {
      found ??= { value: value ?? null };
    },
    result: () => found?.value ?? null,
  };
}

function last(): Accumulator {
  let found: Value = null;
  return {
    add: (value) => {
      found = value ?? null;
    },
    result: () => found,
  };
}

const accumulators: ReadonlyMap<string, () => Accumulator> = new Map([
  ["$sum", summing((total) => total.total())],
  ["$avg", summing((total) => total.average())],
  ["$min", extreme(1)],
  ["$max", extreme(-1)],
  ["$first", first],
  ["$last", last],
  ["$push", collecting(present)],
  ["$addToSet", collecting((values) => distinct(present(values)))],
  ["$mergeObjects", collecting(mergeObjects)],
  ["$count", collecting((values) => countValue(values.length))],
]);

/** Accumulators that MongoDB has and this server has not. */
const refused = new Set([
  "$accumulator",
  "$bottom",
  "$bottomN",
  "$concatArrays",
  "$firstN",
  "$lastN",
  "$maxN",
  "$median",
  "$minN",
  "$percentile",
  "$setUnion",
  "$stdDevPop",
  "$stdDevSamp",
  "$top",
  "$topN",
]);

/** A field of `$group`: what it takes of each document, and how it begins a new group. */
export interface GroupField {
  readonly name: string;
  readonly take: Expression;
  readonly begin: () => Accumulator;
}

/** Compiles one field of a `$group`, for instance `total: {$sum: "$amount"}`. */
export function compileGroupField(name: string, spec: Value, environment: Environment): GroupField {
  if (name.includes(".")) throw locationError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith("$")) throw locationError(40236, `The field name '${name}' cannot be an operator name`);
  if (!isDoc(spec) || spec.size === 0)
    throw locationError(40234, `The field '${name}' must be an accumulator object`);
  if (spec.size !== 1) throw locationError(40238, `The field '${name}' must specify one accumulator`);
  const [[operator, operand] = ["", null]] = spec;
  const begin = accumulators.get(operator);
  if (begin === undefined) {
    if (refused.has(operator)) {
      throw new MongoError(115, "CommandNotSupported", `The accumulator ${operator} is not supported`);
    }
    if (!operator.startsWith("$"))
      throw locationError(40234, `The field '${name}' must be an accumulator object`);
    throw locationError(15952, `unknown group operator '${operator}'`);
  }
  if (Array.isArray(operand)) {
    if (operand.length !== 1) throw locationError(40237, `The ${operator} accumulator is a unary operator`);
  }
  if (operator === "$count" && !(isDoc(operand) && operand.size === 0)) {
    throw new MongoError(
      14,
      "TypeMismatch",
      `$count takes no arguments, i.e. $count:{}, found: ${typeOf(operand)}`,
    );
  }
  const argument = Array.isArray(operand) ? (operand[0] ?? null) : operand;
  return { name, take: compileExpression(argument, environment), begin };
}
