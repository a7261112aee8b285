import type { EffectId } from "#src/contract/console.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import type { EffectView, GoalRow } from "#src/server/operations/console/goal-list.ts";

/** How a cell of the matrix looks; the worst that can be said of the effect. */
export const cellLooks = [
  "failed",
  "late",
  "running",
  "waiting",
  "retried",
  "done",
  "returned",
  "none",
] as const;
export type CellLook = (typeof cellLooks)[number];

/** What to show of an effect: that it failed, before that it is late, before how it is. `retried`: done, but not at once. */
export function lookOf(effect: EffectView): CellLook {
  if (effect.status === "failed") return "failed";
  if (effect.late) return "late";
  if (effect.status === "done" && (effect.runs > 1 || effect.attempt > 0)) return "retried";
  return effect.status;
}

/** The receiver that is to run again for an effect: the refund's two tasks are done by the refund's receiver. */
export function receiverOf(effect: EffectId): ReceiverId {
  return effect === "check_trigger_exclusive_goal_refundable" || effect === "escrow_refund"
    ? "trigger_exclusive_goal_escrow_refund"
    : effect;
}

/** The receivers of a goal that failed, each once. */
export const failedReceivers = (row: Pick<GoalRow, "effects">): readonly ReceiverId[] => [
  ...new Set(row.effects.filter(({ status }) => status === "failed").map(({ effect }) => receiverOf(effect))),
];

/** The effects of a goal that look like this, in the specification's order. */
export const effectsThat = (row: Pick<GoalRow, "effects">, look: CellLook): readonly EffectView[] =>
  row.effects.filter((effect) => lookOf(effect) === look);

/** Whether there may be something to run again: a goal that stands has sent no signal, nor has one that was agreed to. */
export const mayRunAgain = (row: Pick<GoalRow, "state" | "effects">): boolean =>
  (row.state !== "pending" && row.state !== "agreed") || row.effects.some(({ status }) => status !== "none");

/** When an effect came to be as it is; null where nothing is known. */
export const sinceOf = (effect: EffectView): string | null => effect.finished ?? effect.started;
