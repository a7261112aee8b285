import {
  type Counts,
  gapsBetween,
  intoStretches,
  kept_ms,
  rangeOf,
  type Stretches,
} from "#src/domain/figures.ts";
import { countWithin, howManyGoals, keepCounts, keptCounts } from "../../data/figures.ts";
import type { Services } from "../../services.ts";

/** What was over this long ago has been written by now: it is counted once, and the counts are kept. */
const settledAfter_ms = 10 * 60_000;
/** How much is counted by one query: the local database does one thing at a time. */
const longest_ms = 6 * 3_600_000;
/** Fewer goals than this are counted each time. */
const fewGoals = 20_000;
/** Kept counts are made anew after a day or two, not all at once: what was imported in the meantime is seen then. */
const keptFor_ms = 24 * 3_600_000;

/** What happened in each stretch of a range; those in which nothing did are absent. */
export async function countRange(
  { db, clock }: Pick<Services, "db" | "clock">,
  { from, to, step_ms }: Stretches,
  few: number = fewGoals,
): Promise<ReadonlyMap<number, Counts>> {
  if (step_ms < kept_ms || (await howManyGoals(db)) < few) {
    return intoStretches(await countWithin(db, { from, to }, step_ms), step_ms);
  }
  const found = await keptCounts(db, { from, to });
  const now = clock().getTime();
  // The last stretch of a range may have most of its time before it. Clocks differ by less than half an hour.
  const until = Math.min(to, now - (now % kept_ms) + 2 * kept_ms);
  const counts = [...found];
  for (const gap of gapsBetween(new Set(found.map(({ at }) => at)), { from, to: until }, longest_ms)) {
    // oxlint-disable-next-line no-await-in-loop -- one query after another: the database has others to serve
    const fresh = intoStretches(await countWithin(db, gap, kept_ms), kept_ms);
    counts.push(...fresh.values());
    const settled = settledStretches(gap, fresh, now - settledAfter_ms);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await keepCounts(db, settled, (at) => now + keptFor_ms + (at % keptFor_ms));
  }
  return intoStretches(counts, step_ms);
}

/** Every stretch of a gap that has settled, also those in which nothing happened: they are not to be counted again either. */
function settledStretches(
  gap: { readonly from: number; readonly to: number },
  counts: ReadonlyMap<number, Counts>,
  until: number,
): Counts[] {
  const stretches: Counts[] = [];
  for (let at = gap.from; at < gap.to && at + kept_ms <= until; at += kept_ms) {
    stretches.push(counts.get(at) ?? { at, invited: 0, declined: 0, refunded: 0, amounts: [] });
  }
  return stretches;
}

/** Counts what is not counted yet of the longest range, so that whoever looks at it finds it counted. */
export async function keepRecentCounts(services: Pick<Services, "db" | "clock">): Promise<void> {
  await countRange(services, rangeOf("month", services.clock().getTime()));
}
