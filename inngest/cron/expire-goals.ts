import { cron } from "inngest";
import { expireBatch, mendBatch, type WalkedTo } from "#src/server/operations/expire-goals.ts";
import type { Task } from "../tasks/task.ts";

/** How many batches a minute takes. What is more waits for the next one. */
const batches = 10;

/**
 * Every minute: invitations that nobody has answered end at their `exp`, by the task that ends all goals; and goals that
 * were left half made begin or give their money back. The oldest go first, and a batch waits for the one before it to
 * have been worked off: however many have run out, live declines go between them. A run that dies is made up for by
 * the next minute's, so nothing is tried again; and none begins while another goes on.
 */
export const expireGoals: Task = (services) =>
  services.inngest.createFunction(
    { id: "expire_goals", retries: 0, singleton: { mode: "skip" }, triggers: [cron("* * * * *")] },
    async ({ step }) => {
      let mended: WalkedTo | null = null;
      for (let n = 1; n <= batches; n++) {
        const after = mended;
        mended = await step.run(`mend ${n}`, () => mendBatch(services, after));
        if (mended === null) break;
      }
      let expired: WalkedTo | null = null;
      for (let n = 1; n <= batches; n++) {
        const after = expired;
        expired = await step.run(`expire ${n}`, () => expireBatch(services, after));
        if (expired === null) break;
        await step.sleep(`breathe ${n}`, "5s");
      }
    },
  );
