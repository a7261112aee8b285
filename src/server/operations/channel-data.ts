import { type UserChannel, channelName } from "#src/contract/channels.ts";
import { type Caller, isModerator } from "#src/contract/roles.ts";
import { findGoalsOfViewer } from "../data/goals.ts";
import { findLiveSession, findSessions } from "../data/sessions.ts";
import { cachedView } from "../data/view-cache.ts";
import type { Services } from "../services.ts";
import { channelViewTag } from "./announce.ts";
import { type GoalView, viewGoals } from "./goal-view.ts";
import { pendingInvitations, type PairView, viewPairs } from "./overviews.ts";

/** What a page reads when it subscribes to a channel. A presence channel, which viewers may join, has pair states only. */
export type ChannelData =
  | { readonly pairs: readonly Pick<PairView, "viewer" | "state">[] }
  | {
      readonly invitations: readonly GoalView[];
      readonly pairs: readonly PairView[];
      readonly cooldowns: readonly { readonly viewer_id: string; readonly until: string }[];
    };

/** Who may join a channel, and so read its data (interface, "Live channels"). */
export function mayJoin(caller: Caller, channel: UserChannel): boolean {
  switch (channel.kind) {
    case "presence-stream":
      return true;
    case "private-stream":
    case "private-user":
      return caller.id === channel.userId || isModerator(caller.role);
    case "private-enc-user":
    case "private-enc-stream":
      return caller.id === channel.userId;
  }
}

/** The channel's snapshot, cached until somebody writes what it shows. */
export function channelData(services: Services, channel: UserChannel): Promise<ChannelData> {
  const tag = channelViewTag(channelName(channel.kind, channel.userId));
  return cachedView(services.db, { id: tag, tag }, services.clock(), () => load(services, channel));
}

async function load(services: Services, { kind, userId }: UserChannel): Promise<ChannelData> {
  const session = await findLiveSession(services.db, userId);
  const ownPairs = session === null ? [] : await viewPairs(services, session);
  if (kind === "presence-stream") return { pairs: ownPairs.map(({ viewer, state }) => ({ viewer, state })) };
  const [received, sent] = await Promise.all([
    session === null ? [] : pendingInvitations(services, session),
    loadSent(services, userId),
  ]);
  const pairs = [...ownPairs, ...sent.pairs];
  return {
    invitations: [...received, ...sent.invitations],
    pairs,
    cooldowns: pairs.flatMap(({ viewer, state, cooldown_until }) =>
      state === "cooldown" && cooldown_until !== null
        ? [{ viewer_id: viewer.id, until: cooldown_until }]
        : [],
    ),
  };
}

/** The user's own invitations to others that wait for an answer, and the user's pairs in those streamers' sessions. */
async function loadSent(services: Services, userId: string) {
  const goals = await findGoalsOfViewer(services.db, userId, 50);
  if (goals.length === 0) return { invitations: [], pairs: [] };
  const sessions = await findSessions(
    services.db,
    goals.map((goal) => goal.conditions.session_id),
  );
  const live = sessions.filter(({ statuses }) => statuses.ended == null);
  const pairs = await Promise.all(live.map((session) => viewPairs(services, session, userId)));
  return {
    invitations: (await viewGoals(services, goals)).filter(({ state }) => state === "pending"),
    pairs: pairs.flat(),
  };
}
