import type { Doc } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { compileProjection } from "../query/projection.ts";
import type { Collection } from "../store/collection.ts";
import { toDoc } from "../wire/plain.ts";
import { type CommandContext, collectionArguments, indexOfHint, success } from "./context.ts";
import { checkSearch } from "./find.ts";
import { modify, readUpdate, upsert } from "./modify.ts";

/** `findAndModify`: changes or removes the first document that matches and gives it, in one step. */
export function findAndModify(context: CommandContext): Doc {
  const { args, name } = collectionArguments(context);
  const existing = context.store.catalogue.find(context.db, name);
  const filter = args.document("query") ?? new Map();
  const removes = args.boolean("remove") ?? false;
  const givesNew = args.boolean("new") ?? false;
  const upserts = args.boolean("upsert") ?? false;
  const updateValue = args.optional("update");
  const arrayFilters = args.documents("arrayFilters");
  const fields = args.document("fields");
  const search = {
    filter,
    sort: args.document("sort"),
    limit: 1,
    hint: indexOfHint(existing, args.optional("hint")),
    timeLimit: context.timeLimit,
  };
  args.refuse("collation", "let");
  args.ignore("bypassDocumentValidation");
  args.finish();
  checkCombination(removes, updateValue !== undefined, upserts, givesNew);
  checkSearch(search);
  const change = removes
    ? undefined
    : { update: readUpdate(updateValue), filter, arrayFilters, now: context.now };
  const project = fields === undefined || fields.size === 0 ? undefined : compileProjection(fields);
  const collection = upserts ? context.store.ensure(context.db, name) : existing;
  return collection === undefined
    ? reply(undefined, { n: 0 }, removes)
    : context.store.transaction(() => run(collection));

  function run(into: Collection): Doc {
    const [record] = context.store.find(into, search).records;
    const show = (doc: Doc): Doc => (project === undefined ? doc : project(doc));
    if (change === undefined) {
      if (record === undefined) return reply(undefined, { n: 0 }, true);
      into.remove(record);
      return reply(show(record.doc), { n: 1 }, true);
    }
    if (record !== undefined) {
      const { doc } = modify(into, record, change);
      return reply(show(givesNew ? doc : record.doc), { n: 1 }, false, true);
    }
    if (!upserts) return reply(undefined, { n: 0 }, false);
    const inserted = upsert(into, change);
    const id = inserted.get("_id");
    return reply(
      givesNew ? show(inserted) : undefined,
      { n: 1, ...(id === undefined ? {} : { upserted: id }) },
      false,
    );
  }
}

function reply(
  value: Doc | undefined,
  outcome: { readonly n: number; readonly upserted?: Parameters<Doc["set"]>[1] },
  removed: boolean,
  updatedExisting = false,
): Doc {
  const { n, upserted } = outcome;
  const lastErrorObject = removed ? toDoc({ n }) : toDoc({ n, updatedExisting, upserted });
  return success({ lastErrorObject, value: value ?? null });
}

function checkCombination(removes: boolean, updates: boolean, upserts: boolean, givesNew: boolean): void {
  const fail = (message: string): MongoError => new MongoError(9, "FailedToParse", message);
  if (!removes && !updates) throw fail("Either an update or remove=true must be specified");
  if (removes && updates) throw fail("Cannot specify both an update and remove=true");
  if (removes && upserts) throw fail("Cannot specify both upsert=true and remove=true ");
  if (removes && givesNew) {
    throw fail("Cannot specify both new=true and remove=true; 'remove' always returns the deleted document");
  }
}
