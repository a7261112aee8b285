import type { FigureRange } from "#src/contract/console.ts";

/** How each range is divided: the length of a stretch in milliseconds, and how many there are. */
const divisions: Record<FigureRange, { readonly step_ms: number; readonly stretches: number }> = {
  hour: { step_ms: 60_000, stretches: 60 },
  day: { step_ms: 30 * 60_000, stretches: 48 },
  month: { step_ms: 24 * 3_600_000, stretches: 30 },
};

/** The stretches of a range, oldest first; the last one is still going on. Times are milliseconds since the epoch. */
export interface Stretches {
  readonly starts: readonly number[];
  readonly step_ms: number;
  /** When the range begins, and when its last stretch will have ended. */
  readonly from: number;
  readonly to: number;
}

/** The range that ends at `now`, in stretches without gaps that begin at whole minutes, half-hours or days (UTC). */
export function rangeOf(range: FigureRange, now: number): Stretches {
  const { step_ms, stretches } = divisions[range];
  const last = now - (now % step_ms);
  const starts = Array.from({ length: stretches }, (_, back) => last - (stretches - 1 - back) * step_ms);
  return { starts, step_ms, from: last - (stretches - 1) * step_ms, to: last + step_ms };
}
