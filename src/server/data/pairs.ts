import { ObjectId } from "mongodb";
import { type Database, raw } from "./database.ts";
import { viewerKey } from "./sessions.ts";

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
 * Marks the live pair of a goal as agreed to, unless it is already or points at another goal by now. With `restores` a pair
 * that was cleaned away comes back: in the moment of agreeing, the goal has decided.
 */
export async function setPairAgreed(
  db: Database,
  agreed: {
    sessionId: ObjectId;
    viewerId: string;
    goalId: ObjectId;
    created: Date;
    at: Date;
    restores: boolean;
  },
): Promise<void> {
  const pair = `exclusive_goal_pairs.${agreed.viewerId}`;
  await raw(db, "sessions", (sessions) =>
    sessions.updateOne(
      {
        _id: agreed.sessionId,
        [`${pair}.trigger_exclusive_goal`]: agreed.restores ? { $in: [agreed.goalId, null] } : agreed.goalId,
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

/** Takes back the pair of an invitation that could not begin, if it still points at that goal and does not say how it ended. */
export async function withdrawPair(
  db: Database,
  sessionId: ObjectId,
  viewerId: string,
  goalId: ObjectId,
): Promise<void> {
  const pair = `exclusive_goal_pairs.${viewerId}`;
  await raw(db, "sessions", (sessions) =>
    sessions.updateOne(
      {
        _id: sessionId,
        [`${pair}.trigger_exclusive_goal`]: goalId,
        [`${pair}.trigger_exclusive_goal_ended`]: null,
      },
      { $unset: { [pair]: true } },
    ),
  );
}
