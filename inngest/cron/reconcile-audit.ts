import { cron } from "inngest";
import { reconcileAudit } from "#src/server/operations/console/reconcile-audit.ts";
import type { Task } from "../tasks/task.ts";

/** Every minute: settles entries of the audit log that a process left behind between an intention and its change. */
export const reconcileAuditLog: Task = (services) =>
  services.inngest.createFunction(
    { id: "reconcile_audit", retries: 0, concurrency: 1, triggers: [cron("* * * * *")] },
    () => reconcileAudit(services),
  );
