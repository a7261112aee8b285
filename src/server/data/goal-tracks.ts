import { ObjectId } from "mongodb";
import type { GoalDocument } from "./documents.ts";
import { type Database, isDuplicateKey, raw } from "./database.ts";

/**
 * Writes the analytics record of a goal's end: who, the outcome, the time from invitation to end in milliseconds, the
 * prepaid duration in seconds. Its id is the goal's, so a second run writes nothing.
 */
export async function insertGoalTrack(
  db: Database,
  goal: GoalDocument,
  end: { outcome: string; triggerer: string; ended: Date },
): Promise<void> {
  try {
    await raw(db, "goal_tracks", (tracks) =>
      tracks.insertOne({
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
      }),
    );
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}
