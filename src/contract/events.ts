import { eventType } from "inngest";
import { z } from "zod";
import { isoTime, objectIdHex } from "./ids.ts";
import { type ReceiverId, receiverIds } from "./receivers.ts";

/** Why a goal ended without being agreed to. Absent in a task's metadata, it is `declined`. */
const endReasons = ["declined", "expired", "superseded"] as const;
export type EndReason = (typeof endReasons)[number];

/** The conditions a goal must meet to be deactivated, named as in the specification; nothing else is allowed. */
const deactivateFilters = z.strictObject({ active: z.literal(true), metadata__user_id: objectIdHex });

const taskMetadata = z.looseObject({ reason: z.enum(endReasons).optional() });

/** Asks for a goal to be ended: the task `deactivate_goal`. Ids are hex, `triggerer` is who asked. */
export const goalDeactivate = eventType("goal.deactivate", {
  schema: z.object({
    goal_id: objectIdHex,
    filters: deactivateFilters,
    triggerer: objectIdHex,
    metadata: taskMetadata.nullable(),
  }),
});

/** The args of the signal: the goal as it ended. Times are ISO 8601, `prepaid_duration` is in seconds. */
const goalEndedData = z.object({
  goal_id: objectIdHex,
  _cls: z.literal("TriggerExclusiveGoal"),
  active: z.literal(false),
  progress: z.number().min(0).max(1),
  levels: z.array(z.unknown()),
  conditions: z.object({ session_id: objectIdHex, exclusive_to: objectIdHex }),
  context: z.object({ type: z.literal("trigger-exclusive"), exclusive_to: objectIdHex }),
  exp: isoTime,
  triggerer: objectIdHex,
  metadata: z.looseObject({
    reason: z.enum(endReasons).optional(),
    insert_ids: z.array(z.string()),
    user_id: objectIdHex,
    prepaid_duration: z.number(),
    cooldown: isoTime.optional(),
  }),
});

export type GoalEnded = z.output<typeof goalEndedData>;

/** The signal: a goal has ended. Eleven receivers take it. */
export const goalEnded = eventType("goal.ended", { schema: goalEndedData });

/**
 * The signal's event id, the same however often the step that sends it runs, so that it is sent once
 * (readings, 4). `resend` numbers a moderator's deliberate sending again.
 */
export const goalEndedId = (goalId: string, deactivationEventId: string, resend?: number) =>
  `goal.ended:${goalId}:${deactivationEventId}${resend === undefined ? "" : `:${resend}`}`;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const expiry = /^expire:[0-9a-f]{24}:\d+$/;

/**
 * The id of the event that ended a goal, read off a signal's; null where it cannot be told from that alone, and the
 * goal's `deactivated.event_id` says it.
 */
export function endedBy(signalId: string): string | null {
  const rest = /^goal\.ended:[0-9a-f]{24}:(.+)$/.exec(signalId)?.[1] ?? "";
  const isEnd = (id: string) => uuid.test(id) || expiry.test(id);
  // What was sent again has a number behind it.
  return [rest, rest.replace(/:\d+$/, "")].find(isEnd) ?? null;
}

/**
 * The id of the event that ends an invitation which has run out. Asked for again within the same hour after `exp` it is
 * the same, and Inngest drops it; should a run fail for good, the next hour's is taken. Times are milliseconds since
 * the epoch.
 */
export const expiryId = (goalId: string, exp: number, now: number) =>
  `expire:${goalId}:${Math.floor((now - exp) / 3_600_000)}`;

/**
 * The id of the event that ends an invitation which gives way: one for each `cause` (the signal of a decline, or the
 * goal of the invitation that replaces it), however often it asks.
 */
export const supersessionId = (goalId: string, cause: string) => `supersede:${goalId}:${cause}`;

/** The id of the event that brings a signal to one receiver whom it has not reached. `n` tells the attempts apart. */
export const reconcileId = (goalId: string, receiver: ReceiverId, n: number) =>
  `reconcile:${goalId}:${receiver}:${n}`;

const goalEndedRetryData = goalEndedData.extend({ receiver: z.enum(receiverIds) });

/** The signal again, for one receiver alone. */
export const goalEndedRetry = eventType("goal.ended.retry", { schema: goalEndedRetryData });

/** An action on many goals is to be carried out, or taken up again. */
export const bulkStarted = eventType("bulk.started", { schema: z.object({ bulk_id: objectIdHex }) });

/** The whole ledger is to be checked now: somebody asked, under this entry of the audit log. */
export const ledgerCheck = eventType("ledger.check", { schema: z.object({ audit_id: objectIdHex }) });
