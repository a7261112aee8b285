import mongo, { type MongoClient as PrismaClient } from "@prisma/orm-mongo/runtime";
import { type Db, MongoClient, MongoServerError } from "mongodb";
import type { Contract } from "#prisma/contract.d.ts";
import contractJson from "#prisma/contract.json" with { type: "json" };

/**
 * The database, by its two doors over one connection pool: Prisma for the collections of the contract, the driver
 * for those whose ids are strings (`ledger_transfers`, `view_cache`), for the auth library's, and for indexes.
 */
export interface Database {
  readonly prisma: PrismaClient<Contract>;
  readonly driver: Db;
}

/** Opens a client for a `DATABASE_URL`. It connects by itself, and no operation waits for longer than 3 s. */
export const openMongo = (url: string) =>
  new MongoClient(url, {
    serverSelectionTimeoutMS: 2_000,
    connectTimeoutMS: 2_000,
    timeoutMS: 3_000,
    // A write that is acknowledged must survive the loss of a primary: money hangs on it.
    writeConcern: { w: "majority" },
  });

/** Longer than any heartbeat takes that is answered, or fails by the time limits of `openMongo`. */
const heartbeatWithin_ms = 6_000;
/** A heartbeat that waits for news is answered every ten seconds. */
const newsWithin_ms = 10_000;

/**
 * Connects, and tries until it succeeds: a client whose very first connection failed stays closed for good. One that
 * has been connected once comes back by itself, but for one case, where it is closed and connected anew: the driver's
 * monitor (7.7) waits for ever when its connection closes in the moment in which it sends a heartbeat. That moment is
 * met often when MongoDB dies under load, and from then on no operation would find a server.
 */
export function keepConnecting(client: MongoClient, patience_ms = heartbeatWithin_ms): { stop(): void } {
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;
  const connect = () => {
    client.connect().catch(() => {
      if (!stopped) retry = setTimeout(connect, 250).unref();
    });
  };
  const watches = new Map<string, NodeJS.Timeout>();
  const heard = ({ connectionId }: { connectionId: string }) => {
    clearTimeout(watches.get(connectionId));
    watches.delete(connectionId);
  };
  const forgetAll = () => {
    for (const connectionId of watches.keys()) heard({ connectionId });
  };
  const beginAnew = () => {
    forgetAll();
    void client
      .close()
      .catch(() => undefined)
      .then(() => (stopped ? undefined : connect()));
  };
  client.on("serverHeartbeatStarted", ({ connectionId, awaited }) => {
    heard({ connectionId });
    const within_ms = patience_ms + (awaited ? newsWithin_ms : 0);
    watches.set(connectionId, setTimeout(beginAnew, within_ms).unref());
  });
  client.on("serverHeartbeatSucceeded", heard).on("serverHeartbeatFailed", heard);
  client.on("serverClosed", ({ address }) => heard({ connectionId: address }));
  connect();
  return {
    stop() {
      stopped = true;
      clearTimeout(retry);
      forgetAll();
    },
  };
}

/** The database that the client's URL names. */
export function openDatabase(client: MongoClient): Database {
  const driver = client.db();
  return {
    driver,
    prisma: mongo<Contract>({ contractJson, mongoClient: client, dbName: driver.databaseName }),
  };
}

type Collection = Parameters<Database["prisma"]["raw"]["collection"]>[0];
type RawCollection = ReturnType<Database["prisma"]["raw"]["collection"]>;
interface Buildable<Row> {
  build(): Parameters<Awaited<ReturnType<Database["prisma"]["runtime"]>>["query"]>[0] & {
    readonly _row?: Row;
  };
}

/**
 * Runs one command of Prisma's raw lane and gives its documents as the database has them. The raw lane is used
 * wherever a filter must carry its conditions exactly (dynamic dotted paths, guards): it sends what it is given.
 */
export async function raw<Row>(
  { prisma }: Database,
  collection: Collection,
  command: (collection: RawCollection) => Buildable<unknown>,
): Promise<Row[]> {
  const runtime = await prisma.runtime();
  return (await runtime.query(command(prisma.raw.collection(collection)).build())) as Row[];
}

/** Whether an error says that a unique index refused a write. */
export const isDuplicateKey = (error: unknown) => error instanceof MongoServerError && error.code === 11_000;
