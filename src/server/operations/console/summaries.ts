import { ObjectId } from "mongodb";
import { type SummaryGoal, summarise } from "#src/domain/summary.ts";
import type { GoalDocument } from "../../data/documents.ts";
import { readSummaryFacts, summaryDocument, writeSummaries } from "../../data/goal-summaries.ts";
import { goalFacts } from "../../data/goals.ts";
import type { Services } from "../../services.ts";

/** How many goals are read and written at once: enough to be quick, few enough to let others in between. */
const batchLength = 250;

const summaryGoal = (goal: GoalDocument): SummaryGoal => ({
  ...goalFacts(goal),
  goalId: goal._id.toHexString(),
  created: goal.created.getTime(),
});

/**
 * Reads these goals with their runs and their money, and writes what the lists ask for. A summary that rests on a
 * later reading is left alone, so that refreshers may race; a goal that is gone has none.
 */
export async function refreshSummaries(
  services: Pick<Services, "db" | "clock" | "settings">,
  goalIds: readonly string[],
): Promise<void> {
  const ids = [...new Set(goalIds)];
  for (let start = 0; start < ids.length; start += batchLength) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after another: the database has others to serve
    await refreshBatch(services, ids.slice(start, start + batchLength));
  }
}

async function refreshBatch(
  { db, clock, settings }: Pick<Services, "db" | "clock" | "settings">,
  goalIds: readonly string[],
): Promise<void> {
  const facts = await readSummaryFacts(
    db,
    goalIds.map((id) => new ObjectId(id)),
  );
  const at = { now: clock().getTime(), refundDelay_s: settings.REFUND_DELAY_SECONDS };
  const found = new Set(facts.map(({ goal }) => goal._id.toHexString()));
  await writeSummaries(
    db,
    facts.map((fact) =>
      summaryDocument(fact, summarise(summaryGoal(fact.goal), fact.runs, fact.transfers, fact.held, at)),
    ),
    goalIds.filter((id) => !found.has(id)).map((id) => new ObjectId(id)),
  );
}
