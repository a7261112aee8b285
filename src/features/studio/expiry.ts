import type { GoalView } from "#src/server/operations/goal-view.ts";

/** How long a card whose time ran out stays, so that whoever looked at it sees why it goes. */
export const linger_ms = 15_000;
/** How long before its end a card's time counts as short. */
const short_ms = 60_000;

/**
 * The invitations to show at `now`: those of the reading, and of `before`, what the reading no longer has because its
 * time has just run out. Newest first.
 */
export function shownInvitations(
  before: readonly GoalView[],
  reading: readonly GoalView[],
  now: number,
): readonly GoalView[] {
  const isIn = new Set(reading.map(({ goal_id }) => goal_id));
  const lingering = before.filter(({ goal_id, exp }) => {
    const over_ms = now - Date.parse(exp);
    return !isIn.has(goal_id) && over_ms >= 0 && over_ms < linger_ms;
  });
  if (lingering.length === 0) return reading;
  return [...reading, ...lingering].toSorted(
    (a, b) => b.created.localeCompare(a.created) || b.goal_id.localeCompare(a.goal_id),
  );
}

/** Whose time has run out at `now`, and whose is short: goal ids. */
export function timesUp(
  shown: readonly GoalView[],
  now: number,
): { readonly expired: ReadonlySet<string>; readonly short: ReadonlySet<string> } {
  const within = (from: number, to: number) =>
    new Set(
      shown
        .filter(({ exp }) => Date.parse(exp) - now > from && Date.parse(exp) - now <= to)
        .map(({ goal_id }) => goal_id),
    );
  return { expired: within(Number.NEGATIVE_INFINITY, 0), short: within(0, short_ms) };
}
