import { z } from "zod";
import { isoTime, objectIdHex } from "#src/contract/ids.ts";
import { goalDetail, listGoalViews } from "../operations/goal-admin.ts";
import { studioOverview, viewerOverview } from "../operations/overviews.ts";
import { viewerReceipt } from "../operations/receipt.ts";
import { moderatorProcedure, router, streamerProcedure, viewerProcedure } from "./trpc.ts";

const goalCursor = z.object({ exp: isoTime, id: objectIdHex });

const goals = router({
  /** All goals, latest `exp` first, a page at a time. */
  list: moderatorProcedure
    .input(
      z.object({ cursor: goalCursor.nullish(), limit: z.int().min(1).max(200).default(50) }).prefault({}),
    )
    .query(({ ctx, input }) => listGoalViews(ctx.services, input.cursor ?? null, input.limit)),
  /** One goal with its session, pair, receivers' runs and ledger. */
  byId: moderatorProcedure
    .input(z.object({ goal_id: objectIdHex }))
    .query(({ ctx, input }) => goalDetail(ctx.services, input.goal_id)),
});

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
  admin: router({ goals }),
});

export type AppRouter = typeof appRouter;
