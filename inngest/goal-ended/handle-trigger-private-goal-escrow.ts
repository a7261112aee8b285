import { bystander } from "./receiver.ts";

/** "handle_trigger_private_goal_escrow **returned**": it serves private goals. */
export const handleTriggerPrivateGoalEscrow = bystander(
  "handle_trigger_private_goal_escrow",
  (signal) => `Serves private goals; this one is ${signal.context.type}.`,
);
