import { ObjectId } from "mongodb";
import type { EffectId, GoalFilter, GoalSort } from "#src/contract/console.ts";
import { ProblemError } from "#src/contract/problems.ts";
import type { ReceiverStatus } from "#src/contract/receivers.ts";
import type { GoalSummaryDocument } from "../../data/documents.ts";
import { countSummaries, summariesAfter, type SummaryPlace } from "../../data/goal-summaries.ts";
import { findGoals } from "../../data/goals.ts";
import type { Services } from "../../services.ts";
import { type GoalView, viewGoals } from "../goal-view.ts";
import { viewEffects } from "./effects.ts";
import { planOfFilter } from "./filter.ts";
import { understand } from "./filter-words.ts";
import { pageOf, timeOf } from "./paging.ts";

/** Where a page of a list ends; the next one begins after it. `value` is what the list is ordered by. */
export interface Cursor {
  readonly value: string;
  readonly id: string;
}

/** One cell of the effects matrix. `runs` counts them all, `attempt` from 0; times are ISO 8601. */
export interface EffectView {
  readonly effect: EffectId;
  /** `none`: nothing is known of it (the goal has not ended, or nothing has begun). */
  readonly status: ReceiverStatus | "none";
  readonly late: boolean;
  readonly runs: number;
  readonly attempt: number;
  readonly started: string | null;
  readonly finished: string | null;
  readonly reason: string | null;
  readonly error: string | null;
}

/** One goal of the console's list, with what became of each of its effects, in the specification's order. */
export interface GoalRow extends GoalView {
  readonly effects: readonly EffectView[];
  readonly trouble: "failed" | "late" | null;
  readonly held_back: boolean;
}

export interface GoalPage {
  readonly goals: readonly GoalRow[];
  readonly next: Cursor | null;
  /** What was searched for was understood as this filter; null when nobody and nothing is known by it. */
  readonly understood: GoalFilter | null;
}

/**
 * A page of the goals that the filter matches, found by their summaries and shown as they are. Throws
 * `invalid_request` for a cursor or a filter that makes no sense.
 */
export async function listGoalRows(
  services: Services,
  filter: GoalFilter,
  after: Cursor | null,
  limit: number,
): Promise<GoalPage> {
  const understood = await understand(services, filter);
  if (understood === null) return { goals: [], next: null, understood };
  const plan = planOfFilter(understood);
  const found = await summariesAfter(services.db, plan, after && placeOf(plan.sort, after))
    .limit(limit + 1)
    .toArray();
  const { page, next } = pageOf(found, limit, (last) => cursorOf(plan.sort, last));
  return { goals: await viewRows(services, page), next, understood };
}

/** These summaries' goals, in their order, read anew; those that are gone are left out. */
async function viewRows(services: Services, summaries: readonly GoalSummaryDocument[]): Promise<GoalRow[]> {
  const goals = await findGoals(
    services.db,
    summaries.map(({ _id }) => _id),
  );
  const views = new Map((await viewGoals(services, goals)).map((view) => [view.goal_id, view]));
  return summaries.flatMap((summary) => {
    const view = views.get(summary._id.toHexString());
    if (view === undefined) return [];
    const { trouble = [] } = summary;
    return [
      {
        ...view,
        effects: viewEffects(summary, view),
        trouble: trouble.includes("failed") ? "failed" : trouble.includes("late") ? "late" : null,
        held_back: summary.held_back === true,
      },
    ];
  });
}

/** Counting stops here: beyond it, people want a narrower filter, not a number. */
const mostCounted = 10_000;

/** How many goals the filter matches, counted up to 10,000. */
export async function countGoals(
  services: Services,
  filter: GoalFilter,
): Promise<{ readonly count: number; readonly capped: boolean }> {
  const understood = await understand(services, filter);
  if (understood === null) return { count: 0, capped: false };
  const count = await countSummaries(services.db, planOfFilter(understood), mostCounted + 1);
  return { count: Math.min(count, mostCounted), capped: count > mostCounted };
}

/** Where a summary stands in an order. */
function cursorOf(sort: GoalSort, summary: GoalSummaryDocument): Cursor {
  const value = summary[sort];
  return {
    value: value instanceof Date ? value.toISOString() : String(value ?? ""),
    id: summary._id.toHexString(),
  };
}

/** The place that a cursor names. Throws `invalid_request` where it names none. */
function placeOf(sort: GoalSort, cursor: Cursor): SummaryPlace {
  const id = new ObjectId(cursor.id);
  if (sort !== "amount") return { value: timeOf(cursor), id };
  const value = Number(cursor.value);
  if (!/^\d+$/.test(cursor.value) || !Number.isSafeInteger(value)) throw new ProblemError("invalid_request");
  return { value, id };
}
