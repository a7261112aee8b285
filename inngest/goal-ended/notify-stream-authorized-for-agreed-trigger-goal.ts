import { bystander } from "./receiver.ts";

/** "notify_stream_authorized_for_agreed_trigger_goal **returned**": it serves goals that were agreed to. */
export const notifyStreamAuthorizedForAgreedTriggerGoal = bystander(
  "notify_stream_authorized_for_agreed_trigger_goal",
  () => "Serves goals that were agreed to; nobody is let in.",
);
