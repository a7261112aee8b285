import type { BulkWhat, GoalFilter, GoalOutcome, Money } from "#src/contract/console.ts";
import { type ReceiverId, receiverIds } from "#src/contract/receivers.ts";

/** The most goals that one action may touch: what a run of 1,000 steps sends, two for every fifty goals. */
export const mostGoals = 20_000;

/** What a selection needs to know of a goal. `trouble` is as its summary has it. */
export interface Selectable {
  readonly outcome: GoalOutcome | null;
  /** Whether its signal has been sent: what was never signalled cannot be received again. */
  readonly signalled: boolean;
  readonly trouble: readonly string[];
}

/**
 * The receivers of a goal that an action is to run again, in the specification's order: those that failed or are late,
 * or the one that was named. None of a goal that goes on, was agreed to, or was never signalled.
 */
export function receiversToRun(goal: Selectable, what: BulkWhat): ReceiverId[] {
  if (goal.outcome === null || goal.outcome === "agreed" || !goal.signalled) return [];
  const inTrouble = (receiver: ReceiverId) => goal.trouble.includes(`any:${receiver}`);
  switch (what.kind) {
    case "failed":
      return receiverIds.filter(inTrouble);
    case "receiver":
      return !what.only_failed || inTrouble(what.receiver) ? [what.receiver] : [];
  }
}

/**
 * The filter by which goals are looked through for an action: narrower than the one that was asked for where that
 * loses nothing, so that a few goals in trouble are not looked for among all of them.
 */
export function narrowed(filter: GoalFilter, what: BulkWhat): GoalFilter {
  if (what.kind === "receiver" && !what.only_failed) return { state: "ended", ...filter };
  if (filter.trouble !== undefined || filter.receiver !== undefined) return filter;
  return { ...filter, trouble: "any", ...(what.kind === "receiver" && { receiver: what.receiver }) };
}

/** How much an action would touch. */
export interface Extent {
  readonly goals: number;
  readonly items: number;
  readonly amounts: readonly Money[];
}

/** Adds up what was selected. */
export function extentOf(selected: Iterable<{ readonly receivers: readonly ReceiverId[] } & Money>): Extent {
  const amounts = new Map<string, number>();
  let goals = 0;
  let items = 0;
  for (const { receivers, amount, currency } of selected) {
    goals += 1;
    items += receivers.length;
    amounts.set(currency, (amounts.get(currency) ?? 0) + amount);
  }
  return {
    goals,
    items,
    amounts: [...amounts]
      .map(([currency, amount]) => ({ currency, amount }))
      .toSorted((one, other) => (one.currency < other.currency ? -1 : 1)),
  };
}

/** Whether a second admin must agree: more goals, or more money of any currency, than one moderator may touch. */
export const needsApproval = (
  { goals, amounts }: Extent,
  limits: { readonly goals: number; readonly amount: number },
) => goals > limits.goals || amounts.some(({ amount }) => amount > limits.amount);

/** What every event of an action has its id begin with, so that its runs are found by a range of ids. */
export const bulkEventPrefix = (bulkId: string) => `goal.ended.retry:${bulkId}:`;

/** The id of the event by which an action runs one receiver again: however often it is sent, it is the same. */
export const bulkEventId = (bulkId: string, goalId: string, receiver: ReceiverId) =>
  `${bulkEventPrefix(bulkId)}${goalId}:${receiver}`;

/** How many goals are taken up at once. */
export const batchGoals = 50;

/**
 * How long the next batch waits after one that sent this many events, in milliseconds: fifty runs a second. Declines go
 * through the same functions, and a decline is eleven runs; what this leaves is most of what one process can do.
 */
export const paceOf = (events: number): number => events * 20;
