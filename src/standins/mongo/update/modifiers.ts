import { valuesEqual } from "../bson/compare.ts";
import { isDoc, typeName } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { addToSet, pop, pull, pullAll, push } from "./arrays.ts";
import { brief, comparePaths, makeChange, refuseConflicts } from "./change.ts";
import type { Change } from "./change.ts";
import { bits, calculation, currentDate, extreme } from "./numbers.ts";
import { ArrayFilters, expandPath, isPositional } from "./positions.ts";
import type { UpdateContext } from "./apply.ts";

/** What an operator does to one field. */
type Maker = (field: string, operand: Value, doc: Doc, context: UpdateContext) => Change["effect"];

const set: Maker = (_field, operand) => () => ({ value: operand });

const makers: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ["$set", set],
  [
    "$setOnInsert",
    (_field, operand, _doc, { isUpsertInsert }) =>
      () =>
        isUpsertInsert ? { value: operand } : "keep",
  ],
  ["$unset", () => () => "unset"],
  ["$inc", (field, operand, doc) => calculation("$inc", field, operand, doc)],
  ["$mul", (field, operand, doc) => calculation("$mul", field, operand, doc)],
  ["$min", (_field, operand) => extreme(1, operand)],
  ["$max", (_field, operand) => extreme(-1, operand)],
  ["$currentDate", (_field, operand, _doc, { now }) => currentDate(operand, now)],
  ["$bit", (_field, operand, doc) => bits(operand, doc)],
  ["$push", (field, operand, doc) => push(field, operand, doc)],
  ["$addToSet", (field, operand) => addToSet(field, operand)],
  ["$pull", (_field, operand) => pull(operand)],
  ["$pullAll", (_field, operand) => pullAll(operand)],
  ["$pop", (field, operand) => pop(field, operand)],
]);

/** Takes the path of an update apart and refuses what no path may hold. */
function updatePath(text: string): string[] {
  if (text === "") throw new MongoError(56, "EmptyFieldName", "An empty update path is not valid.");
  const parts = text.split(".");
  for (const part of parts) {
    if (part === "") {
      throw new MongoError(
        56,
        "EmptyFieldName",
        `The update path '${text}' contains an empty field name, which is not allowed.`,
      );
    }
    if (part.startsWith("$") && !isPositional(part) && !["$ref", "$id", "$db"].includes(part)) {
      throw new MongoError(
        52,
        "DollarPrefixedFieldName",
        `The dollar ($) prefixed field '${part}' in '${text}' is not allowed in the context of an update.`,
      );
    }
  }
  return parts;
}

/** One use of an operator, before array positions are known. */
interface Modifier {
  readonly operator: string;
  readonly path: readonly string[];
  readonly operand: Value;
}

function readModifiers(update: Doc): Modifier[] {
  return Array.from(update).flatMap(([operator, fields]) => {
    if (!makers.has(operator) && operator !== "$rename") {
      throw new MongoError(
        9,
        "FailedToParse",
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDoc(fields)) {
      throw new MongoError(
        9,
        "FailedToParse",
        `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${brief(fields)}}`,
      );
    }
    return Array.from(fields, ([name, operand]) => ({ operator, path: updatePath(name), operand }));
  });
}

const badValue = (message: string): MongoError => new MongoError(2, "BadValue", message);

/** The place that a `$rename` renames to. */
function renameTarget({ path, operand }: Modifier): string[] {
  const from = path.join(".");
  if (typeof operand !== "string") {
    throw badValue(`The 'to' field for $rename must be a string: ${from}: ${brief(operand)}`);
  }
  const target = updatePath(operand);
  for (const [which, place] of [
    ["source", path],
    ["destination", target],
  ] as const) {
    if (place.some(isPositional)) {
      throw badValue(`The ${which} field for $rename may not be dynamic: ${place.join(".")}`);
    }
  }
  if (from === operand) {
    throw badValue(`The source and target field for $rename must differ: ${from}: "${operand}"`);
  }
  return target;
}

/** The value at a path through documents alone; an array on the way is refused. */
function renamedValue(doc: Doc, path: readonly string[], which: string): Value | undefined {
  let value: Value | undefined = doc;
  for (const [index, part] of path.entries()) {
    if (Array.isArray(value)) {
      throw badValue(
        `The ${which} field cannot be an array element, '${path.join(".")}' in doc with _id: ${brief(doc.get("_id"))} has an array field called '${path[index - 1] ?? ""}'`,
      );
    }
    value = isDoc(value) ? value.get(part) : undefined;
  }
  return value;
}

function renameChanges(modifier: Modifier, doc: Doc): Change[] {
  const target = renameTarget(modifier);
  const value = renamedValue(doc, modifier.path, "source");
  if (value === undefined) return [];
  renamedValue(doc, target, "destination");
  return [
    { operator: "$rename", path: modifier.path, effect: () => "unset" },
    { operator: "$rename", path: target, effect: () => ({ value }) },
  ];
}

/**
 * Applies update operators. The changes are made in the order of their paths, whatever the order of the operators, as
 * MongoDB does; that is the order in which new fields appear.
 */
export function applyModifiers(doc: Doc, update: Doc, context: UpdateContext): Doc {
  const modifiers = readModifiers(update);
  refuseConflicts(
    modifiers.flatMap((modifier) =>
      modifier.operator === "$rename" ? [modifier.path, renameTarget(modifier)] : [modifier.path],
    ),
  );
  const arrayFilters = new ArrayFilters(context.arrayFilters ?? []);
  const positions = { doc, filter: context.filter, arrayFilters };
  const changes = modifiers.flatMap((modifier) => {
    if (modifier.operator === "$rename") return renameChanges(modifier, doc);
    const expanded = modifier.path.some(isPositional)
      ? expandPath(modifier.path, positions)
      : [modifier.path];
    return expanded.map((path) => changeOf(modifier, path, doc, context));
  });
  arrayFilters.refuseUnused();
  if (modifiers.some(({ path }) => path.some(isPositional))) refuseConflicts(changes.map(({ path }) => path));
  const result = changes
    .toSorted((left, right) => comparePaths(left.path, right.path))
    .reduce((before, change) => makeChange(before, change), doc);
  refuseNewId(doc, result);
  return result;
}

function changeOf(
  { operator, operand }: Modifier,
  path: readonly string[],
  doc: Doc,
  context: UpdateContext,
): Change {
  const effect = makers.get(operator)?.(path.join("."), operand, doc, context) ?? (() => "keep");
  // A field that is to go does not exist either where nothing can.
  if (operator === "$unset") return { operator, path, effect, passesOver: true };
  return { operator, path, effect, passesOver: operator === "$setOnInsert" && !context.isUpsertInsert };
}

function refuseNewId(before: Doc, after: Doc): void {
  const id = before.get("_id");
  if (id === undefined || (after.has("_id") && valuesEqual(id, after.get("_id")))) return;
  throw new MongoError(
    66,
    "ImmutableField",
    "Performing an update on the path '_id' would modify the immutable field '_id'",
  );
}
