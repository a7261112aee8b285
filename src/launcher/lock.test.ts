import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLock } from "./lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "goalkeeper-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("of many that come at once exactly one gets it", async () => {
  const path = join(folder, "lock");
  const taken = await Promise.all(Array.from({ length: 8 }, () => takeLock(path)));
  expect(taken.filter((release) => release !== undefined)).toHaveLength(1);
});

test("whoever waits gets it when it is given back", async () => {
  const path = join(folder, "lock");
  const release = await takeLock(path);
  const waiting = takeLock(path, { wait_ms: 5_000 });
  release?.();
  expect(await waiting).toBeDefined();
});

test("a holder that is killed has given it back", async () => {
  const path = join(folder, "lock");
  const program = `import { takeLock } from ${JSON.stringify(new URL("./lock.ts", import.meta.url).href)};
    await takeLock(${JSON.stringify(path)}); process.send("held"); setInterval(() => {}, 1000);`;
  const holder = fork("-", { execArgv: ["--input-type=module-typescript", "--eval", program] });
  await once(holder, "message");
  expect(await takeLock(path)).toBeUndefined();
  holder.kill("SIGKILL");
  await once(holder, "exit");
  expect(await takeLock(path)).toBeDefined();
});
