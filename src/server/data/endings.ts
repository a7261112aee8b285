import { ObjectId } from "mongodb";
import type { EndReason } from "#src/contract/events.ts";
import { type Database, raw } from "./database.ts";
import type { GoalDocument } from "./documents.ts";
import { above, type Place } from "./keyset.ts";

const find = <Row>(db: Database, pipeline: Record<string, unknown>[]) =>
  raw<Row>(db, "goals", (goals) => goals.aggregate(pipeline));

/** A goal that has run out, as far as ending it takes. */
export type OverdueGoal = Pick<GoalDocument, "_id" | "exp"> & { metadata: { user_id: ObjectId } };

/**
 * Goals that are still active at or after their `exp`, those that ran out first at the front. What names no streamer
 * cannot be asked for by an event, and must not keep its place before the others for ever: it is left out.
 */
export const findOverdue = (
  db: Database,
  { now, after, limit }: { now: Date; after: Place<ObjectId> | null; limit: number },
) => find<OverdueGoal>(db, overdue(now, after, limit));

/** The aggregate of `findOverdue`. */
export const overdue = (now: Date, after: Place<ObjectId> | null, limit: number) => [
  {
    $match: {
      $and: [
        { active: true, exp: { $lte: now }, "metadata.user_id": { $type: "objectId" } },
        above("exp", after),
      ],
    },
  },
  { $sort: { exp: 1, _id: 1 } },
  { $limit: limit },
  { $project: { exp: true, "metadata.user_id": true } },
];

/**
 * Goals that were made by `before` and have neither begun nor ended, the oldest first: whoever made them is slow, or
 * has died on the way.
 */
export const findUnbegun = (
  db: Database,
  { before, after, limit }: { before: Date; after: Place<ObjectId> | null; limit: number },
) => find<GoalDocument>(db, unbegun(before, after, limit));

/** The aggregate of `findUnbegun`. */
export const unbegun = (before: Date, after: Place<ObjectId> | null, limit: number) => [
  {
    $match: {
      $and: [
        { active: false, "deactivated.at": null, "agreed.at": null, created: { $lte: before } },
        above("created", after),
      ],
    },
  },
  { $sort: { created: 1, _id: 1 } },
  { $limit: limit },
];

/** What a goal that has neither begun nor ended looks like: whoever changes it first decides what becomes of it. */
const notBegun = { active: false, agreed: null, deactivated: null };

/**
 * Gives up goals that have not begun, though their holds are in the ledger: they begin, and have run out. From here on
 * each ends like any other invitation. Those that have begun or ended stay as they are.
 */
export async function giveUpUnbegun(db: Database, goalIds: readonly ObjectId[], now: Date): Promise<void> {
  await raw(db, "goals", (goals) =>
    goals.updateMany(
      { _id: { $in: goalIds }, ...notBegun },
      { $set: { active: true, progress: 1 }, $min: { exp: now } },
    ),
  );
}

/** Ends a goal that never began and for which nothing is held; otherwise nothing changes. Ids are hex. */
export async function closeUnbegun(
  db: Database,
  goalId: ObjectId,
  end: { at: Date; by: string; eventId: string; reason: EndReason },
): Promise<void> {
  await raw(db, "goals", (goals) =>
    goals.updateOne(
      { _id: goalId, ...notBegun },
      {
        $set: {
          deactivated: { at: end.at, by: new ObjectId(end.by), event_id: end.eventId, reason: end.reason },
        },
        $min: { exp: end.at },
      },
    ),
  );
}

/** A goal that has ended without being agreed to, as far as it takes to see whether its signal went out. */
export type EndedGoal = Pick<GoalDocument, "_id"> & {
  deactivated: { at: Date; reason: EndReason };
  metadata: { cooldown?: Date };
};

const seen = { "deactivated.at": true, "deactivated.reason": true, "metadata.cooldown": true };

/** The goals that ended last, of those that ended by `before`. */
export const findLastEnded = (db: Database, before: Date, limit: number) =>
  find<EndedGoal>(db, lastEnded(before, limit));

/** The aggregate of `findLastEnded`. */
export const lastEnded = (before: Date, limit: number) => [
  { $match: { "deactivated.at": { $lte: before } } },
  { $sort: { "deactivated.at": -1, _id: -1 } },
  { $limit: limit },
  { $project: seen },
];

/** The goals that ended after a place in the order of their ends, and by `before`; the first to end first. */
export const findEndedAfter = (
  db: Database,
  { before, after, limit }: { before: Date; after: Place<ObjectId> | null; limit: number },
) => find<EndedGoal>(db, endedAfter(before, after, limit));

/** The aggregate of `findEndedAfter`. */
export const endedAfter = (before: Date, after: Place<ObjectId> | null, limit: number) => [
  { $match: { $and: [{ "deactivated.at": { $lte: before } }, above("deactivated.at", after)] } },
  { $sort: { "deactivated.at": 1, _id: 1 } },
  { $limit: limit },
  { $project: seen },
];
