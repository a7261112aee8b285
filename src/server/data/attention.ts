import type { Database } from "./database.ts";

/** Something that wants looking at: how much of it there is, counted no further than 10,000, and since when. */
export interface Wanting {
  readonly count: number;
  readonly oldest: Date | null;
}

const most = 10_000;

interface Question {
  readonly collection: string;
  readonly filter: Readonly<Record<string, unknown>>;
  /** The time by which the oldest is known, and the index that serves both. */
  readonly time: string;
}

/** What is asked, for its test to explain. `since` bounds what is only of interest for a while. */
export const questions = ({ now, late_ms, since }: { now: number; late_ms: number; since: number }) =>
  ({
    failed: { collection: "goal_summaries", filter: { trouble: "failed" }, time: "ended" },
    late: { collection: "goal_summaries", filter: { trouble: "late" }, time: "ended" },
    refund_late: {
      collection: "goal_summaries",
      filter: { refund: "due", held_back: null, refund_due: { $lt: new Date(now - late_ms) } },
      time: "refund_due",
    },
    held_back: { collection: "refund_holds", filter: {}, time: "at" },
    approval: { collection: "bulk_actions", filter: { status: "awaiting_approval" }, time: "created" },
    audit_lapsed: {
      collection: "audit_log",
      filter: { status: "lapsed", at: { $gte: new Date(since) } },
      time: "at",
    },
  }) as const satisfies Record<string, Question>;

/** Answers one question. */
export async function findWanting(
  { driver }: Database,
  { collection, filter, time }: Question,
): Promise<Wanting> {
  const documents = driver.collection(collection);
  const [count, oldest] = await Promise.all([
    documents.countDocuments(filter, { limit: most }),
    // A time that is there at all: where only some have one, the index has only those.
    documents
      .find({ [time]: { $gte: new Date(0) }, ...filter }, { projection: { [time]: 1 } })
      .sort({ [time]: 1 })
      .limit(1)
      .next(),
  ]);
  const found: unknown = oldest?.[time];
  return { count, oldest: found instanceof Date ? found : null };
}

/** How many invitations wait for an answer now. */
export const countPending = ({ driver }: Database, now: Date): Promise<number> =>
  driver.collection("goals").countDocuments(pendingFilter(now));

/** How many pairs are in cooldown now, by the goals that ended. */
export const countCooldowns = ({ driver }: Database, now: Date): Promise<number> =>
  driver.collection("goal_summaries").countDocuments(cooldownFilter(now));

/** For their tests to explain. */
export const pendingFilter = (now: Date) => ({ exp: { $gt: now }, active: true });
export const cooldownFilter = (now: Date) => ({ cooldown: { $gt: now } });
