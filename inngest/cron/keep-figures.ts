import { cron } from "inngest";
import { keepRecentCounts } from "#src/server/operations/console/counts.ts";
import type { Task } from "../tasks/task.ts";

/** Every half-hour: counts what happened in the one before last, so that the overview reads a month and need not count it. */
export const keepFigures: Task = (services) =>
  services.inngest.createFunction(
    { id: "keep_figures", retries: 0, concurrency: 1, triggers: [cron("*/30 * * * *")] },
    () => keepRecentCounts(services),
  );
