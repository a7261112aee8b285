import { cron } from "inngest";
import { endExpiredSessions } from "#src/server/operations/end-expired-sessions.ts";
import type { Task } from "../tasks/task.ts";

/** Every minute: sign-ins whose time is over end, and with them their live connections. */
export const endSessionsThatExpired: Task = (services) =>
  services.inngest.createFunction(
    { id: "end_expired_sessions", retries: 0, concurrency: 1, triggers: [cron("* * * * *")] },
    async () => ({ ended: await endExpiredSessions(services, services.clock()) }),
  );
