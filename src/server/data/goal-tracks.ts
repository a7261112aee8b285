import { ObjectId } from "mongodb";
import type { GoalDocument } from "./documents.ts";
import { type Database, isDuplicateKey, raw } from "./database.ts";

/** How a goal ended, as its analytics record says it. `triggerer` is hex. */
interface End {
  readonly outcome: string;
  readonly triggerer: string;
  readonly ended: Date;
}

/**
 * The analytics record of a goal's end: who, the outcome, the time from invitation to end in milliseconds, the prepaid
 * duration in seconds. Its id is the goal's.
 */
export const goalTrackOf = (goal: GoalDocument, end: End) => ({
  _id: goal._id,
  session_id: goal.conditions.session_id,
  streamer_id: goal.metadata.user_id,
  viewer_id: goal.conditions.exclusive_to,
  triggerer: new ObjectId(end.triggerer),
  outcome: end.outcome,
  invited: goal.created,
  ended: end.ended,
  waited_ms: end.ended.getTime() - goal.created.getTime(),
  prepaid_duration: goal.metadata.prepaid_duration,
});

/** Whether a goal has its analytics record. */
export async function hasGoalTrack(db: Database, goalId: ObjectId): Promise<boolean> {
  const found = await raw(db, "goal_tracks", (tracks) =>
    tracks.aggregate([{ $match: { _id: goalId } }, { $project: { _id: true } }]),
  );
  return found.length > 0;
}

/** Writes the analytics record of a goal's end. A second run writes nothing: the id is taken. */
export async function insertGoalTrack(db: Database, goal: GoalDocument, end: End): Promise<void> {
  try {
    await raw(db, "goal_tracks", (tracks) => tracks.insertOne(goalTrackOf(goal, end)));
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}
