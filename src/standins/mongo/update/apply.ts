import { compileChange, refuseInUpdate } from "../aggregate/stages/shape.ts";
import { valuesEqual } from "../bson/compare.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { brief } from "./change.ts";
import { applyModifiers } from "./modifiers.ts";

/** What an update needs to know besides the document and the update. */
export interface UpdateContext {
  /** Whether the result will be inserted by an upsert: only then `$setOnInsert` applies. */
  readonly isUpsertInsert: boolean;
  readonly now: Date;
  /** The filter that found the document; the positional operator `$` takes its array element from it. */
  readonly filter: Doc;
  readonly arrayFilters?: readonly Doc[];
  /** Variables that the command's `let` gives to a pipeline, already evaluated. */
  readonly variables?: Doc;
}

/**
 * Applies an update (operators, a whole document, or a pipeline) and gives the new document. The document given is left
 * as it is; what did not change is shared with it, and when nothing changed it is the very same.
 *
 * Throws MongoDB's errors: 9 for an unknown modifier, 14 for a type that the operator does not take, 28 for a path that
 * cannot exist, 40 for two changes at one place, 66 for a changed `_id`, and others.
 */
export function applyUpdate(doc: Doc, update: Doc | Doc[], context: UpdateContext): Doc {
  const result = changed(doc, update, context);
  return context.isUpsertInsert ? withIdFirst(result) : result;
}

function changed(doc: Doc, update: Doc | Doc[], context: UpdateContext): Doc {
  if (Array.isArray(update)) return replaced(doc, throughPipeline(doc, update, context));
  if (update.keys().next().value?.startsWith("$") === true) return applyModifiers(doc, update, context);
  for (const name of update.keys()) {
    if (!name.startsWith("$")) continue;
    throw new MongoError(
      52,
      "DollarPrefixedFieldName",
      `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  }
  return replaced(doc, update);
}

const stageNames = new Set(["$set", "$addFields", "$unset", "$project", "$replaceRoot", "$replaceWith"]);

function throughPipeline(doc: Doc, stages: readonly Doc[], context: UpdateContext): Doc {
  const environment = { now: context.now, variables: context.variables ?? new Map<string, Value>() };
  if (context.arrayFilters !== undefined && context.arrayFilters.length > 0) {
    throw new MongoError(9, "FailedToParse", "Cannot specify arrayFilters and a pipeline update");
  }
  const changes = stages.map((stage) => {
    const [[name, operand] = ["", null]] = stage;
    if (stage.size !== 1) {
      throw new MongoError(
        40323,
        "Location40323",
        "A pipeline stage specification object must contain exactly one field.",
      );
    }
    const change = stageNames.has(name) ? compileChange(name, operand, environment) : undefined;
    if (change === undefined) throw refuseInUpdate(name);
    return change;
  });
  return changes.reduce((before, change) => change(before), doc);
}

/** The new document in the place of the old one, whose `_id` it keeps, in the first place. */
function replaced(before: Doc, after: Doc): Doc {
  const id = before.get("_id");
  if (id === undefined) return withIdFirst(after);
  const given = after.get("_id");
  if (given !== undefined && !valuesEqual(given, id)) {
    throw new MongoError(
      66,
      "ImmutableField",
      `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${brief(given)}`,
    );
  }
  const result: Doc = new Map([["_id", id]]);
  for (const [name, value] of after) if (name !== "_id") result.set(name, value);
  return result;
}

function withIdFirst(doc: Doc): Doc {
  const id = doc.get("_id");
  if (id === undefined || doc.keys().next().value === "_id") return doc;
  return new Map([["_id", id], ...doc]);
}
