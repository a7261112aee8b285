import { cron } from "inngest";
import { resumeBulk } from "#src/server/operations/console/bulk-run.ts";
import type { Task } from "../tasks/task.ts";

/** Every minute: takes up actions on many goals whose start was lost, or whose run was given up. */
export const resumeBulkActions: Task = (services) =>
  services.inngest.createFunction(
    { id: "resume_bulk_actions", retries: 0, triggers: [cron("* * * * *")] },
    async () => ({ resumed: await resumeBulk(services, services.clock()) }),
  );
