/** The eleven receivers of the signal `goal.ended`, in the specification's order. */
export const receiverIds = [
  "trigger_show_escrow_refund",
  "handle_trigger_private_goal_escrow",
  "snapshot_rtc_sources",
  "notify_stream_authorized_for_agreed_trigger_goal",
  "sync_trigger_goal_session_viewer",
  "track_goals",
  "set_embedded_goal_ended",
  "notify_goal_ended",
  "trigger_exclusive_goal_escrow_refund",
  "cleanup_expired_exclusive_goal_pairs",
  "invalidate_cached_pusher_channel_data",
] as const;

export type ReceiverId = (typeof receiverIds)[number];

/** The tasks: functions that are asked for by name, and leave no record among the receivers' runs. */
export type TaskId =
  | "deactivate_goal"
  | "check_trigger_exclusive_goal_refundable"
  | "escrow_refund"
  | "invalidate_get_session_token_view_cache"
  | "run_bulk_action";

/** What runs by the clock: for goals, and for the console. */
export type CronId =
  | "expire_goals"
  | "reconcile_declines"
  | "keep_goal_summaries"
  | "check_conservation"
  | "keep_figures"
  | "reconcile_audit"
  | "resume_bulk_actions"
  | "end_expired_sessions";

/** How one receiver fared with one signal. */
export const receiverStatuses = ["running", "done", "returned", "waiting", "failed"] as const;

export type ReceiverStatus = (typeof receiverStatuses)[number];
