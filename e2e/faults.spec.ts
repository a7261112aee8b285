import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { environment } from "#src/config/env.ts";
import type { FaultStack } from "./faults/inject.ts";
import { drawPlan } from "./faults/plan.ts";
import { Arena } from "./faults/scenario.ts";
import { ownStack } from "./support/own-stack.ts";

/**
 * Faults, drawn from seeds: `FAULT_SEEDS=200 npm run e2e -- faults` tries that many, `FAULT_SEED=4711 FAULT_SEEDS=1` replays
 * one (docs/faults.md).
 */
const env = environment();
const first = Number(env["FAULT_SEED"] ?? 1);
const seeds = Array.from({ length: Number(env["FAULT_SEEDS"] ?? 20) }, (_, index) => first + index);

test.describe("whatever fails on the way", () => {
  test.describe.configure({ timeout: 240_000 });
  let folder: string;
  let stack: FaultStack;
  let arena: Arena;
  test.beforeAll(async () => {
    test.setTimeout(180_000);
    folder = mkdtempSync(join(tmpdir(), "goalkeeper-faults-"));
    const clockFile = join(folder, "clock");
    writeFileSync(clockFile, "0");
    const clock = new URL("./faults/shifted-clock.ts", import.meta.url);
    clock.searchParams.set("file", clockFile);
    const limit = "1000000";
    stack = await ownStack({
      tap: ["mongodb", "inngest", "pusher", "app"],
      onSmallDisk: true,
      quiet: env["FAULT_LOG"] === undefined,
      settings: {
        RATE_LIMIT_DECLINE: limit,
        LOG_LEVEL: env["FAULT_LOG"] ?? "silent",
        NODE_OPTIONS: `--import ${clock.href}`,
      },
      ...(env["FAULT_LOG"] === undefined ? { onOutput: () => undefined } : {}),
    });
    arena = await Arena.open(stack, clockFile);
  });
  test.afterAll(async () => {
    await arena?.close();
    await stack?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const seed of seeds)
    test(`every accepted decline has all its effects, and money moves once (seed ${seed})`, async () => {
      const verdict = await arena.run(drawPlan(seed));
      process.stdout.write(`  ${JSON.stringify(verdict)}\n`);
      expect(verdict.wrong, `FAULT_SEED=${seed} FAULT_SEEDS=1 npm run e2e -- faults`).toEqual([]);
    });

  test("what nobody answered has ended by itself, and nothing waits for ever", async () => {
    expect(await arena.settle(undefined, 200_000)).toEqual([]);
    expect(await arena.lingering()).toEqual([]);
  });
});
