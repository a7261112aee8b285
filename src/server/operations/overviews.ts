import { type PairState, pairState } from "#src/domain/pairs.ts";
import type { SessionDocument } from "../data/documents.ts";
import {
  findEndedGoalsOfStreamer,
  findGoals,
  findGoalsEndedSince,
  findGoalsOfViewer,
} from "../data/goals.ts";
import { findLiveSession, pairFacts, pairsOf } from "../data/sessions.ts";
import { findAccounts } from "../data/users.ts";
import type { Services } from "../services.ts";
import { type GoalView, viewGoals } from "./goal-view.ts";
import { type Person, personOf } from "./people.ts";

/** One live pair of a session. Times are ISO 8601. */
export interface PairView {
  readonly viewer: Person;
  readonly goal_id: string;
  readonly state: PairState;
  readonly ended: string | null;
  readonly cooldown_until: string | null;
}

/** What the streamer's page shows: the live session, its pending invitations, its pairs, and what has ended. */
export interface StudioOverview {
  /** When the reading began, by the server's clock: of two answers, the one with the later `as_of` is right. */
  readonly as_of: string;
  readonly session: { readonly id: string; readonly created: string } | null;
  readonly invitations: readonly GoalView[];
  readonly pairs: readonly PairView[];
  readonly history: readonly GoalView[];
}

const historyLength = 20;
/** Far more than one streamer ends in a day. */
const longestHistory = 200;

/**
 * The studio of one streamer, as of now. `invitations` are newest first; `history` is what has ended since `since`, the
 * last end first, and without a `since` the last few invitations that have ended.
 */
export async function studioOverview(
  services: Services,
  streamerId: string,
  since: Date | null = null,
): Promise<StudioOverview> {
  const { db } = services;
  const now = services.clock();
  const [session, ended] = await Promise.all([
    findLiveSession(db, streamerId),
    since === null
      ? findEndedGoalsOfStreamer(db, streamerId, historyLength)
      : findGoalsEndedSince(db, streamerId, { since, now, limit: longestHistory }),
  ]);
  const [invitations, pairs, history] = await Promise.all([
    session === null ? [] : pendingInvitations(services, session),
    session === null ? [] : viewPairs(services, session),
    viewGoals(services, ended),
  ]);
  const endOf = (view: GoalView) => view.ended ?? view.exp;
  return {
    as_of: now.toISOString(),
    session:
      session === null
        ? null
        : { id: session._id.toHexString(), created: session.statuses.created.toISOString() },
    invitations,
    pairs,
    history: since === null ? history : history.toSorted((a, b) => endOf(b).localeCompare(endOf(a))),
  };
}

/** The invitations of a session that wait for an answer: live pairs whose goals are still pending, newest first. */
export async function pendingInvitations(services: Services, session: SessionDocument): Promise<GoalView[]> {
  const goals = await findGoals(
    services.db,
    [...pairsOf(session).values()].map((pair) => pair.trigger_exclusive_goal),
  );
  const views = await viewGoals(services, goals);
  return views
    .filter(({ state }) => state === "pending")
    .toSorted((a, b) => b.created.localeCompare(a.created) || b.goal_id.localeCompare(a.goal_id));
}

/** The live pairs of a session, as of now; with `onlyOf`, the pair of that viewer alone, whatever their number. */
export async function viewPairs(
  services: Services,
  session: SessionDocument,
  onlyOf?: string,
): Promise<PairView[]> {
  const now = services.clock().getTime();
  const pairs = [...pairsOf(session)].filter(([viewerId]) => onlyOf === undefined || viewerId === onlyOf);
  const accounts = await findAccounts(
    services.db,
    pairs.map(([viewerId]) => viewerId),
  );
  return pairs.map(([viewerId, pair]) => ({
    viewer: personOf(accounts, viewerId),
    goal_id: pair.trigger_exclusive_goal.toHexString(),
    state: pairState(pairFacts(pair), now),
    ended: pair.trigger_exclusive_goal_ended?.toISOString() ?? null,
    cooldown_until: pair.trigger_exclusive_goal_cooldown?.toISOString() ?? null,
  }));
}

/** A viewer's own invitations, newest first. */
export async function viewerOverview(services: Services, viewerId: string): Promise<GoalView[]> {
  return await viewGoals(services, await findGoalsOfViewer(services.db, viewerId, 50));
}
