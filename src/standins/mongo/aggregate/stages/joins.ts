import { BSONRegExp } from "bson";
import { somePathValue, parsePath } from "../../bson/paths.ts";
import type { Path } from "../../bson/paths.ts";
import { isDoc } from "../../bson/types.ts";
import type { Doc, Value } from "../../bson/value.ts";
import { MongoError } from "../../error.ts";
import { compileFilter } from "../../query/filter.ts";
import { locationError, typeOf } from "../arguments.ts";
import { compileExpression } from "../expressions.ts";
import { fieldNames } from "../fieldPath.ts";
import type { Environment } from "../scope.ts";
import type { StageCompiler, StageContext } from "../stage.ts";
import { indexHint } from "./hints.ts";
import { withField } from "./unwind.ts";

const failed = (message: string): MongoError => new MongoError(9, "FailedToParse", message);

function textField(spec: Doc, stage: string, name: string): string | undefined {
  const value = spec.get(name);
  if (value === undefined || typeof value === "string") return value;
  if (isDoc(value) && name === "from") {
    throw new MongoError(115, "CommandNotSupported", `${stage} from another database is not supported`);
  }
  throw failed(`${stage} argument '${name}' must be a string, found ${typeOf(value)}`);
}

/** The values that a document is joined by: each element of an array; null where there is none. */
function localValues(doc: Doc, path: Path): Value[] {
  const values: Value[] = [];
  somePathValue(doc, path, "array", (value) => {
    if (Array.isArray(value)) values.push(...value);
    else if (value !== undefined) values.push(value);
    return false;
  });
  return values.length === 0 ? [null] : values;
}

/** The filter that finds the documents to be joined. `$in` would match by regular expressions, `$eq` does not. */
function joinFilter(field: string, values: readonly Value[]): Doc {
  const equals = (value: Value): Doc => new Map([[field, new Map([["$eq", value]])]]);
  const [only] = values;
  if (values.length === 1 && only !== undefined) return equals(only);
  if (!values.some((value) => value instanceof BSONRegExp || isDoc(value))) {
    return new Map([[field, new Map<string, Value>([["$in", [...values]]])]]);
  }
  return new Map([["$or", values.map(equals)]]);
}

interface LetVariables {
  evaluate(doc: Doc): Map<string, Value | undefined>;
}

function letVariables(spec: Value | undefined, environment: Environment): LetVariables {
  if (spec !== undefined && !isDoc(spec))
    throw failed(`$lookup argument 'let: ${typeOf(spec)}' must be an object`);
  const compiled = Array.from(spec ?? new Map<string, Value>(), ([name, value]) => {
    if (!/^[a-z\u0080-\u{10FFFF}][A-Za-z0-9_\u0080-\u{10FFFF}]*$/u.test(name)) {
      throw failed(`'${name}' is not a valid name of a user variable`);
    }
    return { name, value: compileExpression(value, environment) };
  });
  return {
    evaluate: (doc) => {
      const variables = new Map(environment.variables);
      for (const { name, value } of compiled) variables.set(name, value({ root: doc, bindings: undefined }));
      return variables;
    },
  };
}

interface LookupSpec {
  readonly from: string;
  readonly as: readonly string[];
  readonly local: Path | undefined;
  readonly foreign: string | undefined;
  readonly pipeline: readonly Value[] | undefined;
}

