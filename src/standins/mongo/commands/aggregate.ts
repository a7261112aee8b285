import { encodeDocument } from "../bson/codec.ts";
import type { Doc, Value } from "../bson/value.ts";
import { runPipeline } from "../aggregate/pipeline.ts";
import { MongoError } from "../error.ts";
import type { Collection } from "../store/collection.ts";
import type { Found, Search } from "../store/find.ts";
import { requireCollectionName } from "../store/names.ts";
import { Arguments } from "./arguments.ts";
import { type CommandContext, indexOfHint } from "./context.ts";
import { checkSearch } from "./find.ts";
import { neededFields } from "./needed-fields.ts";
import { pushDown } from "./push-down.ts";

/** An `aggregate` as its fields say. */
export interface AggregateRequest {
  readonly name: string;
  readonly collection: Collection | undefined;
  /** What the pipeline's first stages ask for, as a search that an index may serve. */
  readonly search: Search;
  /** The stages that are left. */
  readonly stages: readonly Doc[];
  readonly batchSize: number | undefined;
  readonly variables: Doc;
}

/** Reads and checks the fields of `aggregate`. One that is only explained needs no cursor. */
export function readAggregate(context: CommandContext, isExplained = false): AggregateRequest {
  const args = new Arguments(context.name, context.command);
  const [field = ""] = context.command.keys();
  const target = args.any(field);
  const pipeline = args.requiredDocuments("pipeline");
  const name = typeof target === "string" ? target : "$cmd.aggregate";
  if (typeof target === "string") requireCollectionName(context.db, target);
  else requireDocumentsStage(pipeline);
  refuseChangeStream(pipeline);
  const collection = typeof target === "string" ? context.store.catalogue.find(context.db, name) : undefined;
  const cursor = args.document("cursor");
  if (cursor === undefined && !isExplained) {
    throw new MongoError(
      9,
      "FailedToParse",
      "The 'cursor' option is required, except for aggregate with the explain argument",
    );
  }
  const cursorArgs = new Arguments("aggregate.cursor", cursor ?? new Map());
  const batchSize = cursorArgs.whole("batchSize");
  cursorArgs.finish();
  const { search, stages } = pushDown(pipeline);
  const variables = evaluateVariables(context, args.document("let") ?? new Map());
  const request: AggregateRequest = {
    name,
    collection,
    search: {
      ...search,
      fields: neededFields(search, stages),
      hint: indexOfHint(collection, args.optional("hint")),
      environment: { now: context.now, variables },
      timeLimit: context.timeLimit,
    },
    stages,
    batchSize,
    variables,
  };
  args.refuse("collation");
  args.ignore("allowDiskUse", "bypassDocumentValidation", "explain");
  args.finish();
  checkSearch(request.search);
  return request;
}

/** `aggregate`: the first batch of what the pipeline gives, and a cursor for more. */
export function aggregate(context: CommandContext): Uint8Array {
  const request = readAggregate(context);
  return context.cursors.open(encoded(runAggregate(context, request)), {
    namespace: `${context.db}.${request.name}`,
    session: context.session,
    timeLimit: context.timeLimit,
    batchSize: request.batchSize,
  });
}

/** What the pipeline gives. Wrong stages are refused at once, not with the first document. */
function runAggregate(context: CommandContext, request: AggregateRequest): Iterable<Doc> {
  const { collection, search, stages } = request;
  const source = collection === undefined ? [] : sourceOf(context.store.find(collection, search), stages);
  return runStages(context, stages, source, request.variables);
}

/** The documents that the stages begin with; where the first one only counts them, as many empty ones may do. */
function sourceOf(found: Found, [first]: readonly Doc[]): Iterable<Doc> {
  const { countByIndex, records } = found;
  return countByIndex !== undefined && first !== undefined && onlyCounts(first)
    ? emptyDocuments(countByIndex)
    : documentsOf(records);
}

/** Whether a stage gives the same for documents without fields: `$count`, and a `$group` by constants of constants. */
export function onlyCounts(stage: Doc): boolean {
  if (stage.has("$count")) return true;
  const group = stage.get("$group");
  return group !== undefined && isConstant(group);
}

/** Whether an expression names no field and no variable. */
function isConstant(value: Value): boolean {
  if (typeof value === "string") return !value.startsWith("$");
  if (Array.isArray(value)) return value.every(isConstant);
  return !(value instanceof Map) || [...value.values()].every(isConstant);
}

function* emptyDocuments(count: () => number): Generator<Doc> {
  const empty: Doc = new Map();
  for (let left = count(); left > 0; left--) yield empty;
}

/** Runs stages over documents, with the other collections of the database in reach. */
export function runStages(
  context: CommandContext,
  stages: readonly Doc[],
  source: Iterable<Doc>,
  variables: Doc,
): Iterable<Doc> {
  const { now, store, db } = context;
  return runPipeline([...stages], source, {
    now,
    variables,
    collection: (other, filter = new Map()) => {
      const found = store.catalogue.find(db, other);
      return found === undefined ? [] : documentsOf(store.find(found, { filter }).records);
    },
  });
}

/** The values of the command's own variables. They are expressions over constants, which a pipeline evaluates. */
function evaluateVariables(context: CommandContext, variables: Doc): Doc {
  if (variables.size === 0) return variables;
  const [values] = runStages(context, [new Map([["$replaceWith", variables]])], [new Map()], new Map());
  return values ?? new Map();
}

function* documentsOf(records: Iterable<{ readonly doc: Doc }>): Generator<Doc> {
  for (const { doc } of records) yield doc;
}

function* encoded(documents: Iterable<Doc>): Generator<Uint8Array> {
  for (const document of documents) yield encodeDocument(document);
}

function requireDocumentsStage([first]: readonly Doc[]): void {
  if (first?.has("$documents") === true) return;
  const [stage = "pipeline"] = first?.keys() ?? [];
  throw new MongoError(
    73,
    "InvalidNamespace",
    `{aggregate: 1} is not valid for '${stage}'; a collection is required.`,
  );
}

function refuseChangeStream(pipeline: readonly Doc[]): void {
  if (!pipeline.some((stage) => stage.has("$changeStream"))) return;
  throw new MongoError(40573, "Location40573", "The $changeStream stage is only supported on replica sets");
}
