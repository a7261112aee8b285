/** The live channels, named by whose they are. A message on them is a hint to read again, never the truth. */
const channelKinds = [
  "private-stream",
  "presence-stream",
  "private-user",
  "private-enc-user",
  "private-enc-stream",
] as const;

export type ChannelKind = (typeof channelKinds)[number];

/** A channel of one user: its kind, and the user's id in hex. */
export interface UserChannel {
  readonly kind: ChannelKind;
  readonly userId: string;
}

/** The channel on which moderators see what receivers do. */
export const adminChannel = "private-admin";

export const channelName = (kind: ChannelKind, userId: string) => `${kind}@${userId}`;

/** Reads a channel's name; null when it is none of ours. */
export function parseChannel(name: string): UserChannel | null {
  const match = /^([a-z-]+)@([0-9a-f]{24})$/.exec(name);
  const kind = channelKinds.find((candidate) => candidate === match?.[1]);
  const userId = match?.[2];
  return kind !== undefined && userId !== undefined ? { kind, userId } : null;
}

/** The targets of `notify_goal_ended` (specification, receivers). */
export const goalEndedTargets = (streamerId: string) => [
  channelName("private-stream", streamerId),
  channelName("presence-stream", streamerId),
  channelName("private-user", streamerId),
];

/** Where hints about a goal or a pair go: to its viewer and to its streamer. */
export const hintTargets = ({ streamerId, viewerId }: { streamerId: string; viewerId: string }) => [
  channelName("private-user", viewerId),
  channelName("private-stream", streamerId),
];

/** The targets of `invalidate_cached_pusher_channel_data` (specification, receivers). */
export const cachedChannelTargets = (streamerId: string) => [
  channelName("private-user", streamerId),
  channelName("private-enc-user", streamerId),
  channelName("private-stream", streamerId),
  channelName("private-enc-stream", streamerId),
];

/** What pages may hear: look again, and at what. No payment ids and no amounts, whoever listens. */
export interface LiveEvents {
  "goal.ended": {
    readonly signal_id: string;
    readonly goal_id: string;
    readonly exclusive_to: string;
    readonly exp: string;
  };
  "goal.created": { readonly goal_id: string };
  "pair.updated": { readonly session_id: string; readonly user_id: string };
  "refund.updated": { readonly goal_id: string };
  "receiver.updated": { readonly goal_id: string; readonly receiver: string };
  /** To moderators: the goal's summary was made anew. */
  "goal.updated": { readonly goal_id: string };
  /** To moderators: an action on many goals has come further. */
  "bulk.updated": { readonly bulk_id: string };
  /** To moderators: the conservation light was checked. */
  "ledger.checked": { readonly light: "green" | "red" };
}

export type LiveEventName = keyof LiveEvents;
