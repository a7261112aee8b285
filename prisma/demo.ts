import { createHash } from "node:crypto";
import { type Document, ObjectId } from "mongodb";
import { demoAccounts } from "#src/contract/demo-accounts.ts";
import { type EndReason, goalEndedId } from "#src/contract/events.ts";
import { clockId, escrowIdOf } from "#src/contract/ids.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import type {
  GoalDocument,
  InvitationRecord,
  PairDocument,
  SessionDocument,
} from "#src/server/data/documents.ts";
import { insertGoalTrack } from "#src/server/data/goal-tracks.ts";
import { createAccount } from "#src/server/gateways/accounts.ts";
import { refreshSummaries } from "#src/server/operations/console/summaries.ts";
import { holdInEscrow, payOutEscrow, refundEscrow } from "#src/server/operations/escrow.ts";
import { newGoal } from "#src/server/operations/invite.ts";
import type { Services } from "#src/server/services.ts";

/**
 * The demo data of the local stack: the same ids every time. What a killed start has left half made is thrown away and
 * made again whole: its times belong together.
 */

type Name = Lowercase<(typeof demoAccounts)[number]["name"]>;

const demoId = (label: string) =>
  new ObjectId(createHash("sha256").update(`demo:${label}`).digest("hex").slice(0, 24));
const minute_ms = 60_000;
const day_ms = 24 * 60 * minute_ms;

/** How a demo invitation stands: still pending, or ended in one of the three ways, `after` minutes. */
interface DemoInvitation {
  readonly viewer: Name;
  readonly amount: number;
  readonly minutes: number;
  /** Minutes after the session began. */
  readonly at: number;
  readonly end?: { readonly outcome: "agreed" | EndReason; readonly after: number };
}

/** Makes the demo data on a database that is empty or has been left half made; otherwise changes nothing. */
export async function makeDemo(services: Services): Promise<void> {
  const { driver } = services.db;
  const accounts = demoAccounts.map((account) => ({ ...account, _id: demoId(account.name.toLowerCase()) }));
  const ids = accounts.map(({ _id }) => _id);
  const foreign = await driver.collection("user").countDocuments({ _id: { $nin: ids } });
  // The credentials are written last of all: they are what says that the demo data is complete.
  const credentials = await driver.collection("account").countDocuments({ userId: { $in: ids } });
  if (foreign > 0 || credentials === ids.length) return;
  await empty(services);

  const now = Date.now();
  await makeSession(services, "ada", now - 70 * minute_ms, null, [
    { viewer: "vic", amount: 1_200, minutes: 10, at: 50 },
    { viewer: "wen", amount: 2_400, minutes: 20, at: 58 },
    { viewer: "xan", amount: 600, minutes: 5, at: 65 },
  ]);
  await makeSession(services, "bea", now - 45 * minute_ms, null, [
    { viewer: "wen", amount: 1_800, minutes: 15, at: 30 },
  ]);
  await makeSession(services, "ada", now - 2 * day_ms, now - 2 * day_ms + 180 * minute_ms, [
    { viewer: "wen", amount: 1_500, minutes: 10, at: 20, end: { outcome: "declined", after: 4 } },
    { viewer: "xan", amount: 3_000, minutes: 20, at: 40, end: { outcome: "agreed", after: 2 } },
    { viewer: "vic", amount: 900, minutes: 5, at: 90, end: { outcome: "expired", after: 60 } },
  ]);
  const goals = await driver
    .collection("goals")
    .find({}, { projection: { _id: 1 } })
    .toArray();
  await refreshSummaries(
    services,
    goals.map(({ _id }) => _id.toHexString()),
  );
  for (const { _id, ...account } of accounts) {
    await createAccount(services.auth, { id: _id.toHexString(), ...account });
  }
}

/** Empties every collection and makes the demo data anew. For the local stack only: nothing is kept. */
export async function resetDemo(services: Services): Promise<void> {
  await empty(services);
  await makeDemo(services);
}

/** Empties every collection: credentials first, so that dying half-way leaves nothing that looks complete. */
async function empty({ db: { driver } }: Services): Promise<void> {
  await driver.collection("account").deleteMany({});
  for (const { name } of await driver.listCollections({}, { nameOnly: true }).toArray()) {
    await driver.collection(name).deleteMany({});
  }
}

