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
const viewerKey = /^[0-9a-f]{24}$/;

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

/**
 * Marks the invitation as ended in the session, and the live pair of that viewer where it still points at this goal
 * (readings, 7), in one write. The first `ended` is kept, so that a second run changes nothing.
 */
export async function setEmbeddedGoalEnded(
  db: Database,
  end: { sessionId: string; goalId: string; viewerId: string; cooldown: Date | null; now: Date },
): Promise<void> {
  const goalId = new ObjectId(end.goalId);
  const record = `trigger_private_goals.${end.viewerId}`;
  const pair = `exclusive_goal_pairs.${end.viewerId}`;
  const ended = (entry: string) => ({
    trigger_exclusive_goal_ended: { $ifNull: [`$${entry}.trigger_exclusive_goal_ended`, end.now] },
    ...(end.cooldown === null ? {} : { trigger_exclusive_goal_cooldown: end.cooldown }),
  });
  await raw(db, "sessions", (sessions) =>
    sessions.updateOne({ _id: new ObjectId(end.sessionId), [`${record}.goal`]: goalId }, [
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
    ]),
  );
}

/** Another invitation of the session, to be removed: whose, and which goal. Ids are hex. */
export interface OtherPair {
  readonly userId: string;
  readonly goalId: string;
  /** Whether it waits for an answer; otherwise its show is over. */
  readonly isPending: boolean;
}

/**
 * The pairs that a decline removes: the specification's aggregate over `exclusive_goal_pairs`, for those created
 * before `before`, and never the pair of the goal that has just ended (readings, 10).
 */
export async function findOtherPairs(
  db: Database,
  end: { sessionId: string; goalId: string; before: Date },
): Promise<OtherPair[]> {
  const found = await raw<{ user_id: string; goal_id: unknown; over: unknown }>(db, "sessions", (sessions) =>
    sessions.aggregate([
      { $match: { _id: new ObjectId(end.sessionId) } },
      { $project: { pairs: { $objectToArray: "$exclusive_goal_pairs" } } },
      { $unwind: "$pairs" },
      {
        $match: {
          "pairs.v.created": { $lt: end.before },
          "pairs.v.trigger_exclusive_goal": { $type: "objectId", $ne: new ObjectId(end.goalId) },
          ...removable("pairs.v"),
        },
      },
      {
        $project: {
          _id: false,
          user_id: "$pairs.k",
          goal_id: "$pairs.v.trigger_exclusive_goal",
          over: "$pairs.v.exclusive_goal_ended",
        },
      },
    ]),
  );
  // A match looks into arrays, and not every key can be part of a path: what is malformed must not keep the others.
  return found.flatMap(({ user_id, goal_id, over }) =>
    viewerKey.test(user_id) && goal_id instanceof ObjectId
      ? [{ userId: user_id, goalId: goal_id.toHexString(), isPending: over == null }]
      : [],
  );
}

/**
 * Removes one pair, if it still points at that goal and is still removable; otherwise nothing changes. Its goal may have
 * given way already, and be marked as ended for that: without a cooldown, which is what a decline would have left.
 */
export async function unsetPair(
  db: Database,
  sessionId: string,
  other: OtherPair,
  before: Date,
): Promise<void> {
  const pair = `exclusive_goal_pairs.${other.userId}`;
  await raw(db, "sessions", (sessions) =>
    sessions.updateOne(
      {
        _id: new ObjectId(sessionId),
        [`${pair}.trigger_exclusive_goal`]: new ObjectId(other.goalId),
        [`${pair}.created`]: { $lt: before },
        $or: [...removable(pair).$or, gaveWay(pair)],
      },
      { $unset: { [pair]: true } },
    ),
  );
}

/** The specification's condition: the show is over, or the invitation is neither answered nor ended. */
const removable = (pair: string) => ({
  $or: [
    { [`${pair}.exclusive_goal_ended`]: { $ne: null } },
    {
      $and: [
        { [`${pair}.exclusive_goal`]: null },
        { [`${pair}.trigger_exclusive_goal_agreed`]: null },
        { [`${pair}.trigger_exclusive_goal_ended`]: null },
      ],
    },
  ],
});

/** A pair that was not agreed to, and whose goal has ended without being declined. */
const gaveWay = (pair: string) => ({
  [`${pair}.exclusive_goal`]: null,
  [`${pair}.trigger_exclusive_goal_agreed`]: null,
  [`${pair}.trigger_exclusive_goal_cooldown`]: null,
});

/**
 * Marks the live pair of a goal as agreed to. A pair that was cleaned away in the same moment comes back, since the goal
 * has decided; one that points at another goal by now stays as it is. The first time is kept.
 */
export async function setPairAgreed(
  db: Database,
  agreed: { sessionId: ObjectId; viewerId: string; goalId: ObjectId; created: Date; at: Date },
): Promise<void> {
  const pair = `exclusive_goal_pairs.${agreed.viewerId}`;
  await raw(db, "sessions", (sessions) =>
    sessions.updateOne(
      {
        _id: agreed.sessionId,
        [`${pair}.trigger_exclusive_goal`]: { $in: [agreed.goalId, null] },
        [`${pair}.trigger_exclusive_goal_agreed`]: null,
      },
      {
        $set: {
          [`${pair}.created`]: agreed.created,
          [`${pair}.trigger_exclusive_goal`]: agreed.goalId,
          [`${pair}.trigger_exclusive_goal_agreed`]: agreed.at,
        },
      },
    ),
  );
}

/** Takes back the pair of an invitation that could not begin, if it still points at that goal. */
export async function withdrawPair(
  db: Database,
  sessionId: ObjectId,
  viewerId: string,
  goalId: ObjectId,
): Promise<void> {
  const pair = `exclusive_goal_pairs.${viewerId}`;
  await raw(db, "sessions", (sessions) =>
    sessions.updateOne(
      { _id: sessionId, [`${pair}.trigger_exclusive_goal`]: goalId },
      { $unset: { [pair]: true } },
    ),
  );
}
