import { setTimeout as wait } from "node:timers/promises";
import { type Document, MongoError, MongoServerError } from "mongodb";
import type { AppSettings } from "#src/config/env.ts";
import { openMongo } from "#src/server/data/database.ts";
import { StartError } from "./start-error.ts";

type Say = (line: string) => void;

/** What an operator is told of an error of MongoDB's, and whether waiting may mend it. It tells of no password. */
export function mongoTrouble(error: unknown): { readonly reason: string; readonly mayPass: boolean } {
  if (!(error instanceof MongoError)) return { reason: String(error), mayPass: false };
  const code = error instanceof MongoServerError ? error.code : undefined;
  // 18 is MongoDB's own, 8000 what Atlas answers instead.
  if (code === 18 || code === 8_000)
    return {
      reason:
        "it refuses the user or the password of DATABASE_URL (and authSource says which database knows the user)",
      mayPass: false,
    };
  if (code === 13)
    return {
      reason: "the user of DATABASE_URL may not do this: it needs the role readWrite on the database",
      mayPass: false,
    };
  return { reason: error.message, mayPass: code === undefined };
}

/** What a server says of its own kind, by its answer to `hello`. */
export const isStandalone = ({ setName, msg }: Document): boolean =>
  setName === undefined && msg !== "isdbgrid";

const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(host.replace(/:\d+$/, ""));

/**
 * Waits until MongoDB answers, and looks whether it is one that money can be trusted to. Throws StartError when it
 * refuses us, does not answer within `within_ms`, or stands alone on some other machine: a write that is acknowledged
 * by the majority is what survives a loss, and one server has none.
 */
export async function checkDatabase(
  { DATABASE_URL }: Pick<AppSettings, "DATABASE_URL">,
  { within_ms, say }: { within_ms: number; say: Say },
): Promise<void> {
  const client = openDatabaseOf(DATABASE_URL);
  const where = client.options.srvHost ?? client.options.hosts.map(String).join(", ");
  try {
    const deadline = Date.now() + within_ms;
    for (let said = false; ; said = true) {
      const found = await client
        .connect()
        .then(() => client.db().command({ ping: 1 }))
        .then(() => null, mongoTrouble);
      if (found === null) break;
      if (!found.mayPass || Date.now() > deadline)
        throw new StartError(`MongoDB at ${where}: ${found.reason}`);
      if (!said) say(`waiting for MongoDB at ${where}: ${found.reason}`);
      await wait(500);
    }
    if (!isStandalone(await client.db("admin").command({ hello: 1 }))) return;
    const alone = `MongoDB at ${where} is a server on its own`;
    if (!client.options.hosts.every((host) => isLoopback(host.toString())))
      throw new StartError(
        `${alone}: what it acknowledges can be lost with it. Make it a replica set; one of a single member will do: mongod --replSet rs0, and once rs.initiate()`,
      );
    say(`${alone}, which is good enough for trying things out`);
  } finally {
    await client.close();
  }
}

function openDatabaseOf(url: string) {
  try {
    return openMongo(url);
  } catch (error) {
    throw new StartError(`DATABASE_URL is not understood: ${mongoTrouble(error).reason}`);
  }
}

/**
 * Asks Pusher whether it takes our keys. Throws StartError when it says no. One that does not answer is no reason not to
 * start: declines go on without it, and `/readyz` says so.
 */
export async function checkPusher(live: { ping(): Promise<void> }, say: Say): Promise<void> {
  try {
    await live.ping();
  } catch (error) {
    const status = error instanceof Error && "status" in error ? Number(error.status) : undefined;
    if (status !== undefined && [401, 403, 404].includes(status))
      throw new StartError(
        `Pusher refuses PUSHER_APP_ID, PUSHER_KEY or PUSHER_SECRET (${status}), or they are of another cluster or host`,
      );
    say("Pusher does not answer yet");
  }
}
