import { ObjectId } from "mongodb";
import { type SummaryGoal, summarise } from "#src/domain/summary.ts";
import type { GoalDocument, GoalSummaryDocument } from "../../data/documents.ts";
import {
  readSummaryFacts,
  summaryDocument,
  type SummaryFacts,
  writeSummaries,
} from "../../data/goal-summaries.ts";
import { goalFacts } from "../../data/goals.ts";
import type { Services } from "../../services.ts";

type Refreshed = Pick<Services, "db" | "clock" | "settings" | "log">;

/** How many goals are read and written at once: enough to be quick, few enough to let others in between. */
const batchLength = 100;

/**
 * Reads these goals with their runs and their money, and writes what the lists ask for. A summary that rests on a
 * later reading is left alone, so that refreshers may race; a goal that is gone has none.
 */
export async function refreshSummaries(services: Refreshed, goalIds: readonly string[]): Promise<void> {
  const ids = [...new Set(goalIds)];
  for (let start = 0; start < ids.length; start += batchLength) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after another: the database has others to serve
    await refreshBatch(services, ids.slice(start, start + batchLength));
  }
}

async function refreshBatch(services: Refreshed, goalIds: readonly string[]): Promise<void> {
  const facts = await readSummaryFacts(
    services.db,
    goalIds.map((id) => new ObjectId(id)),
  );
  const found = new Set(facts.map(({ goal }) => goal._id.toHexString()));
  await writeSummaries(
    services.db,
    facts.flatMap((fact) => summaryOf(services, fact)),
    goalIds.filter((id) => !found.has(id)).map((id) => new ObjectId(id)),
  );
}

/** A goal's summary; none of a goal that is malformed, which must not keep the others from theirs. */
function summaryOf({ clock, settings, log }: Refreshed, fact: SummaryFacts): GoalSummaryDocument[] {
  const at = { now: clock().getTime(), refundDelay_s: settings.REFUND_DELAY_SECONDS };
  try {
    const goal = summaryGoal(fact.goal);
    return [summaryDocument(fact, summarise(goal, fact.runs, fact.transfers, fact.held, at))];
  } catch (error) {
    log.warn({ err: error, goal_id: String(fact.goal._id) }, "a malformed goal has no summary");
    return [];
  }
}

/** What a summary needs to know of a goal, read off its document. */
export const summaryGoal = (goal: GoalDocument): SummaryGoal => ({
  ...goalFacts(goal),
  goalId: goal._id.toHexString(),
  created: goal.created.getTime(),
});
