import { isDoc } from "../bson/types.ts";
import { typeName } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import type { Compiler, Expression, OperatorCompiler } from "./scope.ts";

/** An error that MongoDB numbers without naming: its name is "Location" and the number. */
export function locationError(code: number, message: string): MongoError {
  return new MongoError(code, `Location${code}`, message);
}

/** The type of an expression's value for a message; "missing" where there is none. */
export function typeOf(value: Value | undefined): string {
  return value === undefined ? "missing" : typeName(value);
}

type Apply = (values: (Value | undefined)[], compiler: Compiler) => Value | undefined;

/** The arguments of an operator as expressions: those of an array, or one alone. */
export function argumentList(operand: Value, compiler: Compiler): Expression[] {
  return (Array.isArray(operand) ? operand : [operand]).map((one) => compiler.compile(one));
}

/** An operator that takes from `least` to `most` arguments by position, all of them evaluated. */
export function positional(least: number, most: number, apply: Apply): OperatorCompiler {
  return (operand, compiler, name) => {
    const list = argumentList(operand, compiler);
    const count = list.length;
    if (count < least || count > most) {
      if (least === most) {
        const noun = least === 1 ? "argument" : "arguments";
        throw locationError(
          16020,
          `Expression ${name} takes exactly ${least} ${noun}. ${count} were passed in.`,
        );
      }
      const bounds =
        most === Infinity ? `at least ${least}` : `at least ${least} arguments, and at most ${most}`;
      throw locationError(
        28667,
        `Expression ${name} takes ${bounds} arguments, but ${count} were passed in.`,
      );
    }
    return (scope) =>
      apply(
        list.map((one) => one(scope)),
        compiler,
      );
  };
}

/** An operator of one argument. */
export function unary(apply: (value: Value | undefined) => Value | undefined): OperatorCompiler {
  return positional(1, 1, ([value]) => apply(value));
}

/** The fields of an operator's argument object, checked: none but those named, and the required ones there. */
export function namedFields(
  operand: Value,
  name: string,
  required: readonly string[],
  optional: readonly string[] = [],
): ReadonlyMap<string, Value> {
  if (!isDoc(operand)) {
    throw new MongoError(
      9,
      "FailedToParse",
      `${name} requires an object as an argument, found: ${typeName(operand)}`,
    );
  }
  for (const field of operand.keys()) {
    if (!required.includes(field) && !optional.includes(field)) {
      throw new MongoError(9, "FailedToParse", `Unrecognized argument to ${name}: ${field}`);
    }
  }
  for (const field of required) {
    if (!operand.has(field))
      throw new MongoError(9, "FailedToParse", `Missing '${field}' parameter to ${name}`);
  }
  return operand;
}

/** An operator with named arguments, all of them evaluated. */
export function named<Name extends string>(
  required: readonly Name[],
  optional: readonly Name[],
  apply: (values: Partial<Record<Name, Value | undefined>>, given: ReadonlySet<string>) => Value | undefined,
): OperatorCompiler {
  return (operand, compiler, name) => {
    const fields = namedFields(operand, name, required, optional);
    const given = new Set(fields.keys());
    const compiled = [...required, ...optional].flatMap((field) => {
      const value = fields.get(field);
      return value === undefined ? [] : [{ field, evaluate: compiler.compile(value) }];
    });
    return (scope) => {
      const values: Partial<Record<Name, Value | undefined>> = {};
      for (const { field, evaluate } of compiled) values[field] = evaluate(scope);
      return apply(values, given);
    };
  };
}
