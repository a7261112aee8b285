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
