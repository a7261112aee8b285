import { done, receiver } from "./receiver.ts";

/**
 * "`notify_goal_ended`": the Pusher event `goal.ended` on the streamer's three channels. Viewers can join one of them,
 * so it says nothing of payments. It may be sent more than once; pages know a repeat by the signal's id (readings, 8).
 */
export const notifyGoalEnded = receiver("notify_goal_ended", async ({ signal, eventId, services }) => {
  await services.live.goalEnded(signal.metadata.user_id, {
    signal_id: eventId,
    goal_id: signal.goal_id,
    exclusive_to: signal.conditions.exclusive_to,
    exp: signal.exp,
  });
  return done;
});
