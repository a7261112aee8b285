import { z } from "zod";
import { bulkWhat, goalFilter } from "#src/contract/console.ts";
import { objectIdHex } from "#src/contract/ids.ts";
import { decideBulk, findBulk, listBulk, previewBulk, startBulk } from "../../operations/console/bulk.ts";
import { adminProcedure, moderatorProcedure, router } from "../trpc.ts";
import { byHand, page } from "./inputs.ts";

const selection = z.object({ filter: goalFilter, what: bulkWhat });
const decision = z.object({ bulk_id: objectIdHex, ...byHand });

const decide = (procedure: typeof moderatorProcedure, taken: "approve" | "reject" | "stop") =>
  procedure.input(decision).mutation(({ ctx, input }) =>
    decideBulk(ctx.services, ctx.caller, {
      bulkId: input.bulk_id,
      decision: taken,
      reason: input.reason,
      requestId: input.request_id,
    }),
  );

export const bulk = router({
  /** How many goals, how much money, and what must be typed to confirm. */
  preview: moderatorProcedure
    .input(selection)
    .query(({ ctx, input }) => previewBulk(ctx.services, input.filter, input.what)),
  start: moderatorProcedure
    .input(selection.extend({ confirmation: z.string().max(20), ...byHand }))
    .mutation(({ ctx, input }) =>
      startBulk(ctx.services, ctx.caller, {
        filter: input.filter,
        what: input.what,
        confirmation: input.confirmation,
        reason: input.reason,
        requestId: input.request_id,
      }),
    ),
  /** By an admin who did not start it. */
  approve: decide(adminProcedure, "approve"),
  reject: decide(adminProcedure, "reject"),
  stop: decide(moderatorProcedure, "stop"),
  list: moderatorProcedure
    .input(page.prefault({}))
    .query(({ ctx, input }) => listBulk(ctx.services, input.cursor ?? null, input.limit)),
  byId: moderatorProcedure
    .input(z.object({ bulk_id: objectIdHex }))
    .query(({ ctx, input }) => findBulk(ctx.services, input.bulk_id)),
});
