import { countValue, toIndex } from "../../bson/numbers.ts";
import { isDoc, isNumber } from "../../bson/types.ts";
import type { Doc, Value } from "../../bson/value.ts";
import { sortDocs } from "../../query/sort.ts";
import { locationError, typeOf } from "../arguments.ts";
import type { StageCompiler } from "../stage.ts";

const sort: StageCompiler = (operand) => {
  if (!isDoc(operand)) throw locationError(15973, "the $sort key specification must be an object");
  if (operand.size === 0) throw locationError(15976, "$sort stage must have at least one sort key");
  sortDocs([], operand);
  return function* (source) {
    yield* sortDocs(source, operand);
  };
};

function amount(name: string, code: number, value: Value): number {
  const whole = isNumber(value) ? toIndex(value) : undefined;
  if (whole === undefined) {
    throw locationError(
      code,
      `invalid argument to ${name} stage: Expected an integer, but found ${typeOf(value)}`,
    );
  }
  if (whole < 0) {
    throw locationError(
      code,
      `invalid argument to ${name} stage: Expected a non-negative number in: ${name}: ${whole}`,
    );
  }
  return whole;
}

const limit: StageCompiler = (operand) => {
  const most = amount("$limit", 5107201, operand);
  if (most === 0) throw locationError(15958, "the limit must be positive");
  return function* (source) {
    let count = 0;
    for (const doc of source) {
      yield doc;
      // The next document is not even asked for: it may be expensive to find.
      if (++count === most) return;
    }
  };
};

const skip: StageCompiler = (operand) => {
  const passed = amount("$skip", 5107200, operand);
  return function* (source) {
    let count = 0;
    for (const doc of source) if (++count > passed) yield doc;
  };
};

const count: StageCompiler = (operand) => {
  if (typeof operand !== "string") throw locationError(40156, "the count field must be a non-empty string");
  if (operand === "") throw locationError(40157, "the count field must be a non-empty string");
  if (operand.startsWith("$")) throw locationError(40158, "the count field cannot be a $-prefixed path");
  if (operand.includes("\0")) throw locationError(40159, "the count field cannot contain a null byte");
  if (operand.includes(".")) throw locationError(40160, "the count field cannot contain '.'");
  return function* (source) {
    let total = 0;
    for (const _ of source) total++;
    if (total > 0) yield new Map([[operand, countValue(total)]]) satisfies Doc;
  };
};

const sample: StageCompiler = (operand) => {
  const size = isDoc(operand) ? operand.get("size") : undefined;
  if (size === undefined) throw locationError(28749, "$sample stage must specify a size");
  const most = amount("$sample", 28746, size);
  return function* (source) {
    const docs = [...source];
    for (let index = 0; index < Math.min(most, docs.length); index++) {
      const other = index + Math.floor(Math.random() * (docs.length - index));
      const [chosen, here] = [docs[other], docs[index]];
      if (chosen === undefined || here === undefined) return;
      docs[other] = here;
      yield chosen;
    }
  };
};

/** Which documents, how many, and in what order. */
export const orderStages: Readonly<Record<string, StageCompiler>> = {
  $sort: sort,
  $limit: limit,
  $skip: skip,
  $count: count,
  $sample: sample,
};
