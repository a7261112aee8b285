import { bystander } from "./receiver.ts";

/** "trigger_show_escrow_refund **returned**": it serves show goals. */
export const triggerShowEscrowRefund = bystander(
  "trigger_show_escrow_refund",
  (signal) => `Serves show goals; this one is ${signal.context.type}.`,
);
