import type { GoalView } from "#src/server/operations/goal-view.ts";

/** What two readings of the invitations differ in. */
export interface Changes {
  readonly arrived: readonly GoalView[];
  readonly left: readonly GoalView[];
}

export function changesBetween(before: readonly GoalView[], after: readonly GoalView[]): Changes {
  const without = (all: readonly GoalView[], others: readonly GoalView[]) =>
    all.filter(({ goal_id }) => !others.some((other) => other.goal_id === goal_id));
  return { arrived: without(after, before), left: without(before, after) };
}

/**
 * Which card the keyboard goes on from when the focused one has left: the one that took its place, else the one before
 * it; null when none is left, or when the focused one is still there.
 */
export function nextFocus(
  before: readonly GoalView[],
  after: readonly GoalView[],
  focused: string,
): string | null {
  const place = before.findIndex(({ goal_id }) => goal_id === focused);
  const remaining = (goal: GoalView) => after.some(({ goal_id }) => goal_id === goal.goal_id);
  const gone = before[place];
  if (gone === undefined || remaining(gone)) return null;
  const next = before.slice(place + 1).find(remaining) ?? before.slice(0, place).findLast(remaining);
  return next?.goal_id ?? null;
}
