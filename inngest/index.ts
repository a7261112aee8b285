import type { InngestFunction } from "inngest";
import type { CronId, ReceiverId, TaskId } from "#src/contract/receivers.ts";
import type { Services } from "#src/server/services.ts";
import { checkConservationLight } from "./cron/check-conservation.ts";
import { endSessionsThatExpired } from "./cron/end-expired-sessions.ts";
import { expireGoals } from "./cron/expire-goals.ts";
import { keepFigures } from "./cron/keep-figures.ts";
import { reconcileDeclines } from "./cron/reconcile-declines.ts";
import { keepGoalSummaries } from "./cron/keep-goal-summaries.ts";
import { reconcileAuditLog } from "./cron/reconcile-audit.ts";
import { resumeBulkActions } from "./cron/resume-bulk-actions.ts";
import { cleanupExpiredExclusiveGoalPairs } from "./goal-ended/cleanup-expired-exclusive-goal-pairs.ts";
import { handleTriggerPrivateGoalEscrow } from "./goal-ended/handle-trigger-private-goal-escrow.ts";
import { invalidateCachedPusherChannelData } from "./goal-ended/invalidate-cached-pusher-channel-data.ts";
import { notifyGoalEnded } from "./goal-ended/notify-goal-ended.ts";
import { notifyStreamAuthorizedForAgreedTriggerGoal } from "./goal-ended/notify-stream-authorized-for-agreed-trigger-goal.ts";
import type { Receiver } from "./goal-ended/receiver.ts";
import { setEmbeddedGoalEnded } from "./goal-ended/set-embedded-goal-ended.ts";
import { snapshotRtcSources } from "./goal-ended/snapshot-rtc-sources.ts";
import { syncTriggerGoalSessionViewer } from "./goal-ended/sync-trigger-goal-session-viewer.ts";
import { trackGoals } from "./goal-ended/track-goals.ts";
import { triggerExclusiveGoalEscrowRefund } from "./goal-ended/trigger-exclusive-goal-escrow-refund.ts";
import { triggerShowEscrowRefund } from "./goal-ended/trigger-show-escrow-refund.ts";
import { checkTriggerExclusiveGoalRefundable } from "./tasks/check-trigger-exclusive-goal-refundable.ts";
import { deactivateGoal } from "./tasks/deactivate-goal.ts";
import { escrowRefund } from "./tasks/escrow-refund.ts";
import { invalidateGetSessionTokenViewCache } from "./tasks/invalidate-get-session-token-view-cache.ts";
import { runBulkAction } from "./tasks/run-bulk-action.ts";
import type { Task } from "./tasks/task.ts";

/** The roster: every function that Inngest runs for us, one line each, in the specification's order. */
const tasks: Record<TaskId, Task> = {
  deactivate_goal: deactivateGoal,
  check_trigger_exclusive_goal_refundable: checkTriggerExclusiveGoalRefundable,
  escrow_refund: escrowRefund,
  invalidate_get_session_token_view_cache: invalidateGetSessionTokenViewCache,
  run_bulk_action: runBulkAction,
};

const receivers: Record<ReceiverId, Receiver> = {
  trigger_show_escrow_refund: triggerShowEscrowRefund,
  handle_trigger_private_goal_escrow: handleTriggerPrivateGoalEscrow,
  snapshot_rtc_sources: snapshotRtcSources,
  notify_stream_authorized_for_agreed_trigger_goal: notifyStreamAuthorizedForAgreedTriggerGoal,
  sync_trigger_goal_session_viewer: syncTriggerGoalSessionViewer,
  track_goals: trackGoals,
  set_embedded_goal_ended: setEmbeddedGoalEnded,
  notify_goal_ended: notifyGoalEnded,
  trigger_exclusive_goal_escrow_refund: triggerExclusiveGoalEscrowRefund,
  cleanup_expired_exclusive_goal_pairs: cleanupExpiredExclusiveGoalPairs,
  invalidate_cached_pusher_channel_data: invalidateCachedPusherChannelData,
};

/** By the clock: what ends and mends goals, ends what is over, and keeps the console's own records right. */
const crons: Record<CronId, Task> = {
  expire_goals: expireGoals,
  reconcile_declines: reconcileDeclines,
  keep_goal_summaries: keepGoalSummaries,
  check_conservation: checkConservationLight,
  keep_figures: keepFigures,
  reconcile_audit: reconcileAuditLog,
  resume_bulk_actions: resumeBulkActions,
  end_expired_sessions: endSessionsThatExpired,
};

/** The functions, over these services, ready to be served. */
export const functions = (services: Services): InngestFunction.Any[] =>
  [...Object.values(tasks), ...Object.values(receivers), ...Object.values(crons)].map((define) =>
    define(services),
  );
