import { Environment, type ASTNode, type ParseResult } from "@marcbachmann/cel-js";

import type { Json } from "./model.ts";

/** What an expression sees: `event` is the run's own event, `async` the one that came later. */
export interface ExpressionInput {
  event: Json;
  async?: Json;
}

const environment = new Environment({ homogeneousAggregateLiterals: false })
  .registerVariable("event", "dyn")
  .registerVariable("async", "dyn");

type Path = [root: string, ...keys: string[]];

interface Compiled {
  evaluate: ParseResult;
  /** Paths whose absence reads as null, as the real service has it. */
  paths: Path[];
}

const cache = new Map<string, Compiled>();

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}

function pathOf(node: ASTNode): Path | undefined {
  if (node.op === "id") return [node.args];
  if (node.op !== ".") return undefined;
  const base = pathOf(node.args[0]);
  return base && [...base, node.args[1]];
}

/** Collects the paths that an expression reads, and those that it asks `has()` of. */
function collect(value: unknown, read: Path[], asked: Set<string>): void {
  if (Array.isArray(value)) {
    for (const part of value) collect(part, read, asked);
    return;
  }
  if (!isNode(value)) return;
  const path = pathOf(value);
  if (path) {
    if (path.length > 1) read.push(path);
    return;
  }
  if (value.op === "call" && value.args[0] === "has") {
    for (const argument of value.args[1]) {
      const target = pathOf(argument);
      if (target) asked.add(target.join("."));
    }
    return;
  }
  collect(value.args, read, asked);
}

function compile(expression: string): Compiled {
  let compiled = cache.get(expression);
  if (!compiled) {
    const evaluate = environment.parse(expression);
    const check = evaluate.check();
    if (!check.valid) throw check.error ?? new Error("invalid expression");
    const read: Path[] = [];
    const asked = new Set<string>();
    collect(evaluate.ast, read, asked);
    const isAsked = (path: Path) => path.some((_, end) => asked.has(path.slice(0, end + 1).join(".")));
    compiled = { evaluate, paths: read.filter((path) => !isAsked(path)) };
    cache.set(expression, compiled);
  }
  return compiled;
}

/** The value with nulls where a path leads to nothing; the original is left as it is. */
function withNulls(value: Json | undefined, keys: string[]): Json {
  const [key, ...rest] = keys;
  if (key === undefined) return value ?? null;
  if (value !== undefined && value !== null && (typeof value !== "object" || Array.isArray(value)))
    return value;
  const own = value ?? {};
  const present = Object.hasOwn(own, key) ? own[key] : undefined;
  if (present !== undefined && rest.length === 0) return own;
  return { ...own, [key]: withNulls(present, rest) };
}

function evaluate(expression: string, input: ExpressionInput): unknown {
  const compiled = compile(expression);
  const context: Record<string, Json> = { event: input.event, async: input.async ?? null };
  for (const [root, ...keys] of compiled.paths) {
    if (Object.hasOwn(context, root)) context[root] = withNulls(context[root], keys);
  }
  return compiled.evaluate(context);
}

/** Why an expression cannot be used, in one line; undefined when it can. */
export function expressionProblem(expression: string): string | undefined {
  try {
    compile(expression);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? "invalid") : String(error);
  }
}

/** Whether an expression holds. One that cannot be evaluated on this input (other types) does not. */
export function holds(expression: string, input: ExpressionInput): boolean {
  try {
    return evaluate(expression, input) === true;
  } catch {
    return false;
  }
}

/** The value of a key expression as text; one that cannot be evaluated counts as the empty key. */
export function keyOf(expression: string, input: ExpressionInput): string {
  try {
    const value = evaluate(expression, input);
    if (typeof value === "string") return value;
    return (
      JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? Number(part) : part)) ?? ""
    );
  } catch {
    return "";
  }
}

/** The value of a number expression; 0 when it has none. */
export function numberOf(expression: string, input: ExpressionInput): number {
  try {
    const value = Number(evaluate(expression, input));
    return Number.isFinite(value) ? value : 0;
  } catch {
    return 0;
  }
}
