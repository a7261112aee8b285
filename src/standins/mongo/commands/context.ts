import { Double } from "bson";
import type { Doc } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import type { Collection } from "../store/collection.ts";
import type { Index } from "../store/index-spec.ts";
import { requireCollectionName } from "../store/names.ts";
import type { Store } from "../store/store.ts";
import type { TimeLimit } from "../store/time-limit.ts";
import { type Plain, toDoc } from "../wire/plain.ts";
import { Arguments, notSupported } from "./arguments.ts";
import type { Cursors } from "./cursors.ts";

/** What a command works with. */
export interface CommandContext {
  readonly store: Store;
  readonly cursors: Cursors;
  /** The command's name as MongoDB spells it. */
  readonly name: string;
  readonly db: string;
  readonly command: Doc;
  /** The moment at which the command runs: the same for all that it does. */
  readonly now: Date;
  /** The command's `maxTimeMS`. */
  readonly timeLimit: TimeLimit | undefined;
  /** The client's session, as text, if it has one. */
  readonly session: string | undefined;
}

/** Carries a command out: gives the reply, as a document or encoded already. Throws MongoError. */
export type CommandHandler = (context: CommandContext) => Doc | Uint8Array;

/** A reply that says that all went well. */
export function success(fields: { readonly [name: string]: Plain } = {}): Doc {
  return toDoc({ ...fields, ok: new Double(1) });
}

/** The command's fields, with the collection that it names. */
export function collectionArguments(context: CommandContext): { args: Arguments; name: string } {
  const args = new Arguments(context.name, context.command);
  const [field = ""] = context.command.keys();
  const name = args.any(field);
  if (typeof name !== "string") {
    throw new MongoError(73, "InvalidNamespace", "collection name has invalid type");
  }
  requireCollectionName(context.db, name);
  return { args, name };
}

/** The index that a hint names, null for `$natural`, undefined for no hint. Error 2 when there is no such index. */
export function indexOfHint(
  collection: Collection | undefined,
  hint: ReturnType<Arguments["optional"]>,
): Index | null | undefined {
  if (hint === undefined || (hint instanceof Map && hint.size === 0)) return undefined;
  if (typeof hint !== "string" && !(hint instanceof Map))
    throw notSupported("A hint that is neither string nor object");
  if (hint instanceof Map && hint.has("$natural")) return null;
  if (collection === undefined) return undefined;
  const index = collection.indexes.find((candidate) =>
    typeof hint === "string" ? candidate.name === hint : isSameKeyPattern(candidate.keyPattern, hint),
  );
  if (index !== undefined) return index;
  throw new MongoError(
    2,
    "BadValue",
    "error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index",
  );
}

/** Whether two key patterns have the same fields in the same order and directions. */
export function isSameKeyPattern(left: Doc, right: Doc): boolean {
  const others = [...right];
  return (
    left.size === right.size &&
    [...left].every(([path, direction], position) => {
      const [otherPath, otherDirection] = others[position] ?? [];
      return path === otherPath && Number(direction) === Number(otherDirection);
    })
  );
}
