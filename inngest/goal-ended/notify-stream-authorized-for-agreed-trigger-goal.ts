import { receiver, returned } from "./receiver.ts";

/** "notify_stream_authorized_for_agreed_trigger_goal **returned**": it serves goals that were agreed to. */
export const notifyStreamAuthorizedForAgreedTriggerGoal = receiver(
  "notify_stream_authorized_for_agreed_trigger_goal",
  () => Promise.resolve(returned("Serves goals that were agreed to; nobody is let in.")),
);
