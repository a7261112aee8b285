import { bystander } from "./receiver.ts";

/** "sync_trigger_goal_session_viewer **returned**": it serves goals that were agreed to. */
export const syncTriggerGoalSessionViewer = bystander(
  "sync_trigger_goal_session_viewer",
  () => "Serves goals that were agreed to; no viewer joins the session.",
);
