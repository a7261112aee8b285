/** What decisions need to know of a goal that has neither begun nor ended. Times are milliseconds since the epoch. */
export interface UnbegunFacts {
  readonly created: number;
  readonly exp: number;
  /** What its escrow holds, in whole minor units. */
  readonly balance: number;
  /** Whether its session goes on, and shows it as the viewer's pair. */
  readonly isShown: boolean;
}

/** How long an invitation may take to be made, in milliseconds: who takes longer gives it up. */
export const madeWithin_ms = 60_000;
/** From when on it is mended: whoever makes it is gone, or has given it up. */
export const mendedAfter_ms = 5 * 60_000;
/** From when on nothing more is expected to be held for it. */
const closedAfter_ms = 24 * 3_600_000;

export type UnbegunDecision = "wait" | "begin" | "give_up" | "close";

/**
 * What becomes of a goal that whoever made it has left half made. With everything in place it begins, as it would have.
 * Otherwise its money is on its way back at once: it is given up, and ends like an invitation that has run out. Where no
 * money is held there is no hurry: a hold that is still on its way must not find the goal closed.
 */
export function decideUnbegun(goal: UnbegunFacts, now: number): UnbegunDecision {
  if (goal.balance > 0) return goal.isShown && goal.exp > now ? "begin" : "give_up";
  return now - goal.created < closedAfter_ms ? "wait" : "close";
}
