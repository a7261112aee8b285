import { z } from "zod";
import { isoTime, objectIdHex } from "#src/contract/ids.ts";
import { studioOverview, viewerOverview } from "../operations/overviews.ts";
import { viewerReceipt } from "../operations/receipt.ts";
import { admin } from "./admin/router.ts";
import { router, streamerProcedure, viewerProcedure } from "./trpc.ts";

/** Every procedure: what the streamer's, the viewer's and the moderators' pages ask for. */
export const appRouter = router({
  studio: router({
    /** `since` is where the streamer's day begins, which the server cannot know. */
    overview: streamerProcedure
      .input(z.object({ since: isoTime.optional() }).prefault({}))
      .query(({ ctx, input }) =>
        studioOverview(ctx.services, ctx.caller.id, input.since === undefined ? null : new Date(input.since)),
      ),
  }),
  me: router({
    invitations: viewerProcedure.query(({ ctx }) => viewerOverview(ctx.services, ctx.caller.id)),
    /** One of the caller's own invitations with its ledger: `goal_not_found` for others. */
    receipt: viewerProcedure
      .input(z.object({ goal_id: objectIdHex }))
      .query(({ ctx, input }) => viewerReceipt(ctx.services, ctx.caller.id, input.goal_id)),
  }),
  admin,
});

export type AppRouter = typeof appRouter;
