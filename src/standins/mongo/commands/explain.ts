import type { Doc } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import type { Collection } from "../store/collection.ts";
import type { Found, Search } from "../store/find.ts";
import type { IndexPlan, Plan } from "../store/plan.ts";
import { type Plain, toDoc } from "../wire/plain.ts";
import { onlyCounts, readAggregate, runStages } from "./aggregate.ts";
import { Arguments, notSupported } from "./arguments.ts";
import { type CommandContext, success } from "./context.ts";
import { readCount } from "./count.ts";
import { readFind } from "./find.ts";

const VERBOSITIES = ["queryPlanner", "executionStats", "allPlansExecution"];

/** `explain`: how a `find`, `aggregate` or `count` finds its documents and, if asked, how many it reads for that. */
export function explain(context: CommandContext): Doc {
  const args = new Arguments(context.name, context.command);
  const command = args.requiredDocument(context.name);
  const verbosity = args.string("verbosity") ?? "allPlansExecution";
  args.finish();
  if (!VERBOSITIES.includes(verbosity)) {
    throw new MongoError(
      2,
      "BadValue",
      `Enumeration value '${verbosity}' for field 'explain.verbosity' is not a valid value.`,
    );
  }
  const [name = ""] = command.keys();
  const inner = { ...context, name, command };
  const execute = verbosity !== "queryPlanner";
  switch (name) {
    case "find": {
      const { collection, search, project, name: target } = readFind(inner);
      return success(
        sections(
          context,
          target,
          collection,
          search,
          execute,
          project === undefined ? "documents" : "projects",
        ),
      );
    }
    case "count": {
      const { collection, search, name: target } = readCount(inner);
      return success(sections(context, target, collection, search, execute, "counts"));
    }
    case "aggregate":
      return explainAggregate(inner, execute);
    default:
      throw notSupported(`Explaining '${name}'`);
  }
}

/** The explanation of an `aggregate`: like that of a `find` where nothing is left to the pipeline. */
export function explainAggregate(context: CommandContext, execute: boolean): Doc {
  const { collection, search, stages, name, variables } = readAggregate(context, true);
  const reading = stages[0] !== undefined && onlyCounts(stages[0]) ? "counts" : "documents";
  const cursor = sections(context, name, collection, search, execute, reading);
  runStages(context, stages, [], variables);
  if (stages.length === 0) return success(cursor);
  return success({ stages: [{ $cursor: cursor }, ...stages] });
}

/** What becomes of the documents that are found: they are given back whole, in part, or only counted. */
type Reading = "documents" | "projects" | "counts";

type Sections = { readonly [name: string]: Plain };

function sections(
  context: CommandContext,
  name: string,
  collection: Collection | undefined,
  search: Search,
  execute: boolean,
  reading: Reading,
): Sections {
  const namespace = `${context.db}.${name}`;
  const found = collection === undefined ? undefined : context.store.find(collection, search);
  const winningPlan = found === undefined ? { stage: "EOF" } : describePlan(found, search, reading);
  const planner = { namespace, parsedQuery: search.filter, winningPlan, rejectedPlans: [] };
  if (!execute) return { explainVersion: "1", queryPlanner: planner };
  const begin = performance.now();
  let returned = 0;
  if (reading === "counts" && found?.countByIndex !== undefined) returned = found.countByIndex();
  else for (const _ of found?.records ?? []) returned++;
  return {
    explainVersion: "1",
    queryPlanner: planner,
    executionStats: {
      executionSuccess: true,
      nReturned: returned,
      executionTimeMillis: Math.round(performance.now() - begin),
      totalKeysExamined: found?.stats.keys ?? 0,
      totalDocsExamined: found?.stats.docs ?? 0,
      executionStages: winningPlan,
    },
  };
}

/** The plan as MongoDB draws it: each stage with the one that feeds it. */
function describePlan({ plan, countByIndex }: Found, search: Search, reading: Reading): Doc {
  const needsEntriesAlone = reading === "counts" && plan.kind === "index" && countByIndex !== undefined;
  let stage = needsEntriesAlone
    ? toDoc({ stage: "PROJECTION_COVERED", inputStage: scanStage(plan) })
    : sourceStages(plan, search);
  if (search.sort !== undefined && search.sort.size > 0 && !plan.sorted) {
    stage = toDoc({ stage: "SORT", sortPattern: search.sort, limitAmount: search.limit, inputStage: stage });
  }
  if (search.skip !== undefined && search.skip > 0) {
    stage = toDoc({ stage: "SKIP", skipAmount: search.skip, inputStage: stage });
  }
  if (search.limit !== undefined)
    stage = toDoc({ stage: "LIMIT", limitAmount: search.limit, inputStage: stage });
  return reading === "projects" ? toDoc({ stage: "PROJECTION_DEFAULT", inputStage: stage }) : stage;
}

function sourceStages(plan: Plan, search: Search): Doc {
  if (plan.kind === "index") return indexStages(plan, search);
  if (plan.kind === "union") {
    const union = toDoc({ stage: "OR", inputStages: plan.branches.map(scanStage) });
    return toDoc({ stage: "FETCH", filter: search.filter, inputStage: union });
  }
  return toDoc({
    stage: "COLLSCAN",
    filter: search.filter,
    direction: plan.reverse ? "backward" : "forward",
  });
}

function indexStages(plan: IndexPlan, search: Search): Doc {
  const { index, bounds } = plan;
  const id = search.filter.get("_id");
  if (
    index.name === "_id_" &&
    search.filter.size === 1 &&
    bounds.fields[0]?.equals?.length === 1 &&
    id !== undefined
  ) {
    return toDoc({ stage: "IDHACK" });
  }
  return toDoc({ stage: "FETCH", filter: search.filter, inputStage: scanStage(plan) });
}

function scanStage({ index, bounds, reverse }: IndexPlan): Doc {
  return toDoc({
    stage: "IXSCAN",
    keyPattern: index.keyPattern,
    indexName: index.name,
    isMultiKey: index.multikey.includes(true),
    isUnique: index.unique,
    isSparse: index.sparse,
    isPartial: index.partialFilter !== undefined,
    indexVersion: 2,
    direction: reverse ? "backward" : "forward",
    indexBounds: Object.fromEntries(
      bounds.fields.map(({ path, equals, lower, upper }) => [
        path,
        equals === undefined ? { from: lower?.value, to: upper?.value } : { in: equals },
      ]),
    ),
  });
}
