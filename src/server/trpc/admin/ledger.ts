import { z } from "zod";
import { conservation, requestCheck } from "../../operations/console/conservation.ts";
import { listAccounts, listOpenEscrows, listTransfers } from "../../operations/console/ledger-views.ts";
import { moderatorProcedure, router } from "../trpc.ts";
import { byHand, page } from "./inputs.ts";

const name = z.string().min(1).max(200);

export const ledger = router({
  /** The conservation light. */
  light: moderatorProcedure.query(({ ctx }) => conservation(ctx.services)),
  /** Has the whole ledger checked now. */
  check: moderatorProcedure
    .input(z.object(byHand))
    .mutation(({ ctx, input }) =>
      requestCheck(ctx.services, ctx.caller, { reason: input.reason, requestId: input.request_id }),
    ),
  transfers: moderatorProcedure
    .input(page.extend({ account: name.optional(), escrow: name.optional() }).prefault({}))
    .query(({ ctx, input }) =>
      listTransfers(
        ctx.services,
        { account: input.account, escrow: input.escrow },
        input.cursor ?? null,
        input.limit,
      ),
    ),
  accounts: moderatorProcedure
    .input(page.extend({ kind: z.enum(["viewer", "streamer"]) }))
    .query(({ ctx, input }) => listAccounts(ctx.services, input.kind, input.cursor ?? null, input.limit)),
  openEscrows: moderatorProcedure
    .input(page.prefault({}))
    .query(({ ctx, input }) => listOpenEscrows(ctx.services, input.cursor ?? null, input.limit)),
});
