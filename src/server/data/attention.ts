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
  /** The time by which the oldest is known. */
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
    held_back: { collection: "refund_holds", filter: { at: { $gt: new Date(0) } }, time: "at" },
    approval: { collection: "bulk_actions", filter: { status: "awaiting_approval" }, time: "created" },
    audit_lapsed: {
      collection: "audit_log",
      filter: { status: "lapsed", at: { $gte: new Date(since) } },
      time: "at",
    },
  }) as const satisfies Record<string, Question>;

/** The oldest of what a question is about, first in its order, for its test to explain: the bound lets an index find it. */
export const oldestOf = ({ filter, time }: Omit<Question, "collection">) => ({
  filter: { ...filter, [time]: { $gte: new Date(0), ...(filter[time] as object | undefined) } },
  sort: { [time]: 1 } as const,
});

/** Answers one question: how much by an index's entries, since when by the first of them. */
export async function findWanting(
  { driver }: Database,
  { collection, ...question }: Question,
): Promise<Wanting> {
  const documents = driver.collection(collection);
  const count = await documents.countDocuments(question.filter, { limit: most });
  if (count === 0) return { count, oldest: null };
  const { filter, sort } = oldestOf(question);
  const first = await documents.findOne(filter, { sort, projection: { [question.time]: 1 } });
  const oldest: unknown = first?.[question.time];
  return { count, oldest: oldest instanceof Date ? oldest : null };
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
