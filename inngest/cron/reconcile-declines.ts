import { cron } from "inngest";
import { lookAtLast, mendStragglers, walkOn } from "#src/server/operations/reconcile-declines.ts";
import type { Task } from "../tasks/task.ts";

/** How many batches of the walk a minute takes. What is more waits for the next one. */
const batches = 20;

/**
 * Every minute: sends the signal of goals that ended over 60 s ago and that receivers have not heard of. A run that dies
 * is made up for by the next minute's, so nothing is tried again; and none begins while another goes on.
 */
export const reconcileDeclines: Task = (services) =>
  services.inngest.createFunction(
    { id: "reconcile_declines", retries: 0, singleton: { mode: "skip" }, triggers: [cron("* * * * *")] },
    async ({ step }) => {
      await step.run("look at the last ends", () => lookAtLast(services));
      for (let n = 1; n <= batches; n++) {
        if (!(await step.run(`walk on ${n}`, () => walkOn(services)))) break;
      }
      await step.run("mend", () => mendStragglers(services));
    },
  );
