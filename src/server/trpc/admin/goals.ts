import { z } from "zod";
import { goalAction, goalFilter } from "#src/contract/console.ts";
import { objectIdHex } from "#src/contract/ids.ts";
import { goalDetail } from "../../operations/console/goal-page.ts";
import { actOnGoal } from "../../operations/console/act.ts";
import { countGoals, listGoalRows } from "../../operations/console/goal-list.ts";
import { previewAction } from "../../operations/console/preview.ts";
import { inngestRun } from "../../operations/console/timeline.ts";
import { moderatorProcedure, router } from "../trpc.ts";
import { byHand, page } from "./inputs.ts";

const goal = z.object({ goal_id: objectIdHex });

export const goals = router({
  /** The goals that the filter matches, the newest first, a page at a time. */
  list: moderatorProcedure
    .input(page.extend({ filter: goalFilter.default({}) }).prefault({}))
    .query(({ ctx, input }) => listGoalRows(ctx.services, input.filter, input.cursor ?? null, input.limit)),
  count: moderatorProcedure
    .input(z.object({ filter: goalFilter.default({}) }).prefault({}))
    .query(({ ctx, input }) => countGoals(ctx.services, input.filter)),
  /** One goal with its session, pair, receivers' runs, ledger, timeline and audit entries. */
  byId: moderatorProcedure.input(goal).query(({ ctx, input }) => goalDetail(ctx.services, input.goal_id)),
  /** What Inngest itself knows of one of the goal's runs. */
  run: moderatorProcedure
    .input(goal.extend({ run_id: z.string().regex(/^[0-9A-Z]{26}$/) }))
    .query(({ ctx, input }) => inngestRun(ctx.services, input.goal_id, input.run_id)),
  /** What an action would change, and what it would not; changes nothing. */
  preview: moderatorProcedure
    .input(goal.extend({ action: goalAction }))
    .query(({ ctx, input }) => previewAction(ctx.services, input.goal_id, input.action)),
  /** Acts by hand; some actions are for admins only. */
  act: moderatorProcedure.input(goal.extend({ action: goalAction, ...byHand })).mutation(({ ctx, input }) =>
    actOnGoal(ctx.services, ctx.caller, {
      goalId: input.goal_id,
      action: input.action,
      reason: input.reason,
      requestId: input.request_id,
    }),
  ),
});
