import { Double } from "bson";
import { encodeDocument } from "../bson/codec.ts";
import { toDouble } from "../bson/numbers.ts";
import { isNumber } from "../bson/types.ts";
import type { Doc } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { isOutOfDiskSpace } from "../store/database.ts";
import { showValue } from "../store/duplicate-key.ts";
import { requireDatabaseName } from "../store/names.ts";
import type { Store } from "../store/store.ts";
import { TimeLimit } from "../store/time-limit.ts";
import type { Answer } from "../wire/connection.ts";
import { toDoc } from "../wire/plain.ts";
import type { CommandContext } from "./context.ts";
import type { Cursors } from "./cursors.ts";
import { findCommand } from "./roster.ts";
import { sessionText } from "./server-info.ts";
import { detailsOf } from "./write-errors.ts";

/** What OP_QUERY, the form of old, may still carry. */
const HANDSHAKES = new Set(["hello", "isMaster", "ismaster"]);

/** Gives the function that answers the commands of all connections. */
export function createAnswer(store: Store, cursors: Cursors, log: (line: string) => void): Answer {
  return (command, legacy) => {
    try {
      if (command instanceof MongoError) throw command;
      const reply = runCommand(store, cursors, command, legacy);
      return reply instanceof Uint8Array ? reply : encodeDocument(reply);
    } catch (error) {
      return encodeDocument(errorReply(error, log));
    }
  };
}

function runCommand(store: Store, cursors: Cursors, command: Doc, legacy: boolean): Doc | Uint8Array {
  const [given = ""] = command.keys();
  if (legacy && !HANDSHAKES.has(given)) {
    throw new MongoError(
      352,
      "UnsupportedOpQueryCommand",
      `Unsupported OP_QUERY command: ${given}. The client driver may require an upgrade.`,
    );
  }
  const { name, run } = findCommand(given);
  const db = command.get("$db");
  if (typeof db !== "string")
    throw new MongoError(40571, "Location40571", "OP_MSG requests require a $db argument");
  requireDatabaseName(db);
  refuseTransaction(command);
  checkReadConcern(command);
  checkWriteConcern(command);
  const now = new Date();
  const lsid = command.get("lsid");
  const context: CommandContext = {
    store,
    cursors,
    name,
    db,
    command,
    now,
    timeLimit: timeLimitOf(command),
    session: lsid instanceof Map ? sessionText(lsid) : undefined,
  };
  return run(context);
}

function refuseTransaction(command: Doc): void {
  if (command.has("txnNumber")) {
    throw new MongoError(
      20,
      "IllegalOperation",
      "Transaction numbers are only allowed on a replica set member or mongos",
    );
  }
  for (const field of ["startTransaction", "autocommit"]) {
    if (!command.has(field)) continue;
    throw new MongoError(72, "InvalidOptions", `Specifying ${field} requires a transaction number`);
  }
}

function checkReadConcern(command: Doc): void {
  const concern = command.get("readConcern");
  const level = concern instanceof Map ? concern.get("level") : undefined;
  if (level === undefined || level === "local" || level === "available" || level === "majority") return;
  throw new MongoError(
    123,
    "NotAReplicaSet",
    `node needs to be a replica set member to use read concern level ${showValue(level)}`,
  );
}

function checkWriteConcern(command: Doc): void {
  const concern = command.get("writeConcern");
  const w = concern instanceof Map ? concern.get("w") : undefined;
  if (w === undefined || w === "majority" || (isNumber(w) && toDouble(w) <= 1)) return;
  const message = isNumber(w)
    ? "cannot use 'w' > 1 when a host is not replicated"
    : `cannot use non-majority 'w' mode ${showValue(w)} when a host is not a member of a replica set`;
  throw new MongoError(2, "BadValue", message);
}

function timeLimitOf(command: Doc): TimeLimit | undefined {
  const value = command.get("maxTimeMS");
  const limit = isNumber(value) ? toDouble(value) : 0;
  return limit > 0 ? new TimeLimit(limit) : undefined;
}

function errorReply(error: unknown, log: (line: string) => void): Doc {
  if (error instanceof MongoError) {
    return toDoc({
      ok: new Double(0),
      errmsg: error.message,
      code: error.code,
      codeName: error.codeName,
      ...detailsOf(error),
    });
  }
  if (isOutOfDiskSpace(error)) {
    log("mongo: a write was refused: the disk is full");
    const errmsg = `the disk is full: ${error.message}`;
    return toDoc({ ok: new Double(0), errmsg, code: 14031, codeName: "OutOfDiskSpace" });
  }
  log(`mongo: command failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return toDoc({
    ok: new Double(0),
    errmsg: error instanceof Error ? error.message : String(error),
    code: 1,
    codeName: "InternalError",
  });
}
