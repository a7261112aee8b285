import { receiver, returned } from "./receiver.ts";

/** "handle_trigger_private_goal_escrow **returned**": it serves private goals. */
export const handleTriggerPrivateGoalEscrow = receiver("handle_trigger_private_goal_escrow", ({ signal }) =>
  Promise.resolve(returned(`Serves private goals; this one is ${signal.context.type}.`)),
);
