import { referenceFunction } from "inngest";
import { invalidateTokenViewInput } from "#src/contract/tasks.ts";
import { setEmbeddedGoalEnded as markEnded } from "#src/server/data/sessions.ts";
import { announcePair } from "#src/server/operations/announce.ts";
import { done, receiver } from "./receiver.ts";

const invalidateTokenView = referenceFunction({
  functionId: "invalidate_get_session_token_view_cache",
  schemas: { data: invalidateTokenViewInput },
});

/**
 * "`set_embedded_goal_ended`": the session's record of the invitation, and its live pair where it still points at this
 * goal, get the end and the cooldown; then `invalidate_get_session_token_view_cache` runs (readings, 7). A second run
 * keeps the first end. Pages are told after the write, since they show the pair.
 */
export const setEmbeddedGoalEnded = receiver(
  "set_embedded_goal_ended",
  async ({ signal, services, step, effect }) => {
    const { session_id, exclusive_to } = signal.conditions;
    await effect("mark the session", () =>
      markEnded(services.db, {
        sessionId: session_id,
        goalId: signal.goal_id,
        viewerId: exclusive_to,
        cooldown: signal.metadata.cooldown === undefined ? null : new Date(signal.metadata.cooldown),
        now: services.clock(),
      }),
    );
    await step.invoke("invalidate the token view", { function: invalidateTokenView, data: { session_id } });
    await effect("tell the pages", () =>
      announcePair(services, {
        sessionId: session_id,
        streamerId: signal.metadata.user_id,
        viewerId: exclusive_to,
      }),
    );
    return done;
  },
);
