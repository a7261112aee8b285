import { ObjectId } from "mongodb";
import type { PairFacts } from "#src/domain/pairs.ts";
import { type Database, raw } from "./database.ts";
import type { PairDocument, SessionDocument } from "./documents.ts";

/** What decisions need to know of a pair, read off its document. */
export const pairFacts = (pair: PairDocument): PairFacts => ({
  created: pair.created.getTime(),
  goalId: pair.trigger_exclusive_goal.toHexString(),
  agreedAt: pair.trigger_exclusive_goal_agreed?.getTime() ?? null,
  endedAt: pair.trigger_exclusive_goal_ended?.getTime() ?? null,
  cooldownUntil: pair.trigger_exclusive_goal_cooldown?.getTime() ?? null,
  exclusiveGoalId: pair.exclusive_goal?.toHexString() ?? null,
  exclusiveGoalEndedAt: pair.exclusive_goal_ended?.getTime() ?? null,
});

/** The keys of both maps of a session: viewers' ids. */
export const viewerKey = /^[0-9a-f]{24}$/;

/**
 * The live pairs of a session by viewer. An entry without a goal or a beginning, or under a key that is no viewer's
 * id, is nothing that pages could show: it is left out, so that one malformed pair does not hide the others.
 */
export const pairsOf = (session: SessionDocument): ReadonlyMap<string, PairDocument> =>
  new Map(
    Object.entries<PairDocument | null>(session.exclusive_goal_pairs ?? {}).filter(
      (entry): entry is [string, PairDocument] =>
        viewerKey.test(entry[0]) &&
        entry[1]?.trigger_exclusive_goal instanceof ObjectId &&
        entry[1].created instanceof Date,
    ),
  );

const find = (db: Database, pipeline: Record<string, unknown>[]) =>
  raw<SessionDocument>(db, "sessions", (sessions) => sessions.aggregate(pipeline));

export async function findSession(db: Database, sessionId: string): Promise<SessionDocument | null> {
  const [session] = await find(db, [{ $match: { _id: new ObjectId(sessionId) } }]);
  return session ?? null;
}

/** The streamer's session that goes on, the newest if there are several. */
export async function findLiveSession(db: Database, streamerId: string): Promise<SessionDocument | null> {
  const [session] = await find(db, [
    { $match: { "user.id": new ObjectId(streamerId), "statuses.ended": null } },
    { $sort: { "statuses.created": -1 } },
    { $limit: 1 },
  ]);
  return session ?? null;
}

/** Sessions by id, for the invitations of a viewer. */
export const findSessions = (db: Database, sessionIds: readonly ObjectId[]) =>
  find(db, [{ $match: { _id: { $in: sessionIds } } }]);

export const insertSession = (db: Database, session: SessionDocument) =>
  raw(db, "sessions", (sessions) => sessions.insertOne({ ...session }));

/**
 * Puts an invitation into both maps of the session, if the viewer's pair is still the one that was looked at
 * (`replaces`: its goal, or null for none) and the session goes on. Says whether it did.
 */
export async function addInvitation(
  db: Database,
  invitation: {
    sessionId: ObjectId;
    viewerId: string;
    goalId: ObjectId;
    replaces: ObjectId | null;
    now: Date;
  },
): Promise<boolean> {
  const pair = `exclusive_goal_pairs.${invitation.viewerId}`;
  const [before] = await raw(db, "sessions", (sessions) =>
    sessions.findOneAndUpdate(
      {
        _id: invitation.sessionId,
        "statuses.ended": null,
        [`${pair}.trigger_exclusive_goal`]: invitation.replaces,
      },
      {
        $set: {
          [`trigger_private_goals.${invitation.viewerId}`]: { goal: invitation.goalId },
          [pair]: { created: invitation.now, trigger_exclusive_goal: invitation.goalId },
        },
      },
    ),
  );
  return before !== undefined;
}

/** The end of an invitation, to be marked in its session. Ids are hex. */
interface EmbeddedEnd {
  readonly sessionId: string;
  readonly goalId: string;
  readonly viewerId: string;
  readonly cooldown: Date | null;
  readonly now: Date;
}

/** Which session is marked, and how: stages of a pipeline, which read and write one document alike. */
function embeddedEnd(end: EmbeddedEnd): {
  filter: Record<string, unknown>;
  stages: Record<string, unknown>[];
} {
  const goalId = new ObjectId(end.goalId);
  const record = `trigger_private_goals.${end.viewerId}`;
  const pair = `exclusive_goal_pairs.${end.viewerId}`;
  const ended = (entry: string) => ({
    trigger_exclusive_goal_ended: { $ifNull: [`$${entry}.trigger_exclusive_goal_ended`, end.now] },
    ...(end.cooldown === null ? {} : { trigger_exclusive_goal_cooldown: end.cooldown }),
  });
  return {
    filter: { _id: new ObjectId(end.sessionId), [`${record}.goal`]: goalId },
    stages: [
      {
        $set: {
          [record]: { $mergeObjects: [`$${record}`, ended(record)] },
          [pair]: {
            $cond: [
              { $eq: [`$${pair}.trigger_exclusive_goal`, goalId] },
              { $mergeObjects: [`$${pair}`, ended(pair)] },
              `$${pair}`,
            ],
          },
        },
      },
    ],
  };
}

/**
 * Marks the invitation as ended in the session, and the live pair of that viewer where it still points at this goal
 * (readings, 7), in one write. The first `ended` is kept, so that a second run changes nothing.
 */
export async function setEmbeddedGoalEnded(db: Database, end: EmbeddedEnd): Promise<void> {
  const { filter, stages } = embeddedEnd(end);
  await raw(db, "sessions", (sessions) => sessions.updateOne(filter, stages));
}

/** The session as `setEmbeddedGoalEnded` would leave it, by the same stages, read only; null when it would not touch it. */
export async function previewEmbeddedGoalEnded(
  db: Database,
  end: EmbeddedEnd,
): Promise<SessionDocument | null> {
  const { filter, stages } = embeddedEnd(end);
  const [session] = await find(db, [{ $match: filter }, ...stages]);
  return session ?? null;
}
