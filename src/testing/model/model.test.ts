import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environment } from "#src/config/env.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { anyCommand } from "./acts.ts";
import { rest, setStage } from "./stage.ts";
import { makeWorld } from "./world.ts";

/**
 * `MODEL_RUNS=1000 npx vitest run src/testing/model` makes that many. What fast-check prints of a failure is replayed by
 * `MODEL_SEED`, `MODEL_PATH` and `MODEL_REPLAY` (its `replayPath`); `MODEL_SHRINK=0` leaves it as long as it was.
 */
const env = environment();
const numRuns = Number(env["MODEL_RUNS"] ?? 50);
const replay = {
  ...(env["MODEL_SEED"] === undefined ? {} : { seed: Number(env["MODEL_SEED"]) }),
  ...(env["MODEL_PATH"] === undefined ? {} : { path: env["MODEL_PATH"] }),
};
const longest_ms = 180_000 + numRuns * 2_000;

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

test(
  "whoever races, fails or dies, each invitation ends once, is signalled once, and its money is where it belongs",
  async () => {
    const draws = fc.array(fc.nat({ max: 40 }), { maxLength: 60 });
    const commands = fc.commands([anyCommand], {
      maxCommands: 40,
      size: "max",
      replayPath: env["MODEL_REPLAY"] ?? "",
    });
    await fc.assert(
      fc.asyncProperty(draws, commands, async (order, acts) => {
        const stage = await setStage(await makeWorld(app.services, order));
        await fc.asyncModelRun(async () => ({ model: {}, real: stage }), acts);
        await rest(stage);
        await rest(stage, true);
        expect(stage.world.queue.failures).toEqual([]);
      }),
      // What is found within the time is told, as far as it has been made smaller by then.
      { numRuns, ...replay, interruptAfterTimeLimit: longest_ms, endOnFailure: env["MODEL_SHRINK"] === "0" },
    );
  },
  longest_ms + 30_000,
);
