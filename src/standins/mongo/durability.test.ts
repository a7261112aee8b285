import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { afterEach, beforeEach, expect, test } from "vitest";

const PROGRAM = `
  const { startMongo } = await import(process.argv[1]);
  const options = { host: "127.0.0.1", port: 0, dataDir: process.argv[2], log: () => {} };
  console.log((await startMongo(options)).port);
`;

let dataDir: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "mongo-kill-"));
});
afterEach(async () => {
  await kill();
  rmSync(dataDir, { recursive: true });
});

/** Starts the server as a process of its own and connects to it. */
async function start(): Promise<MongoClient> {
  const server = new URL("./server.ts", import.meta.url).href;
  const started = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM, server, dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = started;
  const [line]: unknown[] = await once(started.stdout, "data");
  return new MongoClient(`mongodb://127.0.0.1:${String(line).trim()}`, { serverSelectionTimeoutMS: 2000 });
}

async function kill(): Promise<void> {
  if (child === undefined) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  child = undefined;
}

test("a process killed in the middle of writes loses none that it acknowledged", async () => {
  const acknowledged = new Set<number>();
  let counted = 0;
  let nextId = 0;
  for (const round of [1, 2, 3]) {
    const client = await start();
    const items = client.db("test").collection<{ _id: number; group?: number; count?: number }>("items");
    const counters = client.db("test").collection<{ _id: string; count: number }>("counters");
    if (round === 1) await items.createIndex({ group: 1, _id: -1 });

    // What earlier rounds acknowledged is there, in the documents and in the index.
    const kept = await items.find({}, { projection: { _id: 1 } }).toArray();
    const ids = new Set(kept.map((item) => item._id));
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
    expect(await items.countDocuments({ group: { $gte: 0 } })).toBe(ids.size);
    const counter = await counters.findOne({ _id: "all" });
    expect(counter?.count ?? 0).toBeGreaterThanOrEqual(counted);
    counted = counter?.count ?? 0;

    const write = async (): Promise<void> => {
      for (;;) {
        const _id = nextId++;
        await items.insertOne({ _id, group: _id % 7 });
        acknowledged.add(_id);
        await counters.findOneAndUpdate({ _id: "all" }, { $inc: { count: 1 } }, { upsert: true });
        counted++;
      }
    };
    const goal = acknowledged.size + 200;
    const writers = Array.from({ length: 5 }, () => write().catch(() => undefined));
    await expect.poll(() => acknowledged.size, { interval: 5 }).toBeGreaterThan(goal);
    await kill();
    await Promise.all(writers);
    await client.close();
  }
  expect(acknowledged.size).toBeGreaterThan(600);
});
