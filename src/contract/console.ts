import { z } from "zod";
import { isoTime, objectIdHex } from "./ids.ts";
import { receiverIds } from "./receivers.ts";

/** The columns of the effects matrix: the eleven receivers, and the two tasks of the refund. */
export const effectIds = [
  ...receiverIds,
  "check_trigger_exclusive_goal_refundable",
  "escrow_refund",
] as const;
export type EffectId = (typeof effectIds)[number];

/** How a goal may have ended. */
export const goalOutcomes = ["agreed", "declined", "expired", "superseded"] as const;
export type GoalOutcome = (typeof goalOutcomes)[number];

/** How the money of a goal may stand, by its ledger. */
export const refundStates = ["none", "held", "due", "refunded", "paid"] as const;

/** What a list of goals may be ordered by, always downwards, with the goal's id after it. */
export const goalSorts = ["created", "ended", "amount"] as const;
export type GoalSort = (typeof goalSorts)[number];

/**
 * Which goals of the console: the same in the page's address, in the list, in the export and in an action on many.
 * `from` and `to` are of the creation, or of the end where that is the order; amounts are whole minor units, and order
 * by amount. `q` is an id or an e-mail address, whole.
 */
export const goalFilter = z.strictObject({
  state: z.enum(["pending", "ended"]).optional(),
  outcome: z.enum(goalOutcomes).optional(),
  refund: z.enum(refundStates).optional(),
  trouble: z.enum(["any", "failed", "late"]).optional(),
  /** With `trouble`, whose trouble. */
  receiver: z.enum(receiverIds).optional(),
  streamer: objectIdHex.optional(),
  viewer: objectIdHex.optional(),
  session: objectIdHex.optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
  min_amount: z.int().min(0).optional(),
  max_amount: z.int().min(0).optional(),
  q: z.string().trim().min(1).max(200).optional(),
  sort: z.enum(goalSorts).optional(),
});
export type GoalFilter = z.output<typeof goalFilter>;

/** An amount of one currency, in whole minor units. */
export interface Money {
  readonly currency: string;
  readonly amount: number;
}

/** Everything that is done by hand, and audited. */
export const auditActions = [
  "goal.retry",
  "goal.resend_signal",
  "goal.decline",
  "refund.hold",
  "refund.let_go",
  "refund.now",
  "bulk.start",
  "bulk.approve",
  "bulk.reject",
  "bulk.stop",
  "user.set_role",
  "ledger.check",
] as const;
export type AuditAction = (typeof auditActions)[number];

/**
 * How far an action has come: `intended` before the change, `completed` after it, `refused` when nothing was changed,
 * `lapsed` when it was not confirmed and no trace of it was ever found.
 */
export const auditStatuses = ["intended", "completed", "refused", "lapsed"] as const;
export type AuditStatus = (typeof auditStatuses)[number];

/** Which entries of the audit log, in the list and in the export: `from` is included, `to` is not. */
export const auditFilter = z.strictObject({
  actor: objectIdHex.optional(),
  action: z.enum(auditActions).optional(),
  status: z.enum(auditStatuses).optional(),
  target: z.string().max(100).optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
});
export type AuditFilter = z.output<typeof auditFilter>;

/** Why somebody acts by hand: a sentence for those who come after. */
export const auditReason = z.string().trim().min(3).max(500);

export type BulkStatus = "awaiting_approval" | "running" | "done" | "stopped" | "rejected";

/** What an action on many goals is to run again: one receiver, or whatever failed. */
export const bulkWhat = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("failed") }),
  z.strictObject({ kind: z.literal("receiver"), receiver: z.enum(receiverIds), only_failed: z.boolean() }),
]);
export type BulkWhat = z.output<typeof bulkWhat>;

/** What can be done to one goal by hand. */
export const goalAction = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("retry"),
    receivers: z.array(z.enum(receiverIds)).min(1).max(receiverIds.length),
  }),
  z.strictObject({ kind: z.literal("resend_signal") }),
  z.strictObject({ kind: z.literal("decline") }),
  z.strictObject({ kind: z.literal("hold_refund") }),
  z.strictObject({ kind: z.literal("let_refund_go") }),
  z.strictObject({ kind: z.literal("refund_now") }),
]);
export type GoalAction = z.output<typeof goalAction>;
export type GoalActionKind = GoalAction["kind"];

/** What only admins may do to a goal: what decides on money by hand. */
export const adminsOnly: readonly GoalActionKind[] = ["hold_refund", "let_refund_go", "refund_now"];

/** Over which stretch figures are drawn. */
export const figureRanges = ["hour", "day", "month"] as const;
export type FigureRange = (typeof figureRanges)[number];
