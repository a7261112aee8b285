import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environment } from "#src/config/env.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { anyCommand } from "./acts.ts";
import { makeLiveWorld } from "./live.ts";
import { rest, setStage } from "./stage.ts";

/** `MODEL_LIVE_RUNS=200 npx vitest run src/testing/model` makes that many; the order of things is the machine's. */
const numRuns = Number(environment()["MODEL_LIVE_RUNS"] ?? 4);

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

test(
  "over Inngest itself, each invitation ends once as well, is signalled once, and its money is where it belongs",
  async () => {
    const commands = fc.commands([anyCommand], { maxCommands: 25, size: "max" });
    await fc.assert(
      fc.asyncProperty(commands, async (acts) => {
        const stage = await setStage(await makeLiveWorld(app.services));
        await fc.asyncModelRun(async () => ({ model: {}, real: stage }), acts);
        await rest(stage);
        expect(stage.world.queue.failures).toEqual([]);
      }),
      // What the machine has decided once cannot be made smaller.
      { numRuns, endOnFailure: true },
    );
  },
  60_000 + numRuns * 5_000,
);
