import { ObjectId } from "mongodb";
import type { EndReason } from "#src/contract/events.ts";
import type { GoalFacts } from "#src/domain/goal.ts";
import { type Database, raw } from "./database.ts";
import type { GoalDocument } from "./documents.ts";

/** What decisions need to know of a goal, read off its document. */
export const goalFacts = (goal: GoalDocument): GoalFacts => ({
  streamerId: goal.metadata.user_id.toHexString(),
  viewerId: goal.conditions.exclusive_to.toHexString(),
  active: goal.active,
  exp: goal.exp.getTime(),
  agreedAt: goal.agreed?.at.getTime() ?? null,
  deactivated: goal.deactivated
    ? { at: goal.deactivated.at.getTime(), reason: goal.deactivated.reason }
    : null,
});

const find = (db: Database, pipeline: Record<string, unknown>[]) =>
  raw<GoalDocument>(db, "goals", (goals) => goals.aggregate(pipeline));

export async function findGoal(db: Database, goalId: string): Promise<GoalDocument | null> {
  const [goal] = await find(db, [{ $match: { _id: new ObjectId(goalId) } }]);
  return goal ?? null;
}

export async function findGoals(db: Database, goalIds: readonly ObjectId[]): Promise<GoalDocument[]> {
  return goalIds.length === 0 ? [] : await find(db, [{ $match: { _id: { $in: goalIds } } }]);
}

/** A viewer's own invitations, newest first. */
export const findGoalsOfViewer = (db: Database, viewerId: string, limit: number) =>
  find(db, [
    { $match: { "conditions.exclusive_to": new ObjectId(viewerId) } },
    { $sort: { created: -1, _id: -1 } },
    { $limit: limit },
  ]);

/** A streamer's goals that have ended, newest first. */
export const findEndedGoalsOfStreamer = (db: Database, streamerId: string, limit: number) =>
  find(db, [
    { $match: { "metadata.user_id": new ObjectId(streamerId), active: false } },
    { $sort: { created: -1, _id: -1 } },
    { $limit: limit },
  ]);

/**
 * A streamer's goals that have ended since a point in time, the newest invitations first; those that ran out by the
 * clock alone are among them. Whatever ended since then has its `exp` since then: a decline sets it, and nobody agrees
 * to what has run out.
 */
export const findGoalsEndedSince = (
  db: Database,
  streamerId: string,
  { since, now, limit }: { since: Date; now: Date; limit: number },
) =>
  find(db, [
    {
      $match: {
        "metadata.user_id": new ObjectId(streamerId),
        exp: { $gte: since },
        $or: [
          { "deactivated.at": { $gte: since } },
          { "agreed.at": { $gte: since } },
          { active: true, exp: { $lte: now } },
        ],
      },
    },
    { $sort: { created: -1, _id: -1 } },
    { $limit: limit },
  ]);

/**
 * Ends a goal: the one write under `active: true` that decides every race (readings, 1). Gives the goal as it was
 * before (`new = False`), or null when the filter did not match. A second run finds `active: false`.
 */
export async function endGoal(
  db: Database,
  end: { goalId: string; streamerId: string; by: string; eventId: string; reason: EndReason; now: Date },
): Promise<GoalDocument | null> {
  const [before] = await raw<GoalDocument>(db, "goals", (goals) =>
    goals.findOneAndUpdate(
      { _id: new ObjectId(end.goalId), active: true, "metadata.user_id": new ObjectId(end.streamerId) },
      {
        $set: {
          active: false,
          deactivated: { at: end.now, by: new ObjectId(end.by), event_id: end.eventId, reason: end.reason },
        },
        $min: { exp: end.now },
      },
    ),
  );
  return before ?? null;
}

/** The goal that this very event has ended, so that a task whose answer was lost recognises its own work. */
export async function findGoalEndedBy(
  db: Database,
  goalId: string,
  eventId: string,
): Promise<GoalDocument | null> {
  const [goal] = await find(db, [
    { $match: { _id: new ObjectId(goalId), active: false, "deactivated.event_id": eventId } },
  ]);
  return goal ?? null;
}

/**
 * Sets the goal's cooldown unless it has one, and gives the one it has: computed once, the same in every retry
 * (readings, 3). Null when there is no such goal.
 */
export async function keepCooldown(db: Database, goalId: string, cooldown: Date): Promise<Date | null> {
  await raw(db, "goals", (goals) =>
    goals.updateOne(
      { _id: new ObjectId(goalId), "metadata.cooldown": null },
      { $set: { "metadata.cooldown": cooldown } },
    ),
  );
  return (await findGoal(db, goalId))?.metadata.cooldown ?? null;
}

export const insertGoal = (db: Database, goal: GoalDocument) =>
  raw(db, "goals", (goals) => goals.insertOne({ ...goal }));

/**
 * Makes a goal active, once its hold is in the ledger; never one that has ended. Says whether it has begun as it was
 * meant to, whoever has made it so: one that took too long may have been given up.
 */
export async function activateGoal(
  db: Database,
  { _id, exp }: Pick<GoalDocument, "_id" | "exp">,
): Promise<boolean> {
  const [before] = await raw(db, "goals", (goals) =>
    goals.findOneAndUpdate(
      { _id, active: false, agreed: null, deactivated: null },
      { $set: { active: true, progress: 1 } },
    ),
  );
  if (before !== undefined) return true;
  const [goal] = await find(db, [{ $match: { _id, active: true, exp } }]);
  return goal !== undefined;
}

/**
 * Agrees to a goal: the platform's one write under `active: true` (readings, 1). Gives the goal as it was before, or null
 * when it is not active any more.
 */
export async function agreeToGoal(db: Database, goalId: string, now: Date): Promise<GoalDocument | null> {
  const [before] = await raw<GoalDocument>(db, "goals", (goals) =>
    goals.findOneAndUpdate(
      { _id: new ObjectId(goalId), active: true },
      { $set: { active: false, agreed: { at: now } } },
    ),
  );
  return before ?? null;
}
