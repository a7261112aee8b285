import { invoke } from "inngest";
import { invalidateTokenViewInput } from "#src/contract/tasks.ts";
import { dropViews } from "#src/server/data/view-cache.ts";
import { tokenViewTag } from "#src/server/operations/announce.ts";
import { readInput, type Task } from "./task.ts";

/** "Execute invalidate_get_session_token_view_cache": the cached answers of `GET /sessions/<session_id>/token` are gone. */
export const invalidateGetSessionTokenViewCache: Task = (services) =>
  services.inngest.createFunction(
    {
      id: "invalidate_get_session_token_view_cache",
      // As long as the receiver that asks for it: were this given up, so would that be.
      retries: 8,
      triggers: [invoke(invalidateTokenViewInput)],
    },
    async ({ event }) => {
      await dropViews(services.db, [
        tokenViewTag(readInput(invalidateTokenViewInput, event.data).session_id),
      ]);
    },
  );
