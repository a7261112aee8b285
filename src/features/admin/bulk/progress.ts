import type { ReceiverStatus } from "#src/contract/receivers.ts";
import type { BulkView } from "#src/server/operations/console/bulk.ts";

/** How the runs of an action stand; `unsent` have not been asked for yet, `sent` have not begun. */
export const progressParts = [
  "done",
  "returned",
  "failed",
  "waiting",
  "running",
  "sent",
  "skipped",
  "unsent",
] as const satisfies readonly (ReceiverStatus | "sent" | "skipped" | "unsent")[];
export type ProgressPart = (typeof progressParts)[number];

/** How many of an action's runs stand how; together they are all of its items. */
export function progressOf(
  bulk: Pick<BulkView, "items" | "sent" | "skipped" | "settled">,
): Readonly<Record<ProgressPart, number>> {
  const begun = Object.values(bulk.settled).reduce((sum, count) => sum + count, 0);
  return {
    ...bulk.settled,
    // What has been counted at slightly different moments never adds up to less than nothing.
    sent: Math.max(0, bulk.sent - begun),
    skipped: bulk.skipped,
    unsent: Math.max(0, bulk.items - Math.max(bulk.sent, begun) - bulk.skipped),
  };
}

/** Whether an action may still change: it goes on, or runs that it asked for have not come to an end. */
export function isMoving(bulk: BulkView): boolean {
  if (bulk.status === "running") return true;
  if (bulk.status === "awaiting_approval" || bulk.status === "rejected") return false;
  const { sent, running } = progressOf(bulk);
  return sent + running > 0;
}