async function makeSession(
  services: Services,
  streamer: Name,
  began: number,
  ended: number | null,
  invitations: readonly DemoInvitation[],
): Promise<void> {
  const _id = demoId(`session:${streamer}:${ended === null ? "live" : "past"}`);
  const records: Record<string, InvitationRecord> = {};
  const pairs: Record<string, PairDocument> = {};
  for (const invitation of invitations) {
    const goal = await makeGoal(services, _id, streamer, began, invitation);
    const viewerId = goal.conditions.exclusive_to.toHexString();
    const end = {
      ...(goal.deactivated ? { trigger_exclusive_goal_ended: goal.deactivated.at } : {}),
      ...(goal.metadata.cooldown ? { trigger_exclusive_goal_cooldown: goal.metadata.cooldown } : {}),
    };
    records[viewerId] = { goal: goal._id, ...end };
    pairs[viewerId] = {
      created: goal.created,
      trigger_exclusive_goal: goal._id,
      ...end,
      ...(goal.agreed
        ? {
            trigger_exclusive_goal_agreed: goal.agreed.at,
            exclusive_goal: demoId(`show:${goal._id.toHexString()}`),
            exclusive_goal_ended: new Date(goal.agreed.at.getTime() + goal.metadata.prepaid_duration * 1_000),
          }
        : {}),
    };
  }
  const session: SessionDocument = {
    _id,
    user: { id: demoId(streamer) },
    statuses: { created: new Date(began), ...(ended === null ? {} : { ended: new Date(ended) }) },
    trigger_private_goals: records,
    exclusive_goal_pairs: pairs,
  };
  await put(services, "sessions", session);
}

/** One goal with its hold, and with its end where it has ended: the refund or the payout, and the records of it. */
async function makeGoal(
  services: Services,
  sessionId: ObjectId,
  streamer: Name,
  began: number,
  invitation: DemoInvitation,
): Promise<GoalDocument> {
  const { viewer, amount, minutes, at, end } = invitation;
  const id = demoId(`goal:${sessionId.toHexString()}:${viewer}`);
  const goalId = id.toHexString();
  const invited = new Date(began + at * minute_ms);
  const people = { streamerId: demoId(streamer), viewerId: demoId(viewer) };
  const goal = newGoal({
    id,
    sessionId,
    ...people,
    standsFor_ms: 30 * day_ms,
    prepaid_s: minutes * 60,
    now: invited,
  });
  const escrowId = escrowIdOf(goalId);
  const streamerId = people.streamerId.toHexString();
  const hold = {
    escrowId,
    n: 0,
    streamerId,
    viewerId: people.viewerId.toHexString(),
    amount,
    currency: "USD",
  };
  await holdInEscrow({ ...services, clock: () => invited }, hold);
  goal.progress = 1;
  if (end === undefined) goal.active = true;
  else {
    const endedAt = new Date(invited.getTime() + end.after * minute_ms);
    const then = { ...services, clock: () => endedAt };
    goal.exp = endedAt;
    if (end.outcome === "agreed") {
      goal.agreed = { at: endedAt };
      await payOutEscrow(then, escrowId, streamerId);
    } else {
      const event_id = `demo-${goalId}`;
      // What nobody answers is ended by the clock.
      const triggerer = end.outcome === "expired" ? clockId : streamerId;
      goal.deactivated = { at: endedAt, by: new ObjectId(triggerer), event_id, reason: end.outcome };
      await refundEscrow(then, escrowId, { userId: streamerId, nbf: began, exp: null });
      if (end.outcome === "declined") goal.metadata.cooldown = new Date(endedAt.getTime() + 10 * minute_ms);
      await insertGoalTrack(services.db, goal, {
        outcome: end.outcome,
        triggerer,
        ended: endedAt,
      });
      await recordReceivers(services, goal, end.outcome, goalEndedId(goalId, event_id));
    }
  }
  await put(services, "goals", goal);
  return goal;
}

/** What the eleven receivers left behind of an end long done. */
async function recordReceivers(
  services: Services,
  goal: GoalDocument,
  outcome: EndReason,
  event_id: string,
): Promise<void> {
  const at = goal.deactivated?.at ?? goal.exp;
  for (const [place, receiver] of receiverIds.entries()) {
    const isOfDeclines = receiver === "cleanup_expired_exclusive_goal_pairs";
    await put(services, "receiver_runs", {
      _id: demoId(`run:${goal._id.toHexString()}:${receiver}`),
      goal_id: goal._id,
      receiver,
      event_id,
      ...(place < 5 || (isOfDeclines && outcome !== "declined")
        ? {
            status: "returned",
            reason: `Not a matter of this receiver: the goal is exclusive, and was ${outcome}.`,
          }
        : { status: "done" }),
      attempt: 0,
      started: at,
      finished: new Date(at.getTime() + 40 + 5 * place),
    });
  }
}

/** Writes a document of a fixed id, unless it is there. */
async function put(
  { db }: Services,
  collection: string,
  { _id, ...rest }: Document & { _id: ObjectId },
): Promise<void> {
  await db.driver.collection(collection).updateOne({ _id }, { $setOnInsert: rest }, { upsert: true });
}
