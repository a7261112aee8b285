import { ObjectId } from "mongodb";
import { clockId, escrowIdOf } from "#src/contract/ids.ts";
import { decideInvite, pairState } from "#src/domain/pairs.ts";
import { madeWithin_ms } from "#src/domain/unbegun.ts";
import type { GoalDocument } from "../data/documents.ts";
import { closeUnbegun } from "../data/endings.ts";
import { activateGoal, insertGoal } from "../data/goals.ts";
import { transferInsertId } from "../data/ledger.ts";
import { withdrawPair } from "../data/pairs.ts";
import { addInvitation, findLiveSession, pairFacts, pairsOf } from "../data/sessions.ts";
import { findAccountByEmail } from "../data/users.ts";
import type { Services } from "../services.ts";
import { announcePair } from "./announce.ts";
import { askToSupersede } from "./ask-to-end.ts";
import { holdInEscrow, refundEscrow } from "./escrow.ts";

/** How long an invitation stands where nobody says otherwise, in milliseconds: 30 days. */
const standing_ms = 30 * 24 * 3_600_000;

const insertIdOfHold = (goalId: ObjectId) =>
  new ObjectId(transferInsertId(escrowIdOf(goalId.toHexString()), 0));

export interface Invitation {
  readonly streamerEmail: string;
  readonly viewerEmail: string;
  /** Whole minor units. */
  readonly amount: number;
  /** How long the invitation stands, and how long a show it prepays; fractions are allowed. */
  readonly minutes: number;
  /** Invite although an invitation is pending or the pair is in cooldown, and replace the pair. */
  readonly force: boolean;
}

export type Invited = { readonly goal_id: string } | { readonly refused: string };

/**
 * A viewer invites a streamer and prepays, as the platform does it: the goal, not yet active; the hold in the ledger;
 * both maps of the session; and only then the goal becomes active (readings, "Documents"). Then pages are told.
 */
export async function invite(services: Services, invitation: Invitation): Promise<Invited> {
  const { db, clock } = services;
  const [streamer, viewer] = await Promise.all([
    findAccountByEmail(db, invitation.streamerEmail),
    findAccountByEmail(db, invitation.viewerEmail),
  ]);
  if (streamer?.role !== "streamer") return { refused: `There is no streamer ${invitation.streamerEmail}.` };
  if (viewer?.role !== "viewer") return { refused: `There is no viewer ${invitation.viewerEmail}.` };
  const session = await findLiveSession(db, streamer.id);
  if (session === null) return { refused: `${streamer.name} is not live.` };

  const now = clock();
  const pair = pairsOf(session).get(viewer.id) ?? null;
  const recorded = session.trigger_private_goals?.[viewer.id]?.trigger_exclusive_goal_cooldown;
  const decision = decideInvite(pair && pairFacts(pair), recorded?.getTime() ?? null, now.getTime());
  if (decision.kind === "refuse" && !invitation.force) return { refused: decision.reason };

  const goal = newGoal({
    sessionId: session._id,
    streamerId: new ObjectId(streamer.id),
    viewerId: new ObjectId(viewer.id),
    standsFor_ms: invitation.minutes * 60_000,
    prepaid_s: Math.max(1, Math.round(invitation.minutes * 60)),
    now,
  });
  const goalId = goal._id.toHexString();
  const escrowId = escrowIdOf(goalId);
  const sessionId = session._id;
  await insertGoal(db, goal);
  const people = { viewerId: viewer.id, streamerId: streamer.id };
  await holdInEscrow(services, { escrowId, n: 0, ...people, amount: invitation.amount, currency: "USD" });

  // The invitation that this one replaces ends first: whoever dies in between leaves no money behind.
  const replaced = pair?.trigger_exclusive_goal ?? null;
  if (pair !== null && pairState(pairFacts(pair), now.getTime()) === "pending") {
    const ends = { streamerId: streamer.id, triggerer: viewer.id, cause: goalId };
    await askToSupersede(services, [pair.trigger_exclusive_goal], ends);
  }
  if (clock().getTime() - now.getTime() > madeWithin_ms) return { refused: tooLate };
  const added = await addInvitation(db, {
    sessionId,
    viewerId: viewer.id,
    goalId: goal._id,
    replaces: replaced,
    now,
  });
  if (!added) {
    await refundEscrow(services, escrowId, { userId: streamer.id, nbf: 0, exp: null });
    const end = { at: clock(), by: clockId, eventId: `close:${goalId}`, reason: "superseded" } as const;
    await closeUnbegun(db, goal._id, end);
    return { refused: "The session has changed meanwhile; nothing is held. Try again." };
  }
  if (!(await activateGoal(db, goal))) {
    await withdrawPair(db, sessionId, viewer.id, goal._id);
    return { refused: tooLate };
  }
  services.news.tell(goalId);
  await announcePair(
    services,
    { sessionId: sessionId.toHexString(), ...people },
    { name: "goal.created", goalId },
  );
  return { goal_id: goalId };
}

/** Whoever makes an invitation and has been overtaken leaves the rest to the function that mends what is half made. */
const tooLate = "The invitation could not be made in time; what was held goes back by itself. Try again.";

/**
 * A goal as it begins: not active, its prepayment on the way under the `insert_id` that the first hold of its escrow
 * will have. `prepaid_s` is in seconds.
 */
export const newGoal = ({
  id = new ObjectId(),
  ...invitation
}: {
  id?: ObjectId;
  sessionId: ObjectId;
  streamerId: ObjectId;
  viewerId: ObjectId;
  standsFor_ms?: number;
  prepaid_s: number;
  now: Date;
}): GoalDocument => ({
  _id: id,
  _cls: "TriggerExclusiveGoal",
  active: false,
  progress: 0,
  levels: [],
  exp: new Date(invitation.now.getTime() + (invitation.standsFor_ms ?? standing_ms)),
  created: invitation.now,
  conditions: { session_id: invitation.sessionId, exclusive_to: invitation.viewerId },
  context: { type: "trigger-exclusive", exclusive_to: invitation.viewerId },
  metadata: {
    user_id: invitation.streamerId,
    insert_ids: [insertIdOfHold(id)],
    prepaid_duration: invitation.prepaid_s,
  },
});