function readLookup(operand: Value): LookupSpec {
  if (!isDoc(operand))
    throw failed(`the $lookup stage specification must be an object, but found ${typeOf(operand)}`);
  for (const field of operand.keys()) {
    if (!["from", "as", "localField", "foreignField", "let", "pipeline"].includes(field)) {
      throw failed(`unknown argument to $lookup: ${field}`);
    }
  }
  const from = textField(operand, "$lookup", "from");
  const as = textField(operand, "$lookup", "as");
  if (as === undefined) throw failed("must specify 'as' field for a $lookup");
  if (from === undefined) throw failed("must specify 'pipeline' when 'from' is empty");
  const local = textField(operand, "$lookup", "localField");
  const foreign = textField(operand, "$lookup", "foreignField");
  const pipeline = operand.get("pipeline");
  if (pipeline !== undefined && !Array.isArray(pipeline)) {
    throw new MongoError(14, "TypeMismatch", "'pipeline' option must be specified as an array");
  }
  if ((local === undefined) !== (foreign === undefined) || (pipeline === undefined && local === undefined)) {
    throw failed(
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  }
  return {
    from,
    as: fieldNames(as),
    local: local === undefined ? undefined : parsePath(local),
    foreign,
    pipeline,
  };
}

const lookup: StageCompiler = (operand, context) => {
  const spec = readLookup(operand);
  const variables = letVariables(isDoc(operand) ? operand.get("let") : undefined, context.environment);
  // Compiled once beforehand, so that an invalid pipeline is refused even where no document comes.
  if (spec.pipeline !== undefined) context.pipeline(spec.pipeline, variables.evaluate(new Map()));
  return function* (source) {
    for (const doc of source) yield withField(doc, spec.as, joined(doc, spec, variables, context));
  };
};

function joined(doc: Doc, spec: LookupSpec, variables: LetVariables, context: StageContext): Value[] {
  const { local, foreign, pipeline } = spec;
  if (pipeline === undefined && local !== undefined && foreign !== undefined) {
    return [...matching(spec.from, joinFilter(foreign, localValues(doc, local)), context)];
  }
  const known = variables.evaluate(doc);
  const specs = pipeline ?? [];
  const candidates =
    local === undefined || foreign === undefined
      ? context.collection(spec.from, indexHint(specs, known))
      : matching(spec.from, joinFilter(foreign, localValues(doc, local)), context);
  return [...context.pipeline(specs, known)(candidates)];
}

function* matching(from: string, filter: Doc, context: StageContext): Iterable<Doc> {
  const matches = compileFilter(filter, context.environment);
  for (const candidate of context.collection(from, filter)) if (matches(candidate)) yield candidate;
}

const unionWith: StageCompiler = (operand, context) => {
  const spec: Doc = isDoc(operand) ? operand : new Map([["coll", operand]]);
  for (const field of spec.keys()) {
    if (field !== "coll" && field !== "pipeline") {
      throw locationError(40415, `BSON field '$unionWith.${field}' is an unknown field.`);
    }
  }
  const from = textField(spec, "$unionWith", "coll");
  if (from === undefined) throw failed("$unionWith needs a collection");
  const pipeline = spec.get("pipeline") ?? [];
  if (!Array.isArray(pipeline))
    throw new MongoError(14, "TypeMismatch", "'pipeline' option must be specified as an array");
  const inner = context.pipeline(pipeline);
  return function* (source) {
    yield* source;
    yield* inner(context.collection(from));
  };
};

const facet: StageCompiler = (operand, context) => {
  if (!isDoc(operand) || operand.size === 0) {
    throw locationError(40169, "the $facet specification must be a non-empty object");
  }
  const facets = Array.from(operand, ([name, specs]) => {
    if (!Array.isArray(specs))
      throw locationError(40170, `arguments to $facet must be arrays, ${name} is type ${typeOf(specs)}`);
    if (specs.some((spec) => isDoc(spec) && spec.has("$facet"))) {
      throw locationError(40600, "$facet is not allowed to be used within a $facet stage");
    }
    return { name, run: context.pipeline(specs) };
  });
  return function* (source) {
    const docs = [...source];
    yield new Map(facets.map(({ name, run }): [string, Value] => [name, [...run(docs)]]));
  };
};

/** What brings in other collections, or runs several pipelines side by side. */
export const joinStages: Readonly<Record<string, StageCompiler>> = {
  $lookup: lookup,
  $unionWith: unionWith,
  $facet: facet,
};
