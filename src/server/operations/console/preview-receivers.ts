import { cachedChannelTargets, goalEndedTargets } from "#src/contract/channels.ts";
import { goalDeactivate, type GoalEnded } from "#src/contract/events.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import type { GoalDocument, SessionDocument } from "../../data/documents.ts";
import { goalTrackOf, hasGoalTrack } from "../../data/goal-tracks.ts";
import { findOtherPairs } from "../../data/pairs.ts";
import { findSession, previewEmbeddedGoalEnded } from "../../data/sessions.ts";
import type { Services } from "../../services.ts";
import { channelViewTag, pairViewTags } from "../announce.ts";
import { caches, field, fields, hints, type PreviewPart, pushes } from "./preview-lines.ts";
import { refundPart } from "./preview-refund.ts";

/** The signal that would be received, and the goal as it ended. */
interface Reception {
  readonly goal: GoalDocument;
  readonly signal: GoalEnded;
}

const part = (
  receiver: ReceiverId,
  changes: PreviewPart["changes"],
  unchanged: PreviewPart["unchanged"] = [],
): PreviewPart => ({ receiver, changes, unchanged });

/**
 * What one receiver would do with this signal now: by the same queries and decisions as the receiver, and without any
 * of its writes.
 */
export function previewReceiver(
  services: Services,
  receiver: ReceiverId,
  reception: Reception,
): Promise<PreviewPart> {
  switch (receiver) {
    case "trigger_show_escrow_refund":
    case "handle_trigger_private_goal_escrow":
    case "snapshot_rtc_sources":
    case "notify_stream_authorized_for_agreed_trigger_goal":
    case "sync_trigger_goal_session_viewer":
      return Promise.resolve(part(receiver, [], [{ line: null, note: "not_its_business" }]));
    case "track_goals":
      return trackGoals(services, reception);
    case "set_embedded_goal_ended":
      return setEmbeddedGoalEnded(services, reception);
    case "notify_goal_ended": {
      const channels = goalEndedTargets(reception.signal.metadata.user_id);
      return Promise.resolve(part(receiver, pushes("goal.ended", channels)));
    }
    case "trigger_exclusive_goal_escrow_refund":
      return refundPart(services, reception.goal, reception.signal);
    case "cleanup_expired_exclusive_goal_pairs":
      return cleanup(services, reception);
    case "invalidate_cached_pusher_channel_data":
      return invalidate(services, reception);
  }
}

async function trackGoals({ db }: Services, { goal, signal }: Reception): Promise<PreviewPart> {
  const id = goal._id.toHexString();
  const record = goalTrackOf(goal, {
    outcome: signal.metadata.reason ?? "declined",
    triggerer: signal.triggerer,
    ended: goal.deactivated?.at ?? new Date(signal.exp),
  });
  if (await hasGoalTrack(db, goal._id)) {
    return part("track_goals", [], [{ line: null, note: "already_done" }]);
  }
  return part(
    "track_goals",
    Object.entries(record).map(([name, value]) => field("goal_tracks", id, name, null, value)),
  );
}

const peopleOf = ({ signal }: Reception) => ({
  sessionId: signal.conditions.session_id,
  streamerId: signal.metadata.user_id,
  viewerId: signal.conditions.exclusive_to,
});

async function setEmbeddedGoalEnded(services: Services, reception: Reception): Promise<PreviewPart> {
  const { signal } = reception;
  const people = peopleOf(reception);
  const { sessionId, viewerId } = people;
  const end = {
    sessionId,
    goalId: signal.goal_id,
    viewerId,
    cooldown: signal.metadata.cooldown === undefined ? null : new Date(signal.metadata.cooldown),
    now: services.clock(),
  };
  const [before, after, cached] = await Promise.all([
    findSession(services.db, sessionId),
    previewEmbeddedGoalEnded(services.db, end),
    caches(services, pairViewTags(people)),
  ]);
  const told = [...cached, ...hints("pair.updated", people)];
  const receiver = "set_embedded_goal_ended";
  if (before === null) return part(receiver, told, [{ line: null, note: "session_gone" }]);
  // The record is a later invitation's by now: the write would match nothing.
  if (after === null) return part(receiver, told, [{ line: null, note: "not_its_business" }]);
  const written = fields("sessions", sessionId, [
    ...endFields("trigger_private_goals", viewerId, before, after),
    ...(after.exclusive_goal_pairs?.[viewerId]?.trigger_exclusive_goal.toHexString() === signal.goal_id
      ? endFields("exclusive_goal_pairs", viewerId, before, after)
      : []),
  ]);
  return part(receiver, [...written.changes, ...told], written.unchanged);
}

/** The two fields that an end writes to an entry of one of the session's maps: before, and after. */
const endFields = (
  map: "trigger_private_goals" | "exclusive_goal_pairs",
  viewerId: string,
  before: SessionDocument,
  after: SessionDocument,
) =>
  (["trigger_exclusive_goal_ended", "trigger_exclusive_goal_cooldown"] as const).map(
    (name) =>
      [
        `${map}.${viewerId}.${name}`,
        before[map]?.[viewerId]?.[name],
        after[map]?.[viewerId]?.[name],
      ] as const,
  );

async function cleanup(services: Services, reception: Reception): Promise<PreviewPart> {
  const receiver = "cleanup_expired_exclusive_goal_pairs";
  const { signal } = reception;
  if ((signal.metadata.reason ?? "declined") !== "declined") {
    return part(receiver, [], [{ line: null, note: "not_its_business" }]);
  }
  const { sessionId, streamerId } = peopleOf(reception);
  const before = new Date(signal.exp);
  const [session, others] = await Promise.all([
    findSession(services.db, sessionId),
    findOtherPairs(services.db, { sessionId, goalId: signal.goal_id, before }),
  ]);
  if (session === null) return part(receiver, [], [{ line: null, note: "session_gone" }]);
  if (others.length === 0) return part(receiver, [], [{ line: null, note: "already_done" }]);
  const people = others.map(({ userId }) => ({ sessionId, streamerId, viewerId: userId }));
  const tags = [...new Set(people.flatMap(pairViewTags))];
  return part(receiver, [
    // The task that ends them finds out for itself which of their goals are still pending.
    ...others
      .filter(({ isPending }) => isPending)
      .map(() => ({ kind: "event" as const, name: goalDeactivate.name })),
    ...others.map(({ userId }) =>
      field(
        "sessions",
        sessionId,
        `exclusive_goal_pairs.${userId}`,
        session.exclusive_goal_pairs?.[userId],
        null,
      ),
    ),
    ...(await caches(services, tags)),
    ...people.flatMap((pair) => hints("pair.updated", pair)),
  ]);
}

async function invalidate(services: Services, { signal }: Reception): Promise<PreviewPart> {
  const tags = cachedChannelTargets(signal.metadata.user_id).map(channelViewTag);
  return part("invalidate_cached_pusher_channel_data", await caches(services, tags));
}
