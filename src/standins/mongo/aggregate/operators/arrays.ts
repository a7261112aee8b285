import { Int32 } from "bson";
import { compareValues, valuesEqual } from "../../bson/compare.ts";
import { toIndex } from "../../bson/numbers.ts";
import { isNullish, isNumber } from "../../bson/types.ts";
import type { Value } from "../../bson/value.ts";
import { sortValues } from "../../query/sort.ts";
import { locationError, named, positional, typeOf, unary } from "../arguments.ts";
import type { OperatorCompiler } from "../scope.ts";

type Values = readonly (Value | undefined)[];

function size(value: Value | undefined): Value {
  if (!Array.isArray(value)) {
    throw locationError(17124, `The argument to $size must be an array, but was of type: ${typeOf(value)}`);
  }
  return new Int32(value.length);
}

/** A whole number that fits into 32 bits, else the error given. */
function int(value: Value | undefined, refuse: () => Error): number {
  const whole = isNumber(value) ? toIndex(value) : undefined;
  if (whole === undefined || whole !== (whole | 0)) throw refuse();
  return whole;
}

function arrayElemAt([items, at]: Values): Value | undefined {
  if (isNullish(items) || isNullish(at)) return null;
  if (!Array.isArray(items)) {
    throw locationError(28689, `$arrayElemAt's first argument must be an array, but is ${typeOf(items)}`);
  }
  if (!isNumber(at)) {
    throw locationError(
      28690,
      `$arrayElemAt's second argument must be a numeric value, but is ${typeOf(at)}`,
    );
  }
  const index = int(at, () =>
    locationError(
      28691,
      `$arrayElemAt's second argument must be representable as a 32-bit integer: ${at.toString()}`,
    ),
  );
  return items.at(index);
}

function end(name: string, index: 0 | -1): OperatorCompiler {
  return unary((items) => {
    if (isNullish(items)) return null;
    if (!Array.isArray(items))
      throw locationError(28689, `${name}'s argument must be an array, but is ${typeOf(items)}`);
    return items.at(index);
  });
}

function slice(values: Values): Value {
  const [items, second, third] = values;
  if (values.some(isNullish)) return null;
  if (!Array.isArray(items)) {
    throw locationError(28724, `First argument to $slice must be an array, but is of type: ${typeOf(items)}`);
  }
  const from = int(second, () =>
    locationError(
      28725,
      `Second argument to $slice must be a numeric value, but is of type: ${typeOf(second)}`,
    ),
  );
  if (values.length === 2) return from < 0 ? items.slice(from) : items.slice(0, from);
  const count = int(third, () =>
    locationError(28727, `Third argument to $slice must be numeric, but is of type: ${typeOf(third)}`),
  );
  if (count <= 0) throw locationError(28729, `Third argument to $slice must be positive: ${count}`);
  const start = from < 0 ? Math.max(0, items.length + from) : from;
  return items.slice(start, start + count);
}

function concatArrays(values: Values): Value {
  const result: Value[] = [];
  for (const value of values) {
    if (isNullish(value)) return null;
    if (!Array.isArray(value))
      throw locationError(28664, `$concatArrays only supports arrays, not ${typeOf(value)}`);
    for (const item of value) result.push(item);
  }
  return result;
}

function isIn([value, items]: Values): Value {
  if (!Array.isArray(items)) {
    throw locationError(40081, `$in requires an array as a second argument, found: ${typeOf(items)}`);
  }
  return items.some((item) => valuesEqual(item, value));
}

function indexOfArray([items, wanted, from, to]: Values): Value {
  if (isNullish(items)) return null;
  if (!Array.isArray(items)) {
    throw locationError(
      40090,
      `$indexOfArray requires an array as a first argument, found: ${typeOf(items)}`,
    );
  }
  const bound = (value: Value | undefined, otherwise: number): number => {
    if (value === undefined) return otherwise;
    const index = int(value, () =>
      locationError(
        40096,
        `$indexOfArray requires an integral index, found a value of type: ${typeOf(value)}`,
      ),
    );
    if (index < 0) throw locationError(40097, `$indexOfArray requires a nonnegative index, found: ${index}`);
    return index;
  };
  const stop = Math.min(bound(to, items.length), items.length);
  for (let index = bound(from, 0); index < stop; index++) {
    if (valuesEqual(items[index], wanted)) return new Int32(index);
  }
  return new Int32(-1);
}

