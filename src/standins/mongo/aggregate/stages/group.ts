import { Int32 } from "bson";
import { compareValues, typeBracket } from "../../bson/compare.ts";
import { valueKey } from "../../bson/identity.ts";
import { isDoc } from "../../bson/types.ts";
import type { Doc, Value } from "../../bson/value.ts";
import { sortDocs } from "../../query/sort.ts";
import { compileGroupField } from "../accumulators.ts";
import type { GroupField } from "../accumulators.ts";
import { locationError } from "../arguments.ts";
import { compileExpression } from "../expressions.ts";
import type { Environment, Expression, Scope } from "../scope.ts";
import type { Stage, StageCompiler } from "../stage.ts";

interface Group {
  readonly id: Value;
  readonly states: ReturnType<GroupField["begin"]>[];
}

/** Groups documents; the groups come in the order in which their first document did. */
function grouping(idOf: Expression, fields: readonly GroupField[]): Stage {
  return function* (source) {
    const groups = new Map<string, Group>();
    for (const doc of source) {
      const scope: Scope = { root: doc, bindings: undefined };
      const id = idOf(scope) ?? null;
      const key = valueKey(id);
      let group = groups.get(key);
      if (group === undefined) {
        group = { id, states: fields.map((field) => field.begin()) };
        groups.set(key, group);
      }
      for (const [index, field] of fields.entries()) group.states[index]?.add(field.take(scope));
    }
    for (const { id, states } of groups.values()) {
      const result: Doc = new Map([["_id", id]]);
      for (const [index, field] of fields.entries()) result.set(field.name, states[index]?.result() ?? null);
      yield result;
    }
  };
}

function groupFields(spec: Doc, environment: Environment): GroupField[] {
  return Array.from(spec, ([name, value]) => compileGroupField(name, value, environment));
}

const group: StageCompiler = (operand, { environment }) => {
  if (!isDoc(operand)) throw locationError(15947, "a group's fields must be specified in an object");
  const id = operand.get("_id");
  if (id === undefined) throw locationError(15955, "a group specification must include an _id");
  const fields: Doc = new Map(operand);
  fields.delete("_id");
  return grouping(compileExpression(id, environment), groupFields(fields, environment));
};

const countOnly: Doc = new Map([["count", new Map([["$sum", new Int32(1)]])]]);

const sortByCount: StageCompiler = (operand, { environment }) => {
  const isExpression = isDoc(operand) && operand.keys().next().value?.startsWith("$") === true;
  if (!isExpression && !(typeof operand === "string" && operand.startsWith("$"))) {
    throw locationError(
      40147,
      "the sortByCount field must be defined as a $-prefixed path or an expression inside an object",
    );
  }
  const grouped = grouping(compileExpression(operand, environment), groupFields(countOnly, environment));
  const descending: Doc = new Map([["count", new Int32(-1)]]);
  return function* (source) {
    yield* sortDocs(grouped(source), descending);
  };
};

const bucket: StageCompiler = (operand, { environment }) => {
  if (!isDoc(operand)) throw locationError(40201, "Argument to $bucket stage must be an object");
  for (const field of operand.keys()) {
    if (!["groupBy", "boundaries", "default", "output"].includes(field)) {
      throw locationError(40197, `Unrecognized option to $bucket: ${field}.`);
    }
  }
  const by = operand.get("groupBy");
  const boundaries = operand.get("boundaries");
  if (by === undefined || !Array.isArray(boundaries)) {
    throw locationError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  }
  checkBoundaries(boundaries);
  const otherwise = operand.get("default");
  const output = operand.get("output") ?? countOnly;
  if (!isDoc(output)) throw locationError(40196, "The $bucket 'output' field must be an object");
  const value = compileExpression(by, environment);
  const idOf = (scope: Scope): Value => {
    const found = value(scope);
    const next = boundaries.findIndex((boundary) => compareValues(found, boundary) < 0);
    const lower = next > 0 ? boundaries[next - 1] : otherwise;
    if (lower !== undefined) return lower;
    throw locationError(
      40066,
      "$switch could not find a matching branch for an input, and no default was specified.",
    );
  };
  const grouped = grouping(idOf, groupFields(output, environment));
  const ascending: Doc = new Map([["_id", new Int32(1)]]);
  return function* (source) {
    yield* sortDocs(grouped(source), ascending);
  };
};

function checkBoundaries(boundaries: readonly Value[]): void {
  if (boundaries.length < 2) {
    throw locationError(
      40192,
      `The $bucket 'boundaries' field must have at least 2 values, but found ${boundaries.length}`,
    );
  }
  for (const [index, boundary] of boundaries.entries()) {
    const before = boundaries[index - 1];
    if (before === undefined) continue;
    if (typeBracket(before) !== typeBracket(boundary)) {
      throw locationError(
        40193,
        "All values in the the 'boundaries' option to $bucket must have the same type.",
      );
    }
    if (compareValues(before, boundary) >= 0) {
      throw locationError(40194, "The 'boundaries' option to $bucket must be sorted in ascending order.");
    }
  }
}

/** Groups. */
export const groupStages: Readonly<Record<string, StageCompiler>> = {
  $group: group,
  $sortByCount: sortByCount,
  $bucket: bucket,
};
