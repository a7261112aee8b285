import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { environment } from "#src/config/env.ts";
import { planLocalServices, startLocalServices } from "./local-services.ts";
import { portIsFree } from "./ports.ts";
import { processPid, recordProcesses } from "./processes.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "goalkeeper-services-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test("the services end when the process that started them is killed", async () => {
  const program = `import { startLocalServices } from ${JSON.stringify(new URL("./local-services.ts", import.meta.url).href)};
    const { pid, settings } = await startLocalServices({ dataDir: ${JSON.stringify(dataDir)}, services: ["pusher"], env: process.env });
    process.send({ pid, port: Number(settings.PUSHER_PORT) });`;
  const parent = fork("-", { execArgv: ["--input-type=module-typescript", "--eval", program] });
  const [{ pid, port }] = (await once(parent, "message")) as [{ pid: number; port: number }];
  expect(await portIsFree("127.0.0.1", port)).toBe(false);
  recordProcesses(dataDir).note("services", pid);
  parent.kill("SIGKILL");
  await expect.poll(() => processPid(dataDir, "services"), { timeout: 10_000 }).toBeUndefined();
  expect(await portIsFree("127.0.0.1", port)).toBe(true);
});

test("a successor waits for a predecessor that still holds the data, and finds what it had written", async () => {
  const plan = await planLocalServices({ dataDir, services: ["mongodb"], env: environment() });
  const first = await plan.start();
  const client = new MongoClient(plan.settings["DATABASE_URL"] ?? "");
  await client.db().collection("notes").insertOne({ text: "kept" });
  first.kill("SIGKILL");
  const second = await plan.start();
  expect(
    await client
      .db()
      .collection("notes")
      .findOne({}, { projection: { _id: 0 } }),
  ).toEqual({ text: "kept" });
  await client.close();
  await second.stop();
});

test("keys are made once, for their owner's eyes, and kept", async () => {
  const options = { dataDir, env: environment() };
  const first = await planLocalServices(options);
  expect((await planLocalServices(options)).settings).toEqual(first.settings);
  expect((await stat(join(dataDir, "keys.json"))).mode & 0o777).toBe(0o600);
  expect(first.settings["AUTH_SECRET"]).toMatch(/^[0-9a-f]{64}$/);
});

test("only those asked for are started", async () => {
  const services = await startLocalServices({ dataDir, services: ["inngest"], env: environment() });
  expect(Object.keys(services.settings)).toEqual([
    "INNGEST_BASE_URL",
    "INNGEST_EVENT_KEY",
    "INNGEST_SIGNING_KEY",
    "AUTH_SECRET",
  ]);
  await services.stop();
  await services.exited;
});
