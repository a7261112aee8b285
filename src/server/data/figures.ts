import type { Money } from "#src/contract/console.ts";
import { type ReceiverId, receiverIds, type ReceiverStatus } from "#src/contract/receivers.ts";
import { type Counts, kept_ms } from "#src/domain/figures.ts";
import { type Database, isDuplicateKey, raw } from "./database.ts";

/** A time, in milliseconds since the epoch: its beginning is in it, its end is not. */
export interface Between {
  readonly from: number;
  readonly to: number;
}

const within = ({ from, to }: Between) => ({ $gte: new Date(from), $lt: new Date(to) });

/** The stretch in which a time lies, counted from `from`. */
const stretchOf = (field: string, { from }: Between, step_ms: number) => ({
  $floor: { $divide: [{ $subtract: [`$${field}`, new Date(from)] }, step_ms] },
});

/** What was counted: by stretch, and for money by currency. */
interface Counted {
  readonly _id: { readonly stretch: number; readonly currency?: string };
  readonly count: number;
  readonly amount?: number;
}

/** The counts of a time, each for its test to explain: invitations and declines by the goals, refunds by the ledger. */
export const countPipelines = (time: Between, step_ms: number) => ({
  invited: [
    { $match: { created: within(time) } },
    { $group: { _id: { stretch: stretchOf("created", time, step_ms) }, count: { $sum: 1 } } },
  ],
  declined: [
    { $match: { "deactivated.at": within(time), "deactivated.reason": "declined" } },
    { $group: { _id: { stretch: stretchOf("deactivated.at", time, step_ms) }, count: { $sum: 1 } } },
  ],
  refunded: [
    { $match: { at: within(time), debit: /^escrow:/, credit: /^viewer:/ } },
    {
      $group: {
        _id: { stretch: stretchOf("at", time, step_ms), currency: "$currency" },
        count: { $sum: 1 },
        amount: { $sum: "$amount" },
      },
    },
  ],
});

/** What happened within a time, by stretches of this length; those in which nothing did are absent. */
export async function countWithin(db: Database, time: Between, step_ms: number): Promise<Counts[]> {
  const { invited, declined, refunded } = countPipelines(time, step_ms);
  const none = { invited: 0, declined: 0, refunded: 0, amounts: [] as Money[] };
  const at = ({ _id }: Counted) => time.from + _id.stretch * step_ms;
  const goals = (pipeline: Record<string, unknown>[]) =>
    raw<Counted>(db, "goals", (found) => found.aggregate(pipeline));
  // One after the other: three at once would keep whoever comes next waiting for all of them.
  const created = await goals(invited);
  const ended = await goals(declined);
  const moved = await db.driver.collection("ledger_transfers").aggregate<Counted>(refunded).toArray();
  return [
    ...created.map((one) => ({ ...none, at: at(one), invited: one.count })),
    ...ended.map((one) => ({ ...none, at: at(one), declined: one.count })),
    ...moved.map((one) => ({
      ...none,
      at: at(one),
      refunded: one.count,
      amounts: [{ currency: one._id.currency ?? "", amount: one.amount ?? 0 }],
    })),
  ];
}

/** How many goals there are, as the database counts them by itself. */
export const howManyGoals = ({ driver }: Database): Promise<number> =>
  driver.collection("goals").estimatedDocumentCount();

type KeptId = `figures:${string}`;

/** The counts of one stretch that is over, kept for a while so that nobody counts them again. The id sorts by time. */
interface KeptCounts extends Omit<Counts, "at"> {
  _id: KeptId;
  /** The database removes them after this. */
  kept_until: Date;
}

const keptId = (at: number, length_ms: number): KeptId =>
  `figures:${length_ms === kept_ms ? "" : `${length_ms}:`}${new Date(at).toISOString()}`;
const isoLength = new Date(0).toISOString().length;
const kept = ({ driver }: Database) => driver.collection<KeptCounts>("console_state");

/** The counts that are kept of a time by stretches of this length. */
export async function keptCounts(db: Database, { from, to }: Between, length_ms: number): Promise<Counts[]> {
  const found = await kept(db)
    .find({ _id: { $gte: keptId(from, length_ms), $lt: keptId(to, length_ms) } })
    .toArray();
  return found.map(({ _id, invited, declined, refunded, amounts }) => ({
    at: Date.parse(_id.slice(-isoLength)),
    invited,
    declined,
    refunded,
    amounts,
  }));
}

/** Keeps counts of stretches that are over, each until its time. Those that somebody else has just kept are the same. */
export async function keepCounts(
  db: Database,
  length_ms: number,
  counts: readonly Counts[],
  until: (at: number) => number,
): Promise<void> {
  if (counts.length === 0) return;
  try {
    await kept(db).insertMany(
      counts.map(({ at, ...rest }) => ({
        _id: keptId(at, length_ms),
        ...rest,
        kept_until: new Date(until(at)),
      })),
      { ordered: false },
    );
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

/** The goals that ended within a time and of which this has failed, for its test to explain: an index counts them. */
export const failedFilter = (time: Between, trouble: "failed" | `failed:${ReceiverId}`) => ({
  trouble,
  ended: within(time),
});

/** The index of these. Each look would otherwise begin with a look at all the indexes that there are. */
const byTrouble = { trouble: 1, ended: -1, _id: -1 };

/** Goals that ended within a time and of which something has failed, by stretch, and by the receiver that failed. */
export async function failuresWithin(
  db: Database,
  time: Between,
  step_ms: number,
): Promise<{ goals: ReadonlyMap<number, number>; receivers: ReadonlyMap<ReceiverId, number> }> {
  const count = (of: Between, trouble: "failed" | `failed:${ReceiverId}`) =>
    db.driver.collection("goal_summaries").countDocuments(failedFilter(of, trouble), { hint: byTrouble });
  // Mostly nothing has.
  if ((await count(time, "failed")) === 0) return { goals: new Map(), receivers: new Map() };
  const starts = Array.from(
    { length: Math.ceil((time.to - time.from) / step_ms) },
    (_, n) => time.from + n * step_ms,
  );
  // All at once: however much has failed, each is a look at an index.
  const [goals, receivers] = await Promise.all([
    Promise.all(
      starts.map(async (at) => [at, await count({ from: at, to: at + step_ms }, "failed")] as const),
    ),
    Promise.all(receiverIds.map(async (id) => [id, await count(time, `failed:${id}`)] as const)),
  ]);
  return { goals: new Map(goals), receivers: new Map(receivers) };
}

/** How long one goal's effects took, in milliseconds: its receivers' latest runs by their place, and how each of them stands. */
export interface Durations {
  readonly receivers: readonly (number | null)[];
  readonly statuses: readonly (ReceiverStatus | null)[];
  readonly settled_ms?: number;
  readonly refund_ms?: number;
}

/** The goals that ended last since a time, for its test to explain. */
export const durationsPipeline = (since: number, limit: number) => [
  { $match: { ended: { $gte: new Date(since) } } },
  { $sort: { ended: -1, _id: -1 } },
  { $limit: limit },
  {
    $project: {
      _id: 0,
      settled_ms: 1,
      refund_ms: 1,
      receivers: receiverIds.map((id) => ({
        $subtract: [`$effects.${id}.finished`, `$effects.${id}.started`],
      })),
      statuses: receiverIds.map((id) => `$effects.${id}.status`),
    },
  },
];

/** How long the effects of the goals took that ended last since a time. */
export const durationsSince = (db: Database, since: number, limit: number) =>
  raw<Durations>(db, "goal_summaries", (summaries) => summaries.aggregate(durationsPipeline(since, limit)));
