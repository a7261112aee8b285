import { isZero } from "../bson/arithmetic.ts";
import { isNumber } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";

/** What all expressions of one command share. */
export interface Environment {
  /** `$$NOW`. */
  readonly now: Date;
  /** Variables from outside: the command's or the surrounding `$lookup`'s `let`. `undefined` stands for missing. */
  readonly variables: ReadonlyMap<string, Value | undefined>;
}

/** A variable that `$let`, `$map`, `$filter` or `$reduce` has bound, and those outside of it. */
interface Binding {
  readonly name: string;
  readonly value: Value | undefined;
  readonly outer: Binding | undefined;
}

/** What an expression is evaluated against. */
export interface Scope {
  readonly root: Doc;
  readonly bindings: Binding | undefined;
}

/** A compiled expression; it gives `undefined` for "missing". */
export type Expression = (scope: Scope) => Value | undefined;

/** What the compilation of an expression needs: the environment, the names bound around it, and itself. */
export interface Compiler {
  readonly environment: Environment;
  compile(expression: Value): Expression;
  /** The compiler for an expression within which further variables are bound. */
  binding(...names: string[]): Compiler;
}

/** Compiles the use of one operator. */
export type OperatorCompiler = (operand: Value, compiler: Compiler, name: string) => Expression;

/** The scope with one more variable bound. */
export function bind(scope: Scope, name: string, value: Value | undefined): Scope {
  return { root: scope.root, bindings: { name, value, outer: scope.bindings } };
}

/** What counts as true in an expression: all but false, zero, null and missing. Strings are true, empty ones too. */
export function isTruthy(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false) return false;
  return !isNumber(value) || !isZero(value);
}
