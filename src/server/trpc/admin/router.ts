import { z } from "zod";
import { auditFilter, figureRanges } from "#src/contract/console.ts";
import { listAudit } from "../../operations/console/audit-list.ts";
import { figures } from "../../operations/console/overview.ts";
import { search } from "../../operations/console/search.ts";
import { moderatorProcedure, router } from "../trpc.ts";
import { bulk } from "./bulk.ts";
import { goals } from "./goals.ts";
import { page } from "./inputs.ts";
import { ledger } from "./ledger.ts";
import { sessions, users } from "./people.ts";

/** The console's procedures: for moderators and admins, and some for admins alone. */
export const admin = router({
  goals,
  bulk,
  ledger,
  sessions,
  users,
  audit: router({
    list: moderatorProcedure
      .input(page.extend({ filter: auditFilter.default({}) }).prefault({}))
      .query(({ ctx, input }) => listAudit(ctx.services, input.filter, input.cursor ?? null, input.limit)),
  }),
  overview: moderatorProcedure
    .input(z.object({ range: z.enum(figureRanges).default("day") }).prefault({}))
    .query(({ ctx, input }) => figures(ctx.services, input.range)),
  /** Goals, people and sessions by an id, an e-mail address or the beginning of a name. */
  search: moderatorProcedure
    .input(z.object({ q: z.string().trim().min(2).max(200) }))
    .query(({ ctx, input }) => search(ctx.services, input.q)),
});
