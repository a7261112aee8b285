import { parsePath, somePathValue } from "../bson/paths.ts";
import { countValue } from "../bson/numbers.ts";
import { compareValues } from "../bson/compare.ts";
import type { Doc, Value } from "../bson/value.ts";
import { encodeKey } from "../store/keys.ts";
import type { Collection } from "../store/collection.ts";
import type { Search } from "../store/find.ts";
import { type CommandContext, collectionArguments, indexOfHint, success } from "./context.ts";
import { checkSearch } from "./find.ts";
import { neededFields } from "./needed-fields.ts";
import { MAX_DOCUMENT_BYTES } from "../store/collection.ts";
import { MongoError } from "../error.ts";

/** Reads and checks the fields of `count`. */
export function readCount(context: CommandContext): {
  name: string;
  collection: Collection | undefined;
  search: Search;
} {
  const { args, name } = collectionArguments(context);
  const collection = context.store.catalogue.find(context.db, name);
  // A negative limit means the same as its positive counterpart.
  const limit = Math.abs(args.whole("limit", -Number.MAX_SAFE_INTEGER) ?? 0);
  const search: Search = {
    filter: args.document("query") ?? new Map(),
    limit: limit === 0 ? undefined : limit,
    skip: args.whole("skip"),
    hint: indexOfHint(collection, args.optional("hint")),
    timeLimit: context.timeLimit,
  };
  args.refuse("collation");
  args.ignore("fields");
  args.finish();
  checkSearch(search);
  return { name, collection, search };
}

/** `count`: how many documents match. */
export function count(context: CommandContext): Doc {
  const { collection, search } = readCount(context);
  return success({
    n: countValue(collection === undefined ? 0 : countMatching(context, collection, search)),
  });
}

function countMatching(context: CommandContext, collection: Collection, search: Search): number {
  if (search.filter.size === 0) {
    const left = Math.max(0, collection.count() - (search.skip ?? 0));
    return search.limit === undefined ? left : Math.min(left, search.limit);
  }
  const fields = neededFields(search, [new Map([["$count", "n"]])]);
  const found = context.store.find(collection, { ...search, fields });
  if (found.countByIndex !== undefined) return found.countByIndex();
  let matching = 0;
  for (const _ of found.records) matching++;
  return matching;
}

/** `distinct`: the different values of a path, those of arrays one by one. */
export function distinct(context: CommandContext): Doc {
  const { args, name } = collectionArguments(context);
  const collection = context.store.catalogue.find(context.db, name);
  const path = parsePath(args.requiredString("key"));
  const search: Search = {
    filter: args.document("query") ?? new Map(),
    hint: indexOfHint(collection, args.optional("hint")),
    timeLimit: context.timeLimit,
  };
  args.refuse("collation");
  args.finish();
  checkSearch(search);
  const values = new Map<string, Value>();
  let bytes = 0;
  const add = (value: Value): void => {
    const key = encodeKey([value], [1]);
    const text = Buffer.from(key).toString("latin1");
    if (values.has(text)) return;
    values.set(text, value);
    bytes += key.length;
    if (bytes > MAX_DOCUMENT_BYTES)
      throw new MongoError(17217, "Location17217", "distinct too big, 16mb cap");
  };
  if (collection !== undefined) {
    for (const { doc } of context.store.find(collection, search).records) {
      somePathValue(doc, path, "array", (value) => {
        if (Array.isArray(value)) for (const item of value) add(item);
        else if (value !== undefined) add(value);
        return false;
      });
    }
  }
  return success({ values: [...values.values()].toSorted(compareValues) });
}
