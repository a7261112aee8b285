import { MongoError } from "../error.ts";
import { aggregate } from "./aggregate.ts";
import { collStats, create, drop, dropDatabase, listCollections, listDatabases } from "./collections.ts";
import type { CommandHandler } from "./context.ts";
import { count, distinct } from "./count.ts";
import { getMore, killCursors } from "./cursor-commands.ts";
import { remove } from "./delete.ts";
import { explain, explainAggregate } from "./explain.ts";
import { findAndModify } from "./find-and-modify.ts";
import { find } from "./find.ts";
import { createIndexes, dropIndexes, listIndexes } from "./indexes.ts";
import { insert } from "./insert.ts";
import {
  buildInfo,
  connectionStatus,
  endSessions,
  getParameter,
  hello,
  hostInfo,
  ping,
  serverStatus,
} from "./server-info.ts";
import { update } from "./update.ts";

/** `aggregate`, whose field `explain` is the form of old of the command `explain`. */
const aggregateOrExplain: CommandHandler = (context) =>
  context.command.get("explain") === true ? explainAggregate(context, false) : aggregate(context);

/** Every command there is. */
const commands = new Map<string, CommandHandler>(
  Object.entries({
    aggregate: aggregateOrExplain,
    buildInfo,
    buildinfo: buildInfo,
    collStats,
    connectionStatus,
    count,
    create,
    createIndexes,
    delete: remove,
    distinct,
    drop,
    dropDatabase,
    dropIndexes,
    endSessions,
    explain,
    find,
    findAndModify,
    findandmodify: findAndModify,
    getMore,
    getParameter,
    hello,
    hostInfo,
    insert,
    isMaster: hello,
    ismaster: hello,
    killCursors,
    listCollections,
    listDatabases,
    listIndexes,
    ping,
    serverStatus,
    update,
  }),
);

/** The command of that name. Throws 59 when there is none. */
export function findCommand(name: string): { name: string; run: CommandHandler } {
  const run = commands.get(name);
  if (run === undefined) throw new MongoError(59, "CommandNotFound", `no such command: '${name}'`);
  return { name, run };
}
