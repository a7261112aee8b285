import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { ObjectId } from "mongodb";
import { environment } from "#src/config/env.ts";
import { giveBack, takeUp } from "./faults/ballast.ts";
import type { FaultStack } from "./faults/inject.ts";
import { drawPlan, services } from "./faults/plan.ts";
import { Arena } from "./faults/scenario.ts";
import { ownStack } from "./support/own-stack.ts";

/**
 * Faults, drawn from seeds: `FAULT_SEEDS=200 npm run e2e -- faults` tries that many, `FAULT_SEED=4711 FAULT_SEEDS=1` replays
 * one (docs/faults.md).
 */
const env = environment();
const first = Number(env["FAULT_SEED"] ?? 1);
const seeds = Array.from({ length: Number(env["FAULT_SEEDS"] ?? 20) }, (_, index) => first + index);

/** Ten minutes of the real back-off are six seconds of ours. */
const scale = 0.01;
const tenMinutes_ms = 600_000 * scale;

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
        RETRY_SCALE: String(scale),
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

  for (const service of services)
    test(`a decline that was accepted loses nothing when ${service} is away for ten minutes right after it`, async () => {
      expect(await arena.outage(service, tenMinutes_ms)).toEqual([]);
    });

  test("a full disk refuses what it cannot keep, keeps what it has, and takes in more when there is room", async () => {
    const kept = arena.database.collection<{ _id: number; text: string }>("fault_disk");
    const text = "x".repeat(10_000);
    await stack.disk.fill();
    await takeUp(arena.database, stack.untapped);
    // Its log may still be worked off, and have room once more.
    let next = 0;
    let refusal: unknown;
    while (refusal === undefined && next < 5_000)
      await kept.insertOne({ _id: next, text }).then(
        () => void (next += 1),
        (error: unknown) => void (refusal = error),
      );
    expect(String(refusal)).toMatch(/disk/);
    expect(await kept.countDocuments()).toBe(next);
    await stack.disk.free();
    await giveBack(arena.database);
    await kept.insertOne({ _id: next, text });
    expect(await kept.countDocuments()).toBe(next + 1);
    await kept.drop();
  });

  test("what nobody answered has ended by itself, and nothing waits for ever", async () => {
    expect(await arena.settle(undefined, 200_000)).toEqual([]);
    expect(await arena.lingering()).toEqual([]);
  });

  test("whoever judges sees a lost effect, and money that moved twice", async () => {
    const { database } = arena;
    const tracks = database.collection("goal_tracks");
    const { goalId } = await arena.decline();
    expect(await arena.settle()).toEqual([]);
    const track = await tracks.findOne({ _id: new ObjectId(goalId) });
    if (track === null) throw new Error("there is no record of it");
    await tracks.deleteOne({ _id: track._id });
    expect(await arena.settle(undefined, 500)).toEqual([`${goalId}: 0 records of its end`]);
    await tracks.insertOne(track);

    const ledger = database.collection<{ _id: string; insert_id: ObjectId }>("ledger_transfers");
    const refund = await ledger.findOne({ _id: `resolve:trigger_exclusive:${goalId}` });
    if (refund === null) throw new Error("nothing was refunded");
    await ledger.insertOne({ ...refund, _id: `${refund._id}:again`, insert_id: new ObjectId() });
    expect((await arena.settle(undefined, 500)).join()).toContain("prepayment and refund and refund");
    await ledger.deleteOne({ _id: `${refund._id}:again` });
    expect(await arena.settle(undefined, 500)).toEqual([]);
  });
});
