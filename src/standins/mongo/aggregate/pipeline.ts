import { isDoc } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { locationError } from "./arguments.ts";
import type { Environment } from "./scope.ts";
import type { Stage, StageCompiler, StageContext } from "./stage.ts";
import { groupStages } from "./stages/group.ts";
import { joinStages } from "./stages/joins.ts";
import { orderStages } from "./stages/order.ts";
import { shapeStages } from "./stages/shape.ts";
import { unwindStages } from "./stages/unwind.ts";

/** What a pipeline may reach besides its documents. */
export interface PipelineContext {
  readonly now: Date;
  /**
   * The documents of another collection of the same database; an unknown one is empty. `hint` is a filter that the
   * documents asked for fulfil: whoever can find those by an index may leave the others away, but need not.
   */
  collection(name: string, hint?: Doc): Iterable<Doc>;
  /** Variables that the command's `let` gives, already evaluated. */
  readonly variables?: Doc;
}

const stages: ReadonlyMap<string, StageCompiler> = new Map(
  Object.entries({ ...groupStages, ...joinStages, ...orderStages, ...shapeStages, ...unwindStages }),
);

/** Stages that MongoDB has and this server has not. */
const refused = new Set([
  "$bucketAuto",
  "$changeStream",
  "$collStats",
  "$currentOp",
  "$densify",
  "$documents",
  "$fill",
  "$geoNear",
  "$graphLookup",
  "$indexStats",
  "$listSessions",
  "$merge",
  "$out",
  "$planCacheStats",
  "$redact",
  "$search",
  "$searchMeta",
  "$setWindowFields",
  "$vectorSearch",
]);

function compileStage(spec: Doc, context: StageContext): Stage {
  const [[name, operand] = ["", null]] = spec;
  if (spec.size !== 1) {
    throw locationError(40323, "A pipeline stage specification object must contain exactly one field.");
  }
  const compile = stages.get(name);
  if (compile !== undefined) return compile(operand, context);
  if (refused.has(name)) {
    throw new MongoError(115, "CommandNotSupported", `The aggregation stage ${name} is not supported`);
  }
  throw locationError(40324, `Unrecognized pipeline stage name: '${name}'`);
}

function compilePipeline(specs: readonly Value[], environment: Environment, context: PipelineContext): Stage {
  const stageContext: StageContext = {
    environment,
    collection: (name, hint) => context.collection(name, hint),
    pipeline: (inner, variables) =>
      compilePipeline(inner, variables === undefined ? environment : { ...environment, variables }, context),
  };
  const compiled = specs.map((spec) => {
    if (!isDoc(spec)) {
      throw new MongoError(14, "TypeMismatch", "Each element of the 'pipeline' array must be an object");
    }
    return compileStage(spec, stageContext);
  });
  return (source) => compiled.reduce((docs, stage) => stage(docs), source);
}

/**
 * Runs a pipeline over documents, lazily where its stages allow it: what is not asked for is not computed. Documents
 * are never changed in place. Throws MongoDB's errors for stages and expressions at once, before any document is read;
 * those that a document's values cause come while the result is read.
 */
export function runPipeline(
  specs: readonly Doc[],
  source: Iterable<Doc>,
  context: PipelineContext,
): Iterable<Doc> {
  const environment: Environment = {
    now: context.now,
    variables: context.variables ?? new Map<string, Value>(),
  };
  return compilePipeline(specs, environment, context)(source);
}
