import { Int32 } from "bson";
import { compareValues } from "../../bson/compare.ts";
import { isDoc, isNullish } from "../../bson/types.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../error.ts";
import { argumentList, locationError, namedFields, positional } from "../arguments.ts";
import { isTruthy } from "../scope.ts";
import type { OperatorCompiler } from "../scope.ts";

/** Compares in the order over all types: there is no type bracketing in expressions, and missing is less than null. */
const ordered = (accepts: (order: number) => boolean): OperatorCompiler =>
  positional(2, 2, ([left, right]) => accepts(compareValues(left, right)));

const and: OperatorCompiler = (operand, compiler) => {
  const list = argumentList(operand, compiler);
  return (scope) => list.every((one) => isTruthy(one(scope)));
};

const or: OperatorCompiler = (operand, compiler) => {
  const list = argumentList(operand, compiler);
  return (scope) => list.some((one) => isTruthy(one(scope)));
};

const cond: OperatorCompiler = (operand, compiler, name) => {
  let parts: readonly (Value | undefined)[];
  if (isDoc(operand)) {
    const codes = new Map([
      ["if", 17080],
      ["then", 17081],
      ["else", 17082],
    ]);
    for (const field of operand.keys()) {
      if (!codes.has(field)) throw locationError(17083, `Unrecognized parameter to $cond: ${field}`);
    }
    parts = Array.from(codes, ([field, code]) => {
      if (!operand.has(field)) throw locationError(code, `Missing '${field}' parameter to $cond`);
      return operand.get(field);
    });
  } else {
    parts = Array.isArray(operand) ? operand : [operand];
    if (parts.length !== 3) {
      throw locationError(
        16020,
        `Expression ${name} takes exactly 3 arguments. ${parts.length} were passed in.`,
      );
    }
  }
  const [condition, yes, no] = parts.map((part) => compiler.compile(part ?? null));
  return (scope) => {
    const chosen = isTruthy(condition?.(scope)) ? yes : no;
    return chosen?.(scope);
  };
};

const ifNull: OperatorCompiler = (operand, compiler) => {
  const list = argumentList(operand, compiler);
  if (list.length < 2) {
    throw locationError(1257300, `$ifNull needs at least two arguments, had: ${list.length}`);
  }
  return (scope) => {
    let value: Value | undefined;
    for (const one of list) {
      value = one(scope);
      if (!isNullish(value)) return value;
    }
    return value;
  };
};

const switchOperator: OperatorCompiler = (operand, compiler, name) => {
  const fields = namedFields(operand, name, [], ["branches", "default"]);
  const branches = fields.get("branches");
  if (branches === undefined) throw locationError(40068, "$switch requires at least one branch.");
  if (!Array.isArray(branches)) throw locationError(40061, "$switch expected an array for 'branches'");
  const compiled = branches.map((branch) => {
    if (!isDoc(branch)) throw locationError(40062, "$switch expected each branch to be an object");
    for (const field of branch.keys()) {
      if (field !== "case" && field !== "then") {
        throw locationError(40063, `$switch found an unknown argument to a branch: ${field}`);
      }
    }
    const condition = branch.get("case");
    const then = branch.get("then");
    if (condition === undefined)
      throw locationError(40064, "$switch requires each branch have a 'case' expression");
    if (then === undefined)
      throw locationError(40065, "$switch requires each branch have a 'then' expression.");
    return { condition: compiler.compile(condition), result: compiler.compile(then) };
  });
  if (compiled.length === 0) throw locationError(40068, "$switch requires at least one branch.");
  const last = fields.get("default");
  const otherwise = last === undefined ? undefined : compiler.compile(last);
  return (scope) => {
    const found = compiled.find(({ condition }) => isTruthy(condition(scope)));
    if (found !== undefined) return found.result(scope);
    if (otherwise !== undefined) return otherwise(scope);
    throw new MongoError(
      40066,
      "Location40066",
      "$switch could not find a matching branch for an input, and no default was specified.",
    );
  };
};

/** Comparisons, and what decides by them. */
export const comparisonOperators: Readonly<Record<string, OperatorCompiler>> = {
  $eq: ordered((order) => order === 0),
  $ne: ordered((order) => order !== 0),
  $gt: ordered((order) => order > 0),
  $gte: ordered((order) => order >= 0),
  $lt: ordered((order) => order < 0),
  $lte: ordered((order) => order <= 0),
  $cmp: positional(2, 2, ([left, right]) => new Int32(Math.sign(compareValues(left, right)))),
  $and: and,
  $or: or,
  $not: positional(1, 1, ([value]) => !isTruthy(value)),
  $cond: cond,
  $ifNull: ifNull,
  $switch: switchOperator,
};
