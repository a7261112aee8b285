import { findGoal } from "#src/server/data/goals.ts";
import { insertGoalTrack } from "#src/server/data/goal-tracks.ts";
import { done, receiver } from "./receiver.ts";

/** "track_goals": one analytics record for the goal, once however often this runs (readings, 6): its id is the goal's. */
export const trackGoals = receiver("track_goals", async ({ signal, services }) => {
  const goal = await findGoal(services.db, signal.goal_id);
  if (goal === null) throw new Error(`Goal ${signal.goal_id} has ended and is gone.`);
  await insertGoalTrack(services.db, goal, {
    outcome: signal.metadata.reason ?? "declined",
    triggerer: signal.triggerer,
    ended: goal.deactivated?.at ?? new Date(signal.exp),
  });
  return done;
});
