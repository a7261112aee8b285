import { Long } from "bson";
import { toWhole } from "../bson/numbers.ts";
import { isNumber } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { Arguments } from "./arguments.ts";
import { type CommandContext, collectionArguments, success } from "./context.ts";

/** `getMore`: a cursor's next batch. */
export function getMore(context: CommandContext): Uint8Array {
  const args = new Arguments(context.name, context.command);
  const id = cursorId(args.any(context.name));
  const namespace = `${context.db}.${args.requiredString("collection")}`;
  const batchSize = args.whole("batchSize");
  args.finish();
  return context.cursors.more(id, namespace, batchSize === 0 ? undefined : batchSize);
}

/** `killCursors`: ends cursors. */
export function killCursors(context: CommandContext): Doc {
  const { args } = collectionArguments(context);
  const ids = args.optional("cursors");
  args.finish();
  const cursors = (Array.isArray(ids) ? ids : []).map(cursorId);
  const killed = cursors.filter((id) => context.cursors.kill(id));
  return success({
    cursorsKilled: killed,
    cursorsNotFound: cursors.filter((id) => !killed.includes(id)),
    cursorsAlive: [],
    cursorsUnknown: [],
  });
}

function cursorId(value: Value | undefined): Long {
  const whole = isNumber(value) ? toWhole(value) : undefined;
  if (whole === undefined) throw new MongoError(14, "TypeMismatch", "A cursor id must be a whole number");
  return Long.fromBigInt(whole);
}
