import { cron } from "inngest";
import { sweepSummaries } from "#src/server/operations/console/sweep.ts";
import type { Task } from "../tasks/task.ts";

/** Far more turns than catching up ever takes; the next minute goes on where they end. */
const mostTurns = 100;

/**
 * Every minute: makes summaries anew that went stale without anybody telling. In turns of a few seconds, each a step of
 * its own, so that even the first making of all of them never keeps the app long.
 */
export const keepGoalSummaries: Task = (services) =>
  services.inngest.createFunction(
    { id: "keep_goal_summaries", retries: 0, concurrency: 1, triggers: [cron("* * * * *")] },
    async ({ step }) => {
      for (let turn = 1; turn <= mostTurns; turn++) {
        const { done } = await step.run(`turn ${turn}`, () => sweepSummaries(services));
        if (done) return { turns: turn };
      }
      return { turns: mostTurns };
    },
  );
