import {
  type Counts,
  gapsBetween,
  intoStretches,
  kept_ms,
  keptDay_ms,
  rangeOf,
  type Stretches,
} from "#src/domain/figures.ts";
import type { Database } from "../../data/database.ts";
import { type Between, countWithin, howManyGoals, keepCounts, keptCounts } from "../../data/figures.ts";
import type { Services } from "../../services.ts";

/** What was over this long ago has been written by now: it is counted once, and the counts are kept. */
const settledAfter_ms = 10 * 60_000;
/** How much is counted by one query: the local database does one thing at a time. */
const longest_ms = 6 * 3_600_000;
/** Fewer goals than this are counted each time. */
const fewGoals = 20_000;
/** Kept counts are made anew after a day or two, not all at once: what was imported in the meantime is seen then. */
const keptFor_ms = 24 * 3_600_000;
const shares = keptFor_ms / kept_ms;

/** What happened in each stretch of a range; those in which nothing did are absent. */
export async function countRange(
  { db, clock }: Pick<Services, "db" | "clock">,
  { from, to, step_ms }: Stretches,
  few: number = fewGoals,
): Promise<ReadonlyMap<number, Counts>> {
  if (step_ms < kept_ms || (await howManyGoals(db)) < few) {
    return intoStretches(await countWithin(db, { from, to }, step_ms), step_ms);
  }
  const now = clock().getTime();
  // The last stretch of a range may have most of its time before it. Clocks differ by less than half an hour.
  const until = Math.min(to, now - (now % kept_ms) + 2 * kept_ms);
  const lengths = step_ms % keptDay_ms === 0 ? [keptDay_ms, kept_ms] : [kept_ms];
  return intoStretches(await countKept(db, { from, to: until }, lengths, now), step_ms);
}

/**
 * The counts of a time, by stretches of the first of these lengths. What is not kept yet is counted: by what is kept of the
 * next length, by the database where there is none; and then kept, as far as it has settled.
 */
async function countKept(
  db: Database,
  time: Between,
  [length_ms = kept_ms, ...shorter]: readonly number[],
  now: number,
): Promise<Counts[]> {
  const counts = await keptCounts(db, time, length_ms);
  const longest = shorter.length === 0 ? longest_ms : Infinity;
  for (const gap of gapsBetween(new Set(counts.map(({ at }) => at)), time, length_ms, longest)) {
    // oxlint-disable-next-line no-await-in-loop -- one query after another: the database has others to serve
    const parts = await (shorter.length === 0
      ? countWithin(db, gap, length_ms)
      : countKept(db, gap, shorter, now));
    const fresh = intoStretches(parts, length_ms);
    counts.push(...fresh.values());
    const settled = settledStretches(gap, length_ms, fresh, now - settledAfter_ms);
    const share = (at: number) => ((at / length_ms) % shares) / shares;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await keepCounts(db, length_ms, settled, (at) => now + keptFor_ms * (1 + share(at)));
  }
  return counts;
}

/** Every stretch of a gap that has settled, also those in which nothing happened: they are not to be counted again either. */
function settledStretches(
  gap: Between,
  length_ms: number,
  counts: ReadonlyMap<number, Counts>,
  until: number,
): Counts[] {
  const stretches: Counts[] = [];
  for (let at = gap.from; at < gap.to && at + length_ms <= until; at += length_ms) {
    stretches.push(counts.get(at) ?? { at, invited: 0, declined: 0, refunded: 0, amounts: [] });
  }
  return stretches;
}

/** Counts what is not counted yet of the longest range, so that whoever looks at it finds it counted. */
export async function keepRecentCounts(services: Pick<Services, "db" | "clock">): Promise<void> {
  await countRange(services, rangeOf("month", services.clock().getTime()));
}
