import { Double, Int32 } from "bson";
import { toDouble } from "../bson/numbers.ts";
import { isNumber } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { compileFilter } from "../query/filter.ts";
import { Arguments, notSupported } from "./arguments.ts";

const MAX_FIELDS = 32;
const MAX_EXPIRE_SECONDS = 2 ** 31 - 1;
/** The operators that MongoDB lets a partial index use, but for `$or` and `$in`, whose indexes no filter here would prove. */
const PARTIAL_OPERATORS = new Set(["$eq", "$exists", "$gt", "$gte", "$lt", "$lte", "$type"]);

/** Checks one index of `createIndexes` and gives its specification as `listIndexes` will show it. */
export function readIndexDefinition(fields: Doc): Doc {
  const args = new Arguments("createIndexes.indexes", fields);
  const key = args.requiredDocument("key");
  const name = args.requiredString("name");
  checkKey(key);
  const isId = key.size === 1 && key.has("_id");
  if (name === "" || name === "*" || name.includes("\0")) {
    throw cannotCreate(`index name '${name}' is not valid`);
  }
  const spec: Doc = new Map<string, Value>([
    ["v", new Int32(2)],
    ["key", key],
    ["name", isId ? "_id_" : name],
  ]);
  if (args.boolean("unique") === true && !isId) spec.set("unique", true);
  if (args.boolean("sparse") === true) spec.set("sparse", true);
  const partial = args.document("partialFilterExpression");
  if (partial !== undefined) spec.set("partialFilterExpression", checkPartial(partial, spec));
  const expireAfter = args.optional("expireAfterSeconds");
  if (expireAfter !== undefined) spec.set("expireAfterSeconds", checkExpiry(expireAfter, key));
  args.ignore("background", "v", "ns");
  args.refuse(
    "collation",
    "hidden",
    "weights",
    "default_language",
    "wildcardProjection",
    "storageEngine",
    "clustered",
  );
  args.finish();
  return spec;
}

function checkKey(key: Doc): void {
  if (key.size === 0) throw cannotCreate("Index keys cannot be empty.");
  if (key.size > MAX_FIELDS) throw cannotCreate(`Index key pattern has more than ${MAX_FIELDS} fields`);
  for (const [path, direction] of key) {
    if (path === "" || path.split(".").includes("")) {
      throw cannotCreate("Index keys cannot contain an empty field.");
    }
    if (path === "$**" || path.endsWith(".$**")) throw notSupported("A wildcard index");
    if (path.split(".").some((part) => part.startsWith("$"))) {
      throw cannotCreate("Index key contains an illegal field name: field name starts with '$'.");
    }
    if (typeof direction === "string") throw notSupported(`An index of type '${direction}'`);
    if (!isNumber(direction) || Number.isNaN(toDouble(direction)) || toDouble(direction) === 0) {
      throw cannotCreate("Values in the index key pattern must be numbers other than 0, or strings.");
    }
  }
}

function checkPartial(partial: Doc, spec: Doc): Doc {
  if (spec.has("sparse")) throw cannotCreate('cannot mix "partialFilterExpression" and "sparse" options');
  for (const [path, condition] of partial) {
    const operators =
      condition instanceof Map ? [...condition.keys()].filter((name) => name.startsWith("$")) : [];
    const unsupported = [path, ...operators].find(
      (name) => name.startsWith("$") && !PARTIAL_OPERATORS.has(name),
    );
    if (unsupported !== undefined) {
      throw cannotCreate(`unsupported expression in partial index: ${unsupported} (local MongoDB)`);
    }
    const exists = condition instanceof Map ? condition.get("$exists") : undefined;
    if (exists === false) throw cannotCreate("unsupported expression in partial index: $exists: false");
  }
  compileFilter(partial);
  return partial;
}

function checkExpiry(value: Value, key: Doc): Value {
  if (key.size > 1 || key.has("_id")) {
    throw cannotCreate(
      key.has("_id")
        ? "The field 'expireAfterSeconds' is not valid for an _id index specification."
        : "TTL indexes are single-field indexes, compound indexes do not support TTL.",
    );
  }
  const seconds = isNumber(value) ? toDouble(value) : Number.NaN;
  if (seconds >= 0 && seconds <= MAX_EXPIRE_SECONDS)
    return Number.isInteger(seconds) ? new Int32(seconds) : new Double(seconds);
  throw cannotCreate(
    `TTL index 'expireAfterSeconds' option must be a number within 0 and ${MAX_EXPIRE_SECONDS}`,
  );
}

function cannotCreate(message: string): MongoError {
  return new MongoError(67, "CannotCreateIndex", message);
}
