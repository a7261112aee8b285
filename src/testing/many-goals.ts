import { ObjectId } from "mongodb";
import { goalEndedId } from "#src/contract/events.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { type ReceiverId, receiverIds } from "#src/contract/receivers.ts";
import {
  escrowAccount,
  holdId,
  resolutionId,
  streamerAccount,
  type Transfer,
  viewerAccount,
} from "#src/domain/ledger.ts";
import { type RunFacts, summarise } from "#src/domain/summary.ts";
import type { GoalDocument, SessionDocument } from "#src/server/data/documents.ts";
import { summaryDocument } from "#src/server/data/goal-summaries.ts";
import { transferInsertId } from "#src/server/data/ledger.ts";
import { summaryGoal } from "#src/server/operations/console/summaries.ts";
import { newGoal } from "#src/server/operations/invite.ts";
import type { Services } from "#src/server/services.ts";

/** What many goals are to be like. */
interface ManyGoals {
  readonly count: number;
  /** Which goals, counted from 0, a receiver has failed; all others went well. Such a goal was declined. */
  readonly failed?: Readonly<Record<number, ReceiverId>>;
  /**
   * Of how many of the newest goals the receivers' runs are made, 0 to all. Of the others there are only the summaries
   * that say of them, which is enough to read lists quickly.
   */
  readonly runsOf?: number;
  /** How far back they were invited, in days. */
  readonly days?: number;
}

interface MadeGoals {
  readonly goalIds: readonly string[];
  readonly streamerIds: readonly string[];
  readonly viewerIds: readonly string[];
  readonly sessionIds: readonly string[];
}

/** The words of a receiver that has failed. */
export const failureText = "Pusher answered 500.";

const minute_ms = 60_000;
const day_ms = 24 * 60 * minute_ms;
/** Few enough for one message, many enough that the database's own work for a message does not count. */
const batchLength = 2_000;

/**
 * Makes goals that have ended, in bulk, with people, sessions, money, runs and summaries of their own: of ten, seven
 * were declined, and one each agreed to, expired and superseded. The first was invited last.
 */
export async function makeManyGoals(
  services: Pick<Services, "db" | "clock">,
  { count, failed = {}, runsOf: withRuns = count, days = 30 }: ManyGoals,
): Promise<MadeGoals> {
  const now = services.clock().getTime();
  const people = await makePeople(services, count, now - (days + 1) * day_ms);
  const goalIds: string[] = [];
  let written: Promise<unknown> = Promise.resolve();
  for (let start = 0; start < count; start += batchLength) {
    const made = Array.from({ length: Math.min(batchLength, count - start) }, (_, place) => {
      const n = start + place;
      const invited = now - 10 * minute_ms - Math.floor((n / count) * days * day_ms);
      return makeGoal(people, n, invited, failed[n]);
    });
    goalIds.push(...made.map(({ goal }) => goal._id.toHexString()));
    const documents = {
      goals: made.map(({ goal }) => goal),
      ledger_transfers: made.flatMap(({ transfers }) => transfers.map(transferDocument)),
      receiver_runs: made.slice(0, Math.max(0, withRuns - start)).flatMap((one) => runDocuments(one)),
      goal_summaries: made.map((one) => summaryOf(one, now)),
    };
    // The next batch is made while the database is still taking this one in.
    await written;
    written = Promise.all(
      Object.entries(documents).map(([collection, list]) => insert(services, collection, list)),
    );
  }
  await written;
  const hex = (ids: readonly ObjectId[]) => ids.map((id) => id.toHexString());
  return {
    goalIds,
    streamerIds: hex(people.streamers),
    viewerIds: hex(people.viewers),
    sessionIds: hex(people.sessions.map(({ _id }) => _id)),
  };
}

interface People {
  readonly streamers: readonly ObjectId[];
  readonly viewers: readonly ObjectId[];
  readonly sessions: readonly SessionDocument[];
}

/** A streamer for every 500 goals, four sessions each, and a viewer for every 20: the n-th goal is of the n-th of each. */
async function makePeople(services: Pick<Services, "db">, count: number, began: number): Promise<People> {
  const tag = new ObjectId().toHexString();
  const make = async (role: "streamer" | "viewer", length: number) => {
    const users = Array.from({ length }, (_, n) => ({
      _id: new ObjectId(),
      name: `${role === "streamer" ? "Sol" : "Val"} ${n + 1}`,
      email: `${role}${n + 1}-${tag}@example.com`,
      role,
    }));
    await insert(services, "user", users);
    return users.map(({ _id }) => _id);
  };
  const streamers = await make("streamer", Math.max(2, Math.ceil(count / 500)));
  const viewers = await make("viewer", Math.max(3, Math.ceil(count / 20)));
  const sessions = streamers.flatMap((streamer) =>
    Array.from({ length: 4 }, () => ({
      _id: new ObjectId(),
      user: { id: streamer },
      statuses: { created: new Date(began), ended: new Date(began + 40 * day_ms) },
    })),
  );
  await insert(services, "sessions", sessions);
  return { streamers, viewers, sessions };
}

