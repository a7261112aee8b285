import { findOtherPairs, unsetPair } from "#src/server/data/sessions.ts";
import { announcePair } from "#src/server/operations/announce.ts";
import { done, receiver, returned } from "./receiver.ts";

/**
 * "`cleanup_expired_exclusive_goal_pairs`": unsets the session's other 1-on-1 invitations, document by document, each
 * under a filter that repeats what was seen (readings, 10). Only pairs from before this goal's end are touched, so a
 * second run removes nothing new. What is to go is kept by a step of its own: a run that dies after a removal still
 * knows whose page has to be told.
 */
export const cleanupExpiredExclusiveGoalPairs = receiver(
  "cleanup_expired_exclusive_goal_pairs",
  async ({ signal, services, effect }) => {
    const reason = signal.metadata.reason ?? "declined";
    if (reason !== "declined") return returned(`Acts on a decline; this goal was ${reason}.`);
    const sessionId = signal.conditions.session_id;
    const before = new Date(signal.exp);
    const others = await effect("find the other pairs", () =>
      findOtherPairs(services.db, { sessionId, goalId: signal.goal_id, before }),
    );
    await effect("remove them", async () => {
      for (const other of others) {
        await unsetPair(services.db, sessionId, other, before);
        await announcePair(services, {
          sessionId,
          streamerId: signal.metadata.user_id,
          viewerId: other.userId,
        });
      }
    });
    return done;
  },
);
