import { cron } from "inngest";
import { ledgerCheck } from "#src/contract/events.ts";
import { checkConservation } from "#src/server/operations/console/check-conservation.ts";
import type { Task } from "../tasks/task.ts";

/**
 * Every minute, and when somebody asks: checks that all money is where it belongs. What was asked for is tried again
 * while a check that has died still counts as under way; the minute's comes again by itself.
 */
export const checkConservationLight: Task = (services) =>
  services.inngest.createFunction(
    {
      id: "check_conservation",
      retries: 4,
      concurrency: 1,
      triggers: [cron("* * * * *"), ledgerCheck],
    },
    async ({ event }) => {
      const isAsked = event.name === ledgerCheck.name;
      const checked = await checkConservation(services, { whole: isAsked });
      if (isAsked && checked.kind === "busy") throw new Error("Another check is under way.");
      return checked;
    },
  );
