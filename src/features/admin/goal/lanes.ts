import { type ReceiverId, receiverIds } from "#src/contract/receivers.ts";
import { barKey } from "./addresses.ts";
import type { TimelineBar } from "./goal-types.ts";

/** One line of the waterfall: a bar, or a receiver that has not run. */
export interface Lane {
  readonly key: string;
  readonly name: string;
  readonly receiver: ReceiverId | null;
  readonly bar: TimelineBar | null;
  /** 0 for the first run of whatever it is, then counted. */
  readonly again: number;
}

/** The key of a bar in the page's address. */
export const keyOfBar = ({ event_id, name }: Pick<TimelineBar, "event_id" | "name">): string =>
  barKey({ eventId: event_id ?? "", name });

const beginnings = ["request", "task", "signal"] as const;

/**
 * The waterfall's lines: the request, the task and the signal, then every receiver in the specification's order, each
 * with all of its runs below one another. A receiver that has not run has its line all the same, once the goal has ended.
 */
export function lanesOf(bars: readonly TimelineBar[], hasEnded: boolean): Lane[] {
  const byStart = bars.toSorted((a, b) => a.start.localeCompare(b.start));
  const lanes = (own: readonly TimelineBar[]): Lane[] =>
    own.map((bar, again) => ({ key: keyOfBar(bar), name: bar.name, receiver: bar.receiver, bar, again }));
  return [
    ...beginnings.flatMap((kind) => lanes(byStart.filter((bar) => bar.kind === kind))),
    ...receiverIds.flatMap((receiver) => {
      const own = byStart.filter((bar) => bar.receiver === receiver);
      if (own.length > 0) return lanes(own);
      return hasEnded ? [{ key: `~${receiver}`, name: receiver, receiver, bar: null, again: 0 }] : [];
    }),
  ];
}

/** The receivers whose last run failed. */
export const failedReceivers = (bars: readonly TimelineBar[]): ReceiverId[] =>
  receiverIds.filter((receiver) => lastRun(bars, receiver)?.status === "failed");

/** The run of a receiver that began last: the one that counts. */
export const lastRun = (bars: readonly TimelineBar[], receiver: ReceiverId): TimelineBar | undefined =>
  bars
    .filter((bar) => bar.receiver === receiver)
    .toSorted((a, b) => a.start.localeCompare(b.start))
    .at(-1);
