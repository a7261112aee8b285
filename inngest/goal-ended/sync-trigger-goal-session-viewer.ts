import { receiver, returned } from "./receiver.ts";

/** "sync_trigger_goal_session_viewer **returned**": it serves goals that were agreed to. */
export const syncTriggerGoalSessionViewer = receiver("sync_trigger_goal_session_viewer", () =>
  Promise.resolve(returned("Serves goals that were agreed to; no viewer joins the session.")),
);