interface MadeGoal {
  readonly goal: GoalDocument;
  readonly runs: readonly RunFacts[];
  readonly transfers: readonly Transfer[];
}

function makeGoal(people: People, n: number, invited: number, failing: ReceiverId | undefined): MadeGoal {
  const session = at(people.sessions, n);
  const streamerId = session.user.id;
  const viewerId = at(people.viewers, n);
  const goal = newGoal({
    sessionId: session._id,
    streamerId,
    viewerId,
    prepaid_s: 600,
    now: new Date(invited),
  });
  const ended = new Date(invited + 2 * minute_ms);
  // Shifted from ten to ten, so that outcomes do not go with people.
  const outcome = failing === undefined ? at(outcomes, n + Math.floor(n / 7)) : "declined";
  Object.assign(goal, { progress: 1, exp: ended });
  const goalId = goal._id.toHexString();
  const money = moneyOf(goalId, n, {
    invited,
    ended: ended.getTime(),
    agreed: outcome === "agreed",
    streamer: streamerId.toHexString(),
    viewer: viewerId.toHexString(),
  });
  if (outcome === "agreed") return { goal: { ...goal, agreed: { at: ended } }, runs: [], transfers: money };
  const event_id = `many-${goalId}`;
  goal.deactivated = { at: ended, by: streamerId, event_id, reason: outcome };
  goal.metadata.cooldown = new Date(ended.getTime() + 10 * minute_ms);
  return { goal, runs: runsOf(goalEndedId(goalId, event_id), ended.getTime(), failing), transfers: money };
}

const at = <T>(list: readonly T[], n: number): T => {
  const one = list[n % list.length];
  if (one === undefined) throw new RangeError("there are none");
  return one;
};

const outcomes = [
  ...Array.from({ length: 7 }, () => "declined" as const),
  "agreed",
  "expired",
  "superseded",
] as const;

/** The hold, between 1 and 50 units, and where it went. */
function moneyOf(
  goalId: string,
  n: number,
  of: { invited: number; ended: number; agreed: boolean; streamer: string; viewer: string },
): Transfer[] {
  const escrowId = escrowIdOf(goalId);
  const common = { escrowId, userId: of.streamer, amount: 100 + ((n * 7_919) % 4_900), currency: "USD" };
  const hold: Transfer = {
    ...common,
    id: holdId(escrowId, 0),
    insertId: transferInsertId(escrowId, 0),
    debit: viewerAccount(of.viewer),
    credit: escrowAccount(escrowId),
    at: of.invited,
    reason: "prepayment",
  };
  const resolution: Transfer = {
    ...common,
    id: resolutionId(escrowId),
    insertId: transferInsertId(escrowId, 1),
    debit: escrowAccount(escrowId),
    credit: of.agreed ? streamerAccount(of.streamer) : viewerAccount(of.viewer),
    at: of.ended + 300,
    reason: of.agreed ? "payout" : "refund",
  };
  return [hold, resolution];
}

const runsOf = (eventId: string, ended: number, failing: ReceiverId | undefined): RunFacts[] =>
  receiverIds.map((receiver, place) => ({
    receiver,
    eventId,
    status: receiver === failing ? "failed" : place < 5 ? "returned" : "done",
    attempt: receiver === failing ? 4 : 0,
    started: ended + 20,
    finished: ended + 40 + 25 * place,
    reason: place < 5 ? "Not a matter of this receiver." : null,
    error: receiver === failing ? failureText : null,
  }));

const runDocuments = ({ goal, runs }: MadeGoal) =>
  runs.map(({ eventId, started, finished, reason, error, ...run }) => ({
    goal_id: goal._id,
    ...run,
    event_id: eventId,
    started: new Date(started),
    ...(finished !== null && { finished: new Date(finished) }),
    ...(reason !== null && { reason }),
    ...(error !== null && { error }),
  }));

const summaryOf = ({ goal, runs, transfers }: MadeGoal, now: number) =>
  summaryDocument(
    { goal, asOf: new Date(now) },
    summarise(summaryGoal(goal), runs, transfers, false, { now, refundDelay_s: 0 }),
  );

const transferDocument = ({ id, insertId, at: time, escrowId, userId, ...rest }: Transfer) => ({
  _id: id as never,
  ...rest,
  insert_id: new ObjectId(insertId),
  at: new Date(time),
  escrow_id: escrowId,
  user_id: new ObjectId(userId),
});

async function insert(
  { db }: Pick<Services, "db">,
  collection: string,
  documents: readonly object[],
): Promise<void> {
  if (documents.length === 0) return;
  await db.driver.collection(collection).insertMany([...documents], { ordered: false, timeoutMS: 60_000 });
}
