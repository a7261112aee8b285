import type { GoalView } from "#src/server/operations/goal-view.ts";

/** One step of an invitation's way. `at` is ISO 8601, null where it is not known or not yet. */
export interface Step {
  readonly name:
    | "held"
    | "waiting"
    | "agreed"
    | "declined"
    | "expired"
    | "superseded"
    | "refund_or_payout"
    | "refund_due"
    | "refunded"
    | "payout_due"
    | "paid";
  readonly at: string | null;
  /** Done, or what is waited for, or still to come. */
  readonly standing: "done" | "current" | "ahead";
}

/**
 * The way of an invitation and of its money, from the prepayment to where it went. The last step is done only when the ledger
 * has the transfer: never by the clock, nor by how the goal stands.
 */
export function stepsOf(view: GoalView): readonly Step[] {
  const held: Step = { name: "held", at: view.created, standing: "done" };
  if (view.state === "pending") {
    return [
      held,
      { name: "waiting", at: view.exp, standing: "current" },
      { name: "refund_or_payout", at: null, standing: "ahead" },
    ];
  }
  const ended: Step = { name: view.state, at: view.ended ?? view.exp, standing: "done" };
  if (view.refund === "refunded")
    return [held, ended, { name: "refunded", at: view.resolved, standing: "done" }];
  if (view.refund === "paid") return [held, ended, { name: "paid", at: view.resolved, standing: "done" }];
  // An escrow that was never filled owes nothing.
  if (view.refund === "none") return [ended];
  return view.state === "agreed"
    ? [held, ended, { name: "payout_due", at: null, standing: "current" }]
    : [held, ended, { name: "refund_due", at: view.refund_due, standing: "current" }];
}

/** What a viewer has in escrow and what is coming back, in one currency; whole minor units. */
export interface Totals {
  readonly currency: string;
  readonly held: number;
  readonly due: number;
}

/** The money of these invitations that is still under way, by currency. */
export function totalsOf(views: readonly GoalView[]): readonly Totals[] {
  const byCurrency = Map.groupBy(
    views.filter(({ refund }) => refund === "held" || refund === "due"),
    ({ currency }) => currency,
  );
  const sum = (some: readonly GoalView[], refund: GoalView["refund"]) =>
    some.reduce((total, view) => total + (view.refund === refund ? view.amount : 0), 0);
  return [...byCurrency].map(([currency, some]) => ({
    currency,
    held: sum(some, "held"),
    due: sum(some, "due"),
  }));
}

/** The invitations that are the newest to their streamer: what they say of inviting again holds now. */
export function newestByStreamer(views: readonly GoalView[]): ReadonlySet<string> {
  const newest = new Map<string, GoalView>();
  for (const view of views) {
    const known = newest.get(view.streamer.id);
    if (known === undefined || known.created < view.created) newest.set(view.streamer.id, view);
  }
  return new Set([...newest.values()].map(({ goal_id }) => goal_id));
}
