import { type AggregateOptions, ObjectId } from "mongodb";
import type { Database } from "./database.ts";
import type { SessionDocument } from "./documents.ts";
import { below, type Place } from "./keyset.ts";

/** Which sessions: those that go on or those that have ended, of one streamer or of all. */
export interface SessionSelection {
  readonly live?: boolean | undefined;
  readonly streamer?: string | undefined;
}

/** The pipeline of a page, for its test to explain. */
export function sessionPipeline(
  { live, streamer }: SessionSelection,
  after: Place<ObjectId> | null,
  limit: number,
): Record<string, unknown>[] {
  const selection = {
    ...(streamer !== undefined && { "user.id": new ObjectId(streamer) }),
    // Any end at all, said as a range: an index that leaves out what goes on can serve it.
    ...(live !== undefined && { "statuses.ended": live ? null : { $gte: new Date(0) } }),
  };
  const conditions = [selection, below("statuses.created", after)].filter(
    (part) => Object.keys(part).length > 0,
  );
  return [
    { $match: conditions.length === 0 ? {} : { $and: conditions } },
    { $sort: { "statuses.created": -1, _id: -1 } },
    { $limit: limit },
  ];
}

/** Which index serves a page, where the database would not find that out: sessions that have ended, in any order but theirs. */
export const sessionHint = ({ live, streamer }: SessionSelection): AggregateOptions =>
  live === false && streamer === undefined
    ? { hint: { "statuses.created": -1, _id: -1, "statuses.ended": 1 } }
    : {};

/** Sessions, the newest first. */
export const listSessionDocuments = (
  { driver }: Database,
  selection: SessionSelection,
  after: Place<ObjectId> | null,
  limit: number,
): Promise<SessionDocument[]> =>
  driver
    .collection("sessions")
    .aggregate<SessionDocument>(sessionPipeline(selection, after, limit), sessionHint(selection))
    .toArray();
