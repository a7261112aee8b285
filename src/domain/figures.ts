import type { FigureRange, Money } from "#src/contract/console.ts";

/** How long the stretches are that are counted once and kept, in milliseconds: half an hour. */
export const kept_ms = 30 * 60_000;

/** And those that are made of these, for what shows whole days (UTC). */
export const keptDay_ms = 24 * 3_600_000;

/** How each range is divided: the length of a stretch in milliseconds, and how many there are. */
const divisions: Record<FigureRange, { readonly step_ms: number; readonly stretches: number }> = {
  hour: { step_ms: 60_000, stretches: 60 },
  day: { step_ms: kept_ms, stretches: 48 },
  month: { step_ms: keptDay_ms, stretches: 30 },
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

/** What happened in one stretch, by its beginning. Amounts are whole minor units. */
export interface Counts {
  readonly at: number;
  readonly invited: number;
  readonly declined: number;
  readonly refunded: number;
  readonly amounts: readonly Money[];
}

/** Sums of one currency each, by currency. */
export function sumMoney(amounts: Iterable<Money>): Money[] {
  const sums = new Map<string, number>();
  for (const { currency, amount } of amounts) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums]
    .map(([currency, amount]) => ({ currency, amount }))
    .toSorted((a, b) => a.currency.localeCompare(b.currency));
}

/** Counts added up into stretches of this length; several counts may fall into one. */
export function intoStretches(counts: Iterable<Counts>, step_ms: number): ReadonlyMap<number, Counts> {
  const parts = Map.groupBy(counts, ({ at }) => at - (at % step_ms));
  return new Map([...parts].map(([at, inside]) => [at, sumOf(at, inside)]));
}

const sumOf = (at: number, counts: readonly Counts[]): Counts => ({
  at,
  invited: counts.reduce((sum, { invited }) => sum + invited, 0),
  declined: counts.reduce((sum, { declined }) => sum + declined, 0),
  refunded: counts.reduce((sum, { refunded }) => sum + refunded, 0),
  amounts: sumMoney(counts.flatMap(({ amounts }) => amounts)),
});

/**
 * The parts of a time that are not among what is kept of it by stretches of `length_ms`, each no longer than `longest_ms`,
 * oldest first.
 */
export function gapsBetween(
  kept: ReadonlySet<number>,
  { from, to }: { readonly from: number; readonly to: number },
  length_ms: number,
  longest_ms: number,
): { readonly from: number; readonly to: number }[] {
  const gaps: { from: number; to: number }[] = [];
  for (let at = from; at < to; at += length_ms) {
    if (kept.has(at)) continue;
    const end = Math.min(at + length_ms, to);
    const last = gaps.at(-1);
    if (last !== undefined && last.to === at && end - last.from <= longest_ms) last.to = end;
    else gaps.push({ from: at, to: end });
  }
  return gaps;
}

/** Milliseconds; null where nothing was measured. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** The median and the 95th percentile of what was measured, by nearest rank: each is one of the values. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95) };
}
