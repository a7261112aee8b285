import { BSONRegExp } from "bson";
import { compileExpression } from "../aggregate/expressions.ts";
import { isTruthy } from "../aggregate/scope.ts";
import type { Environment } from "../aggregate/scope.ts";
import { isDoc } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { rangeConstraint } from "./bounds.ts";
import type { FieldConstraint } from "./bounds.ts";
import { isOperators, pathTest } from "./operators.ts";

type DocTest = (doc: Doc) => boolean;

const badValue = (message: string): MongoError => new MongoError(2, "BadValue", message);

/** Top-level operators that MongoDB has and this server has not. */
const refused = new Set(["$where", "$text", "$jsonSchema", "$sampleRate"]);

/**
 * Compiles a filter to a test of documents. `environment` gives `$expr` its `$$NOW` and the variables of the command's
 * `let`. Throws MongoError 2 (BadValue) with MongoDB's own message for what is no valid filter.
 */
export function compileFilter(filter: Doc, environment?: Environment): (doc: Doc) => boolean {
  const last = compiled.get(filter);
  if (last !== undefined && last.environment === environment) return last.test;
  const test = compile(filter, environment);
  compiled.set(filter, { environment, test });
  return test;
}

/** A command checks its filter before it searches: what was compiled then is used again. Filters are never changed. */
const compiled = new WeakMap<Doc, { environment: Environment | undefined; test: DocTest }>();

function compile(filter: Doc, environment: Environment | undefined): DocTest {
  const known = environment ?? { now: new Date(), variables: new Map() };
  const inner = (part: Doc): DocTest => compile(part, known);
  const tests: DocTest[] = [];
  for (const [name, value] of filter) {
    const test = name.startsWith("$") ? topLevel(name, value, inner, known) : pathTest(name, value, inner);
    if (test !== undefined) tests.push(test);
  }
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  return (doc) => tests.every((test) => test(doc));
}

function topLevel(
  name: string,
  value: Value,
  compile: (filter: Doc) => DocTest,
  environment: Environment,
): DocTest | undefined {
  switch (name) {
    case "$and": {
      const tests = branches(name, value).map(compile);
      return (doc) => tests.every((test) => test(doc));
    }
    case "$or": {
      const tests = branches(name, value).map(compile);
      return (doc) => tests.some((test) => test(doc));
    }
    case "$nor": {
      const tests = branches(name, value).map(compile);
      return (doc) => !tests.some((test) => test(doc));
    }
    case "$expr": {
      const evaluate = compileExpression(value, environment);
      return (doc) => isTruthy(evaluate({ root: doc, bindings: undefined }));
    }
    case "$comment":
      return undefined;
    case "$alwaysTrue":
    case "$alwaysFalse":
      return () => name === "$alwaysTrue";
    default:
  }
  if (refused.has(name)) {
    throw new MongoError(115, "CommandNotSupported", `The query operator ${name} is not supported`);
  }
  throw badValue(
    `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
  );
}

function branches(name: string, value: Value): Doc[] {
  if (!Array.isArray(value)) throw badValue(`${name} must be an array`);
  if (value.length === 0) throw badValue("$and/$or/$nor must be a nonempty array");
  return value.map((branch) => {
    if (!isDoc(branch)) throw badValue("$or/$and/$nor entries need to be full objects");
    return branch;
  });
}

/**
 * What a filter says of the values that indexes hold: for each condition that an index can serve, one constraint that
 * every matching document fulfils (see `FieldConstraint`). Documents that fulfil all of them need not match: the filter
 * is to be applied to what the index finds.
 *
 * Looked at are the filter's own fields and those under `$and`: equality, `$in` without regular expressions, and the
 * comparisons. A constraint is given only where it is sound: not for arrays (which are equal as a whole), nor for
 * MinKey and MaxKey (which compare with every type). Null stands for missing as well, as it does in an index.
 */
export function analyseFilter(filter: Doc): FieldConstraint[] {
  const found: FieldConstraint[] = [];
  for (const [name, value] of filter) {
    if (name === "$and") {
      for (const branch of Array.isArray(value) ? value : [])
        if (isDoc(branch)) found.push(...analyseFilter(branch));
    } else if (!name.startsWith("$")) found.push(...analyseField(name, value));
  }
  return found;
}

function analyseField(path: string, value: Value): FieldConstraint[] {
  if (!isOperators(value)) return equality(path, [value]);
  return Array.from(value).flatMap(([operator, operand]) => {
    switch (operator) {
      case "$eq":
        // Unlike a plain `{field: /x/}` this is equality, but one that the plain form is not: left to the filter.
        return equality(path, [operand]);
      case "$in":
        return Array.isArray(operand) ? equality(path, operand) : [];
      case "$gt":
      case "$gte":
      case "$lt":
      case "$lte": {
        const constraint = rangeConstraint(path, operator, operand);
        return constraint === undefined ? [] : [constraint];
      }
      default:
        return [];
    }
  });
}

function equality(path: string, values: readonly Value[]): FieldConstraint[] {
  const servable = values.every((value) => !Array.isArray(value) && !(value instanceof BSONRegExp));
  return servable ? [{ path, equals: values }] : [];
}
