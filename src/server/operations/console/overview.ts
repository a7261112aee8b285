import type { FigureRange, Money } from "#src/contract/console.ts";
import { type ReceiverId, receiverIds, type ReceiverStatus } from "#src/contract/receivers.ts";
import { late_ms } from "#src/domain/summary.ts";
import { type Percentiles, percentilesOf, rangeOf, sumMoney } from "#src/domain/figures.ts";
import { countCooldowns, countPending, findWanting, questions } from "../../data/attention.ts";
import { type Durations, durationsSince, failuresWithin } from "../../data/figures.ts";
import type { Services } from "../../services.ts";
import { conservation } from "./conservation.ts";
import { countRange } from "./counts.ts";

/** One stretch of the chart; `at` is its beginning. */
export interface FigurePoint {
  readonly at: string;
  readonly invited: number;
  readonly declined: number;
  readonly refunded: number;
  readonly failed: number;
}

export type { Percentiles } from "#src/domain/figures.ts";

/** Something to look at first, with the filter by which the list shows it. */
export interface Attention {
  readonly kind: "failed" | "late" | "refund_late" | "held_back" | "breach" | "approval" | "audit_lapsed";
  readonly count: number;
  readonly oldest: string | null;
}

export interface Figures {
  readonly range: FigureRange;
  readonly as_of: string;
  readonly points: readonly FigurePoint[];
  readonly receivers: readonly ({ readonly receiver: ReceiverId; readonly failed: number } & Percentiles)[];
  readonly settled: Percentiles;
  readonly refund: Percentiles;
  readonly refunded: readonly Money[];
  readonly cooldowns_active: number;
  readonly pending: number;
  readonly attention: readonly Attention[];
}

/** From how many of the goals that ended last latencies are taken: enough for a 95th percentile, quick to read. */
const sample = 500;

/** What has failed is counted by itself: how long it took says nothing of how quick the receiver is. */
const isDone = (status: ReceiverStatus | null | undefined) => status === "done" || status === "returned";

async function readFigures(services: Services, range: FigureRange): Promise<Figures> {
  const { db, clock } = services;
  const now = clock();
  const stretches = rangeOf(range, now.getTime());
  const { starts, from, step_ms } = stretches;
  // Two queries at a time: while one is answered, the answer of the other is read. All at once would keep whoever comes
  // next waiting for all of them.
  const past = async () => ({
    counts: await countRange(services, stretches),
    failures: await failuresWithin(db, stretches, step_ms),
  });
  const present = async () => ({
    durations: await durationsSince(db, from, sample),
    cooldowns_active: await countCooldowns(db, now),
    pending: await countPending(db, now),
    attention: await readAttention(services, now.getTime(), from),
  });
  const [{ counts, failures }, { durations, cooldowns_active, pending, attention }] = await Promise.all([
    past(),
    present(),
  ]);
  const measured = (duration: (of: Durations) => number | null | undefined): Percentiles =>
    percentilesOf(durations.map(duration).filter((ms) => typeof ms === "number"));
  return {
    range,
    as_of: now.toISOString(),
    points: starts.map((at) => {
      const { invited = 0, declined = 0, refunded = 0 } = counts.get(at) ?? {};
      return {
        at: new Date(at).toISOString(),
        invited,
        declined,
        refunded,
        failed: failures.goals.get(at) ?? 0,
      };
    }),
    receivers: receiverIds.map((receiver, place) => ({
      receiver,
      failed: failures.receivers.get(receiver) ?? 0,
      ...measured((of) => (isDone(of.statuses[place]) ? of.receivers[place] : null)),
    })),
    settled: measured(({ settled_ms }) => settled_ms),
    refund: measured(({ refund_ms }) => refund_ms),
    refunded: sumMoney([...counts.values()].flatMap(({ amounts }) => amounts)),
    cooldowns_active,
    pending,
    attention,
  };
}

/** What wants looking at, the most urgent first; what there is nothing of is left out. */
async function readAttention(services: Services, now: number, since: number): Promise<Attention[]> {
  const { breach_count, breaches } = await conservation(services);
  const times = breaches.map((breach) => breach.since).filter((time) => time !== null);
  const asked = Object.entries(questions({ now, late_ms, since })) as [
    Exclude<Attention["kind"], "breach">,
    Parameters<typeof findWanting>[1],
  ][];
  const all: Attention[] = [
    { kind: "breach", count: breach_count, oldest: times.toSorted((a, b) => a.localeCompare(b))[0] ?? null },
  ];
  for (const [kind, question] of asked) {
    // oxlint-disable-next-line no-await-in-loop -- one query after another: the database has others to serve
    const { count, oldest } = await findWanting(services.db, question);
    all.push({ kind, count, oldest: oldest?.toISOString() ?? null });
  }
  return all.filter(({ count }) => count > 0);
}

/** An answer that is being read, or was read a moment ago. */
interface Recent {
  readonly figures: Promise<Figures>;
  until: number;
}

const recent = new WeakMap<Services, Map<FigureRange, Recent>>();

/** However many pages ask, figures take no more than a tenth of the time; and none is older than this. */
const oldest_ms = 15_000;

/**
 * How the last hour, day or month went, and what needs attention. Who asks while others do shares their answer; and an
 * answer that took long is given again for a while, ten times as long as it took and 15 s at most: see its `as_of`.
 */
export async function figures(services: Services, range: FigureRange): Promise<Figures> {
  const answers = recent.get(services) ?? new Map<FigureRange, Recent>();
  recent.set(services, answers);
  const last = answers.get(range);
  const began = performance.now();
  if (last !== undefined && began < last.until) return await last.figures;
  const next: Recent = { figures: readFigures(services, range), until: Number.POSITIVE_INFINITY };
  answers.set(range, next);
  try {
    const found = await next.figures;
    const took_ms = performance.now() - began;
    next.until = began + took_ms + Math.min(10 * took_ms, oldest_ms);
    return found;
  } catch (error) {
    answers.delete(range);
    throw error;
  }
}
