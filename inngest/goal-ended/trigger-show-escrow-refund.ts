import { receiver, returned } from "./receiver.ts";

/** "trigger_show_escrow_refund **returned**": it serves show goals. */
export const triggerShowEscrowRefund = receiver("trigger_show_escrow_refund", ({ signal }) =>
  Promise.resolve(returned(`Serves show goals; this one is ${signal.context.type}.`)),
);
