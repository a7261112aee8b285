import { cachedChannelTargets, channelName } from "#src/contract/channels.ts";
import { dropViews } from "../data/view-cache.ts";
import type { Services } from "../services.ts";

/** The tag of every cached token view of one session. */
export const tokenViewTag = (sessionId: string) => `token:${sessionId}`;
/** The tag of the cached data of one channel. */
export const channelViewTag = (channel: string) => `channel:${channel}`;

/** A pair of a session, by its people. Ids are hex. */
export interface PairPeople {
  readonly sessionId: string;
  readonly streamerId: string;
  readonly viewerId: string;
}

/** The tags of every cached answer that shows a pair. */
export const pairViewTags = (pair: PairPeople): string[] => [
  tokenViewTag(pair.sessionId),
  ...[
    ...cachedChannelTargets(pair.streamerId),
    channelName("presence-stream", pair.streamerId),
    ...cachedChannelTargets(pair.viewerId),
  ].map(channelViewTag),
];

/**
 * Says that a pair has changed: drops every cached answer that shows it, then hints to the open pages. To be called
 * after the write, whoever wrote (readings, the last paragraph on receivers): a reader that still saw the old state
 * began before the drop, and what it loaded is not kept.
 */
export async function announcePair(
  services: Services,
  pair: PairPeople,
  hint: { name: "pair.updated" } | { name: "goal.created"; goalId: string } = { name: "pair.updated" },
): Promise<void> {
  await dropViews(services.db, pairViewTags(pair));
  if (hint.name === "goal.created") await services.live.hint("goal.created", pair, { goal_id: hint.goalId });
  else await services.live.hint("pair.updated", pair, { session_id: pair.sessionId, user_id: pair.viewerId });
}

/** Says that many pairs have changed, as `announcePair` says it of one, to be called after all their writes. */
export async function announcePairs(services: Services, pairs: readonly PairPeople[]): Promise<void> {
  await dropViews(services.db, [...new Set(pairs.flatMap(pairViewTags))]);
  await services.live.hintPairs(pairs);
}
