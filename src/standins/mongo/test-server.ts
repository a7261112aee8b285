import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Db, MongoClient, type MongoClientOptions } from "mongodb";
import { startMongo } from "./server.ts";

/** A server of a test's own, with the official driver connected to it. */
export interface TestServer {
  readonly port: number;
  readonly client: MongoClient;
  readonly db: Db;
  /** What the server has logged. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

/** Starts a server with an empty folder, which `close` removes. */
export async function startTestServer(options: MongoClientOptions = {}): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "mongo-test-"));
  const lines: string[] = [];
  const server = await startMongo({ host: "127.0.0.1", port: 0, dataDir, log: (line) => lines.push(line) });
  const client = new MongoClient(`mongodb://127.0.0.1:${server.port}`, options);
  return {
    port: server.port,
    client,
    db: client.db("test"),
    lines,
    async close() {
      await client.close();
      await server.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
