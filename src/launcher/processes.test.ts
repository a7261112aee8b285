import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readJson, writePrivateJson } from "./private-file.ts";
import { processPid, reclaimProcesses, recordProcesses } from "./processes.ts";

let dataDir: string;
let other: ChildProcess;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "goalkeeper-processes-"));
  other = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"]);
});
afterEach(async () => {
  other.kill("SIGKILL");
  await rm(dataDir, { recursive: true, force: true });
});

const pid = () => other.pid ?? 0;
const ignore = () => undefined;

test("a process that a killed start left running is ended, at the latest after the patience", async () => {
  recordProcesses(dataDir).note("app", pid());
  expect(processPid(dataDir, "app")).toBe(pid());
  const ended = once(other, "exit");
  await reclaimProcesses(dataDir, ignore, 50);
  expect(await ended).toEqual([null, "SIGKILL"]);
  expect(processPid(dataDir, "app")).toBeUndefined();
});

test("a process that only has the same id is left alone", async () => {
  recordProcesses(dataDir).note("app", pid());
  const path = join(dataDir, "processes.json");
  writePrivateJson(
    path,
    (readJson(path) as object[]).map((known) => ({ ...known, born: "1" })),
  );
  expect(processPid(dataDir, "app")).toBeUndefined();
  await reclaimProcesses(dataDir, ignore, 0);
  expect(other.exitCode ?? other.signalCode).toBeNull();
});

test("a record that a kill cut short reclaims nothing, and hinders nothing", async () => {
  writePrivateJson(join(dataDir, "processes.json"), [{ name: "app" }]);
  await reclaimProcesses(dataDir, ignore, 0);
  expect(other.exitCode ?? other.signalCode).toBeNull();
});
