import { z } from "zod";
import { objectIdHex } from "#src/contract/ids.ts";
import { roles } from "#src/contract/roles.ts";
import { listSessions, sessionDetail } from "../../operations/console/sessions.ts";
import { listUsers, setRole } from "../../operations/console/users.ts";
import { adminProcedure, moderatorProcedure, router } from "../trpc.ts";
import { byHand, page } from "./inputs.ts";

export const sessions = router({
  list: moderatorProcedure
    .input(page.extend({ live: z.boolean().optional(), streamer: objectIdHex.optional() }).prefault({}))
    .query(({ ctx, input }) =>
      listSessions(
        ctx.services,
        { live: input.live, streamer: input.streamer },
        input.cursor ?? null,
        input.limit,
      ),
    ),
  byId: moderatorProcedure
    .input(z.object({ session_id: objectIdHex }))
    .query(({ ctx, input }) => sessionDetail(ctx.services, input.session_id)),
});

export const users = router({
  list: moderatorProcedure
    .input(
      page
        .extend({ q: z.string().trim().min(1).max(200).optional(), role: z.enum(roles).optional() })
        .prefault({}),
    )
    .query(({ ctx, input }) =>
      listUsers(ctx.services, { q: input.q, role: input.role }, input.cursor ?? null, input.limit),
    ),
  setRole: adminProcedure
    .input(z.object({ user_id: objectIdHex, role: z.enum(roles), ...byHand }))
    .mutation(({ ctx, input }) =>
      setRole(ctx.services, ctx.caller, {
        userId: input.user_id,
        role: input.role,
        reason: input.reason,
        requestId: input.request_id,
      }),
    ),
});
