import { ObjectId } from "mongodb";
import { findOtherPairs, unsetPair } from "#src/server/data/pairs.ts";
import { announcePairs } from "#src/server/operations/announce.ts";
import { askToSupersede } from "#src/server/operations/ask-to-end.ts";
import { done, receiver, returned } from "./receiver.ts";

/** How many goals one request to Inngest names. */
const batch = 100;

/**
 * "`cleanup_expired_exclusive_goal_pairs`": unsets the session's other 1-on-1 invitations, document by document, each
 * under a filter that repeats what was seen (readings, 10). Only pairs from before this goal's end are touched, so a
 * second run removes nothing new. The goals of those that were pending are superseded, which is asked for before the
 * pair goes: dying in between loses no refund. What is to go is kept by a step of its own: a run that dies after a
 * removal still knows whose page has to be told.
 */
export const cleanupExpiredExclusiveGoalPairs = receiver(
  "cleanup_expired_exclusive_goal_pairs",
  async ({ signal, eventId, services, effect, underway }) => {
    const reason = signal.metadata.reason ?? "declined";
    if (reason !== "declined") return returned(`Acts on a decline; this goal was ${reason}.`);
    const sessionId = signal.conditions.session_id;
    const streamerId = signal.metadata.user_id;
    const before = new Date(signal.exp);
    const others = await effect("find the other pairs", () =>
      findOtherPairs(services.db, { sessionId, goalId: signal.goal_id, before }),
    );
    if (others.length > 0) await underway();
    for (let from = 0; from < others.length; from += batch) {
      const some = others.slice(from, from + batch);
      const pending = some.filter(({ isPending }) => isPending);
      await effect(`remove from ${from}`, async () => {
        await askToSupersede(
          services,
          pending.map(({ goalId }) => new ObjectId(goalId)),
          { streamerId, triggerer: signal.triggerer, cause: eventId },
        );
        for (const other of some) await unsetPair(services.db, sessionId, other, before);
        await announcePairs(
          services,
          some.map(({ userId: viewerId }) => ({ sessionId, streamerId, viewerId })),
        );
      });
    }
    return done;
  },
  { retries: 20, keepsEachStep: true },
);
