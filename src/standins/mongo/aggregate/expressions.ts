import { isDoc } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { locationError } from "./arguments.ts";
import { fieldNames, readPath } from "./fieldPath.ts";
import { arithmeticOperators } from "./operators/arithmetic.ts";
import { arrayOperators } from "./operators/arrays.ts";
import { comparisonOperators } from "./operators/comparisons.ts";
import { conversionOperators } from "./operators/conversions.ts";
import { dateOperators } from "./operators/dates.ts";
import { iterationOperators } from "./operators/iteration.ts";
import { objectOperators } from "./operators/objects.ts";
import { regexOperators } from "./operators/regexes.ts";
import { roundingOperators } from "./operators/rounding.ts";
import { setOperators } from "./operators/sets.ts";
import { stringOperators } from "./operators/strings.ts";
import { summaryOperators } from "./operators/summaries.ts";
import type { Compiler, Environment, Expression, OperatorCompiler } from "./scope.ts";

const literal: OperatorCompiler = (operand) => () => operand;

const operators: ReadonlyMap<string, OperatorCompiler> = new Map(
  Object.entries({
    $literal: literal,
    $const: literal,
    ...arithmeticOperators,
    ...arrayOperators,
    ...comparisonOperators,
    ...conversionOperators,
    ...dateOperators,
    ...iterationOperators,
    ...objectOperators,
    ...regexOperators,
    ...roundingOperators,
    ...setOperators,
    ...stringOperators,
    ...summaryOperators,
  }),
);

/** Operators that MongoDB has and this server has not. */
const refused = new Set(
  `$accumulator $acos $acosh $asin $asinh $atan $atan2 $atanh $binarySize $bitAnd $bitNot $bitOr $bitXor $bsonSize $cos
  $cosh $dateFromParts $degreesToRadians $exp $function $indexOfBytes $ln $log $log10 $median $meta $percentile
  $radiansToDegrees $rand $sampleRate $sin $sinh $stdDevPop $stdDevSamp $tan $tanh $toHashedIndexKey $toUUID $tsIncrement
  $tsSecond`.split(/\s+/),
);

/**
 * Compiles an expression of the aggregation language. What it gives is `undefined` where MongoDB says "missing".
 * Throws what MongoDB throws for an operator, a variable or arguments that it does not know.
 */
export function compileExpression(expression: Value, environment: Environment): Expression {
  return compilerFor(environment, new Set(environment.variables.keys())).compile(expression);
}

function compilerFor(environment: Environment, names: ReadonlySet<string>): Compiler {
  const compiler: Compiler = {
    environment,
    compile: (expression) => compileValue(expression, compiler, names),
    binding: (...more) => compilerFor(environment, new Set([...names, ...more])),
  };
  return compiler;
}

function compileValue(expression: Value, compiler: Compiler, names: ReadonlySet<string>): Expression {
  if (typeof expression === "string") {
    if (expression.startsWith("$$")) return variable(expression.slice(2), compiler.environment, names);
    if (expression.startsWith("$")) return fieldPath(expression.slice(1));
    return () => expression;
  }
  if (Array.isArray(expression)) return arrayLiteral(expression.map((item) => compiler.compile(item)));
  if (isDoc(expression)) return compileObject(expression, compiler);
  return () => expression;
}

function arrayLiteral(items: readonly Expression[]): Expression {
  return (scope) => items.map((item) => item(scope) ?? null);
}

function fieldPath(path: string): Expression {
  if (path === "") throw locationError(16872, "'$' by itself is not a valid FieldPath");
  const names = fieldNames(path);
  const [only] = names;
  if (only !== undefined && names.length === 1) return (scope) => scope.root.get(only);
  return (scope) => readPath(scope.root, names);
}

function variable(text: string, environment: Environment, known: ReadonlySet<string>): Expression {
  if (text === "") throw locationError(16869, "empty variable names are not allowed");
  const names = fieldNames(text);
  const name = names[0] ?? "";
  switch (name) {
    case "ROOT":
    case "CURRENT":
      return (scope) => readPath(scope.root, names, 1);
    case "NOW": {
      const { now } = environment;
      return () => readPath(now, names, 1);
    }
    case "REMOVE":
      return () => undefined;
    default:
  }
  if (!known.has(name)) throw locationError(17276, `Use of undefined variable: ${name}`);
  const outside = environment.variables.get(name);
  return (scope) => {
    for (let binding = scope.bindings; binding !== undefined; binding = binding.outer) {
      if (binding.name === name) return readPath(binding.value, names, 1);
    }
    return readPath(outside, names, 1);
  };
}

function compileObject(expression: Doc, compiler: Compiler): Expression {
  const first = expression.keys().next().value;
  if (first !== undefined && first.startsWith("$")) {
    if (expression.size !== 1) {
      throw locationError(
        15983,
        `an object representing an expression must have exactly one field, found: ${[...expression.keys()].join(", ")}`,
      );
    }
    return compileOperator(first, expression.get(first) ?? null, compiler);
  }
  const fields: [string, Expression][] = [];
  for (const [name, value] of expression) {
    if (name.startsWith("$") || name.includes(".") || name === "") checkObjectField(name);
    fields.push([name, compiler.compile(value)]);
  }
  return (scope) => {
    const result: Doc = new Map();
    for (const [name, evaluate] of fields) {
      const value = evaluate(scope);
      if (value !== undefined) result.set(name, value);
    }
    return result;
  };
}

function checkObjectField(name: string): void {
  if (name === "") throw locationError(15998, "FieldPath field names may not be empty strings.");
  if (name.startsWith("$"))
    throw locationError(16410, `FieldPath field names may not start with '$': ${name}`);
  throw locationError(
    16412,
    `FieldPath field names may not contain '.'. Consider using $getField or $setField: ${name}`,
  );
}

function compileOperator(name: string, operand: Value, compiler: Compiler): Expression {
  const operator = operators.get(name);
  if (operator === undefined) {
    if (refused.has(name)) {
      throw new MongoError(115, "CommandNotSupported", `The expression operator ${name} is not supported`);
    }
    throw new MongoError(168, "InvalidPipelineOperator", `Unrecognized expression '${name}'`);
  }
  return operator(operand, compiler, name);
}
