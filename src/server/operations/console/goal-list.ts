import type { EffectId, GoalFilter } from "#src/contract/console.ts";
import type { ReceiverStatus } from "#src/contract/receivers.ts";
import type { Services } from "../../services.ts";
import type { GoalView } from "../goal-view.ts";
import { comingSoon } from "./coming.ts";

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

/** A page of the goals that the filter matches. */
export async function listGoalRows(
  services: Services,
  filter: GoalFilter,
  after: Cursor | null,
  limit: number,
): Promise<GoalPage> {
  return comingSoon(services, filter, after, limit);
}

/** How many goals the filter matches, counted up to 10,000, and what was put into their escrows. */
export async function countGoals(
  services: Services,
  filter: GoalFilter,
): Promise<{ readonly count: number; readonly capped: boolean }> {
  return comingSoon(services, filter);
}
