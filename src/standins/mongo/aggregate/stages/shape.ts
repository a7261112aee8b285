import { isDoc } from "../../bson/types.ts";
import type { Doc, Value } from "../../bson/value.ts";
import { MongoError } from "../../error.ts";
import { compileFilter } from "../../query/filter.ts";
import { locationError, typeOf } from "../arguments.ts";
import { compileExpression } from "../expressions.ts";
import { compileAddFields, compileProjectionSpec, compileRemoval } from "../projectionSpec.ts";
import type { Environment } from "../scope.ts";
import { eachDoc } from "../stage.ts";
import type { StageCompiler } from "../stage.ts";

type Change = (doc: Doc) => Doc;
type ChangeCompiler = (operand: Value, environment: Environment) => Change;

const project: ChangeCompiler = (operand, environment) => {
  if (!isDoc(operand)) throw locationError(15969, "$project specification must be an object");
  if (operand.size === 0) {
    throw locationError(
      51272,
      "Invalid $project :: caused by :: projection specification must have at least one field",
    );
  }
  return compileProjectionSpec(operand, environment);
};

const addFields =
  (name: string): ChangeCompiler =>
  (operand, environment) => {
    if (!isDoc(operand)) {
      throw locationError(40272, `${name} specification stage must be an object, got ${typeOf(operand)}`);
    }
    return compileAddFields(operand, environment);
  };

const unset: ChangeCompiler = (operand) => {
  const paths = Array.isArray(operand) ? operand : [operand];
  if (paths.length === 0) {
    throw locationError(31119, "$unset specification must be a string or an array with at least one field");
  }
  return compileRemoval(
    paths.map((path) => {
      if (typeof path === "string") return path;
      throw locationError(
        31120,
        "$unset specification must be a string or an array containing only string values",
      );
    }),
  );
};

function newRoot(name: string, expression: Value, environment: Environment): Change {
  const evaluate = compileExpression(expression, environment);
  return (doc) => {
    const value = evaluate({ root: doc, bindings: undefined });
    if (isDoc(value)) return value;
    const what = name === "$replaceRoot" ? "'newRoot' expression" : "'replacement document'";
    throw locationError(
      40228,
      `${what} must evaluate to an object, but resulting value was of type '${typeOf(value)}'.`,
    );
  };
}

const replaceRoot: ChangeCompiler = (operand, environment) => {
  if (!isDoc(operand)) {
    throw locationError(
      40229,
      `expected an object as specification for $replaceRoot stage, got ${typeOf(operand)}`,
    );
  }
  for (const field of operand.keys()) {
    if (field !== "newRoot")
      throw locationError(40415, `BSON field '$replaceRoot.${field}' is an unknown field.`);
  }
  const expression = operand.get("newRoot");
  if (expression === undefined) {
    throw locationError(40414, "BSON field '$replaceRoot.newRoot' is missing but a required field");
  }
  return newRoot("$replaceRoot", expression, environment);
};

const changes = new Map<string, ChangeCompiler>([
  ["$project", project],
  ["$addFields", addFields("$addFields")],
  ["$set", addFields("$set")],
  ["$unset", unset],
  ["$replaceRoot", replaceRoot],
  ["$replaceWith", (operand, environment) => newRoot("$replaceWith", operand, environment)],
]);

/**
 * Compiles a stage that makes one document of one, for pipelines as well as for updates by pipeline. Undefined where
 * there is no such stage of that name.
 */
export function compileChange(name: string, operand: Value, environment: Environment): Change | undefined {
  return changes.get(name)?.(operand, environment);
}

const changeStages: Readonly<Record<string, StageCompiler>> = Object.fromEntries(
  Array.from(changes, ([name, compile]): [string, StageCompiler] => [
    name,
    (operand, { environment }) => eachDoc(compile(operand, environment)),
  ]),
);

const match: StageCompiler = (operand, { environment }) => {
  if (!isDoc(operand)) throw locationError(15959, "the match filter must be an expression in an object");
  const matches = compileFilter(operand, environment);
  return function* (source) {
    for (const doc of source) if (matches(doc)) yield doc;
  };
};

/** What takes documents one by one: changes them, or leaves some away. */
export const shapeStages: Readonly<Record<string, StageCompiler>> = { $match: match, ...changeStages };

/** Refuses a stage in an update by pipeline, where only changes of the one document make sense. */
export function refuseInUpdate(name: string): MongoError {
  return new MongoError(72, "InvalidOptions", `${name} is not allowed to be used within an update`);
}