function reverse(items: Value | undefined): Value {
  if (isNullish(items)) return null;
  if (!Array.isArray(items)) {
    throw locationError(
      34435,
      `The argument to $reverseArray must be an array, but was of type: ${typeOf(items)}`,
    );
  }
  return items.toReversed();
}

function range([from, to, by]: Values): Value {
  const start = int(from, () =>
    locationError(34443, `$range requires a numeric starting value, found value of type: ${typeOf(from)}`),
  );
  const stop = int(to, () =>
    locationError(34445, `$range requires a numeric ending value, found value of type: ${typeOf(to)}`),
  );
  const step =
    by === undefined
      ? 1
      : int(by, () =>
          locationError(34447, `$range requires a numeric step value, found value of type:${typeOf(by)}`),
        );
  if (step === 0) throw locationError(34449, "$range requires a non-zero step value");
  const result: Value[] = [];
  for (let value = start; step > 0 ? value < stop : value > stop; value += step)
    result.push(new Int32(value));
  return result;
}

const zip = named(["inputs"], ["useLongestLength", "defaults"], ({ inputs, useLongestLength, defaults }) => {
  if (!Array.isArray(inputs))
    throw locationError(34461, `inputs must be an array of expressions, found ${typeOf(inputs)}`);
  if (inputs.includes(null)) return null;
  const longest = useLongestLength === true;
  if (Array.isArray(defaults) && !longest) {
    throw locationError(34466, "cannot specify defaults unless useLongestLength is true");
  }
  const arrays = inputs.map((input) => {
    if (!Array.isArray(input))
      throw locationError(34468, `$zip found a non-array expression in input: ${typeOf(input)}`);
    return input;
  });
  const lengths = arrays.map((items) => items.length);
  const count = arrays.length === 0 ? 0 : longest ? Math.max(...lengths) : Math.min(...lengths);
  const others = Array.isArray(defaults) ? defaults : [];
  return Array.from({ length: count }, (_, row) =>
    arrays.map((items, column) => items[row] ?? others[column] ?? null),
  );
});

const sortArray = named(["input", "sortBy"], [], ({ input, sortBy }) => {
  if (isNullish(input)) return null;
  if (!Array.isArray(input)) {
    throw locationError(
      2942504,
      `The input argument to $sortArray must be an array, but was of type: ${typeOf(input)}`,
    );
  }
  return sortValues(input, sortBy ?? null);
});

/** The greatest or least n of an array. */
function extremes(name: string, direction: 1 | -1): OperatorCompiler {
  return firstOrLast(name, (items, n) =>
    items
      .filter((item) => item !== null)
      .toSorted((left, right) => direction * compareValues(left, right))
      .slice(0, n),
  );
}

function firstOrLast(name: string, take: (items: readonly Value[], n: number) => Value[]): OperatorCompiler {
  return named(["input", "n"], [], ({ input, n }) => {
    if (!Array.isArray(input))
      throw locationError(5788200, `${name} requires 'input' to be an array, found ${typeOf(input)}`);
    const count = int(n, () =>
      locationError(5787902, `Value for 'n' must be of integral type, but found ${typeOf(n)}`),
    );
    if (count <= 0) throw locationError(5787908, `'n' must be greater than 0, found ${count}`);
    return take(input, count);
  });
}

/** Arrays. */
export const arrayOperators: Readonly<Record<string, OperatorCompiler>> = {
  $size: unary(size),
  $isArray: unary((value) => Array.isArray(value)),
  $arrayElemAt: positional(2, 2, arrayElemAt),
  $first: end("$first", 0),
  $last: end("$last", -1),
  $slice: positional(2, 3, slice),
  $concatArrays: positional(0, Infinity, concatArrays),
  $in: positional(2, 2, isIn),
  $indexOfArray: positional(2, 4, indexOfArray),
  $reverseArray: unary(reverse),
  $range: positional(2, 3, range),
  $zip: zip,
  $sortArray: sortArray,
  $firstN: firstOrLast("$firstN", (items, n) => items.slice(0, n)),
  $lastN: firstOrLast("$lastN", (items, n) => items.slice(-n)),
  $maxN: extremes("$maxN", -1),
  $minN: extremes("$minN", 1),
};
