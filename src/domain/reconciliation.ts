import type { EndReason } from "#src/contract/events.ts";
import { type ReceiverId, receiverIds } from "#src/contract/receivers.ts";

/** How long a goal has had time for its signal to arrive before anybody looks, in milliseconds. */
export const looksAfter_ms = 60_000;
/** How long what was sent, or is under way, has to arrive everywhere. */
export const patience_ms = 5 * 60_000;
const hour_ms = 3_600_000;

/** What is known of a goal that has ended: which receivers have a run about it, whatever became of that. */
export interface Arrival {
  readonly reason: EndReason;
  readonly hasCooldown: boolean;
  readonly reached: ReadonlySet<ReceiverId>;
}

const missing = (reached: ReadonlySet<ReceiverId>) =>
  receiverIds.filter((receiver) => !reached.has(receiver));

/** Whether nothing is missing: every receiver has heard of the end, and a decline has its cooldown. */
export const isComplete = ({ reason, hasCooldown, reached }: Arrival): boolean =>
  (reason !== "declined" || hasCooldown) && missing(reached).length === 0;

export type Mending =
  | { readonly kind: "complete" }
  | { readonly kind: "wait"; readonly until: number }
  /** Sends the signal: under its own id, or numbered once that has not helped. */
  | { readonly kind: "signal"; readonly resend?: number }
  /** Sends the signal to those receivers alone. */
  | { readonly kind: "retry"; readonly receivers: readonly ReceiverId[]; readonly n: number };

/**
 * What to do about a signal that not every receiver has heard of. One that nobody has heard of is sent at once under its
 * own id: if it is only late, Inngest drops the second. Everything else waits until what is under way has had its time,
 * and is then numbered by the hour: within the hour it is sent once, however often this is decided, and what is lost
 * again is sent again in the next. `since` is when it was noticed, `sends` how often something was sent since then;
 * times are milliseconds since the epoch.
 */
export function decideMending(
  reached: ReadonlySet<ReceiverId>,
  { since, sends, now }: { since: number; sends: number; now: number },
): Mending {
  const receivers = missing(reached);
  if (receivers.length === 0) return { kind: "complete" };
  const isUnheard = reached.size === 0;
  if (isUnheard && sends === 0) return { kind: "signal" };
  if (now - since < patience_ms) return { kind: "wait", until: since + patience_ms };
  const n = Math.floor(now / hour_ms);
  return isUnheard ? { kind: "signal", resend: n } : { kind: "retry", receivers, n };
}
