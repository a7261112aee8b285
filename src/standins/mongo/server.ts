import { type Socket, createServer } from "node:net";
import type { Standin, StandinOptions } from "../standin.ts";
import { createAnswer } from "./commands/dispatch.ts";
import { Cursors } from "./commands/cursors.ts";
import { Store } from "./store/store.ts";
import { removeExpired } from "./store/ttl.ts";
import { serveConnection } from "./wire/connection.ts";

/** MongoDB looks for expired documents once a minute; here, where people wait for it, once a second. */
const HOUSEKEEPING_MS = 1000;

/**
 * Starts a local server that speaks MongoDB's wire protocol, as a standalone MongoDB 7 does. It keeps its data in one
 * SQLite file in `dataDir`. Rejects when the port is taken, or when another process has the file open.
 */
export async function startMongo(options: StandinOptions): Promise<Standin> {
  const store = new Store(options.dataDir);
  const cursors = new Cursors();
  const answer = createAnswer(store, cursors, options.log);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serveConnection(socket, answer, options.log);
  });
  const housekeeping = setInterval(() => {
    try {
      cursors.endIdle(Date.now());
      removeExpired(store, Date.now());
    } catch (error) {
      options.log(`mongo: housekeeping failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }, HOUSEKEEPING_MS);
  housekeeping.unref();

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= new Promise((resolve) => {
      clearInterval(housekeeping);
      server.close(() => {
        store.close();
        resolve();
      });
      for (const socket of sockets) socket.destroy();
    }));

  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(options.port, options.host, resolve);
    });
  } catch (error) {
    clearInterval(housekeeping);
    store.close();
    throw error;
  }
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : options.port, close };
}
