import { toIndex } from "../../bson/numbers.ts";
import { isDoc, isNullish, isNumber } from "../../bson/types.ts";
import type { Doc, Value } from "../../bson/value.ts";
import { MongoError } from "../../error.ts";
import { locationError, namedFields, typeOf } from "../arguments.ts";
import { bind, isTruthy } from "../scope.ts";
import type { Compiler, Expression, OperatorCompiler } from "../scope.ts";

/** The name that `as` gives, "this" without one. */
function boundName(fields: ReadonlyMap<string, Value>): string {
  const name = fields.get("as");
  if (name === undefined) return "this";
  if (typeof name !== "string") throw new MongoError(9, "FailedToParse", "'as' must be a string");
  return checkedName(name);
}

function checkedName(name: string): string {
  if (name === "") throw new MongoError(9, "FailedToParse", "empty variable names are not allowed");
  if (!/^[a-z\u0080-\u{10FFFF}]/u.test(name)) {
    throw new MongoError(
      9,
      "FailedToParse",
      `'${name}' starts with an invalid character for a user variable name`,
    );
  }
  if (!/^[A-Za-z0-9_\u0080-\u{10FFFF}]*$/u.test(name)) {
    throw new MongoError(9, "FailedToParse", `'${name}' contains an invalid character for a variable name`);
  }
  return name;
}

const part = (fields: ReadonlyMap<string, Value>, name: string, compiler: Compiler): Expression =>
  compiler.compile(fields.get(name) ?? null);

const filter: OperatorCompiler = (operand, compiler, operator) => {
  const fields = namedFields(operand, operator, ["input", "cond"], ["as", "limit"]);
  const name = boundName(fields);
  const input = part(fields, "input", compiler);
  const condition = part(fields, "cond", compiler.binding(name));
  const limit = fields.has("limit") ? part(fields, "limit", compiler) : undefined;
  return (scope) => {
    const items = input(scope);
    if (isNullish(items)) return null;
    if (!Array.isArray(items))
      throw locationError(28651, `input to $filter must be an array not ${typeOf(items)}`);
    const most = filterLimit(limit?.(scope));
    const result: Value[] = [];
    for (const item of items) {
      if (result.length >= most) break;
      if (isTruthy(condition(bind(scope, name, item)))) result.push(item);
    }
    return result;
  };
};

function filterLimit(value: Value | undefined): number {
  if (isNullish(value)) return Infinity;
  const limit = isNumber(value) ? toIndex(value) : undefined;
  if (limit === undefined) {
    throw locationError(
      327391,
      `$filter: limit must be represented as a 32-bit integral value: ${typeOf(value)}`,
    );
  }
  if (limit < 1) throw locationError(327392, `$filter: limit must be greater than 0: ${limit}`);
  return limit;
}

const map: OperatorCompiler = (operand, compiler, operator) => {
  const fields = namedFields(operand, operator, ["input", "in"], ["as"]);
  const name = boundName(fields);
  const input = part(fields, "input", compiler);
  const each = part(fields, "in", compiler.binding(name));
  return (scope) => {
    const items = input(scope);
    if (isNullish(items)) return null;
    if (!Array.isArray(items))
      throw locationError(16883, `input to $map must be an array not ${typeOf(items)}`);
    return items.map((item) => each(bind(scope, name, item)) ?? null);
  };
};

const reduce: OperatorCompiler = (operand, compiler, operator) => {
  const fields = namedFields(operand, operator, ["input", "initialValue", "in"]);
  const input = part(fields, "input", compiler);
  const initial = part(fields, "initialValue", compiler);
  const each = part(fields, "in", compiler.binding("this", "value"));
  return (scope) => {
    const items = input(scope);
    if (isNullish(items)) return null;
    if (!Array.isArray(items)) {
      throw locationError(40080, `$reduce requires that 'input' be an array, found: ${typeOf(items)}`);
    }
    let value = initial(scope);
    for (const item of items) value = each(bind(bind(scope, "this", item), "value", value));
    return value;
  };
};

const letOperator: OperatorCompiler = (operand, compiler, operator) => {
  const fields = namedFields(operand, operator, ["vars", "in"]);
  const variables = compileVariables(fields.get("vars") ?? null, compiler, operator);
  const inner = part(fields, "in", compiler.binding(...variables.map(([name]) => name)));
  return (scope) => {
    let bound = scope;
    // All of them are evaluated in the scope outside: one does not see another.
    for (const [name, evaluate] of variables) bound = bind(bound, name, evaluate(scope));
    return inner(bound);
  };
};

/** The variables that a `let` defines, compiled. */
function compileVariables(variables: Value, compiler: Compiler, operator: string): [string, Expression][] {
  if (!isDoc(variables)) {
    throw new MongoError(9, "FailedToParse", `invalid parameter: expected an object (vars) in ${operator}`);
  }
  return [...(variables satisfies Doc)].map(([name, value]) => [checkedName(name), compiler.compile(value)]);
}

/** What evaluates an expression for each element of an array, or binds variables. */
export const iterationOperators: Readonly<Record<string, OperatorCompiler>> = {
  $filter: filter,
  $map: map,
  $reduce: reduce,
  $let: letOperator,
};
