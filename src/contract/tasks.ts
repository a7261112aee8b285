import { z } from "zod";
import { isoTime, objectIdHex } from "./ids.ts";

/** Whether a goal's escrow may go back to its viewer, and if not, why. */
export const checkRefundableInput = z.object({ goal_id: objectIdHex });

/**
 * Refunds what was put into the escrow for `user_id` (the streamer), not before `nbf` and not after `exp`; without
 * `exp` the session goes on.
 */
export const escrowRefundInput = z.object({
  escrow_id: z.string().min(1),
  user_id: objectIdHex,
  nbf: isoTime,
  exp: isoTime.nullable(),
});

export const invalidateTokenViewInput = z.object({ session_id: objectIdHex });

/** What `check_trigger_exclusive_goal_refundable` answers. */
export const checkRefundableResult = z.discriminatedUnion("refundable", [
  z.object({ refundable: z.literal(true) }),
  z.object({
    refundable: z.literal(false),
    reason: z.enum(["goal_not_found", "still_active", "agreed_to", "escrow_empty", "held_back"]),
  }),
]);

/** What `escrow_refund` answers. Amounts are whole minor units; `left` stays in the escrow and wants a moderator's eye. */
export const escrowRefundResult = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("refunded"), transfer_id: z.string(), amount: z.number(), left: z.number() }),
  z.object({ kind: z.literal("already_resolved"), transfer_id: z.string(), left: z.number() }),
  z.object({ kind: z.literal("nothing_to_refund"), left: z.number() }),
  z.object({ kind: z.literal("mixed_holds") }),
  z.object({ kind: z.literal("held_back") }),
]);

export type RefundResult = z.output<typeof escrowRefundResult>;
