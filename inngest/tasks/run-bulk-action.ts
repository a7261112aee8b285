import { bulkStarted } from "#src/contract/events.ts";
import { sendBatch } from "#src/server/operations/console/bulk-run.ts";
import { readInput, type Task } from "./task.ts";

/**
 * Carries out an action on many goals, a batch a step, and waits after each for as long as the runs that it started
 * take their share of the receivers' time. One run an action at a time: what is sent while one goes on starts none.
 */
export const runBulkAction: Task = (services) =>
  services.inngest.createFunction(
    {
      id: "run_bulk_action",
      retries: 20,
      singleton: { key: "event.data.bulk_id", mode: "skip" },
      triggers: [bulkStarted],
    },
    async ({ event, step }) => {
      const { bulk_id } = readInput(bulkStarted.schema, event.data);
      for (let n = 1; ; n += 1) {
        // oxlint-disable no-await-in-loop -- one batch after another is what this is for
        const { more, until } = await step.run(`batch ${n}`, () => sendBatch(services, bulk_id));
        if (!more) return { batches: n };
        await step.sleepUntil(`wait after batch ${n}`, until);
        // oxlint-enable no-await-in-loop
      }
    },
  );
