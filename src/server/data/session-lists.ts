import { ObjectId } from "mongodb";
import { type Database, raw } from "./database.ts";
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

/** Sessions, the newest first. */
export const listSessionDocuments = (
  db: Database,
  selection: SessionSelection,
  after: Place<ObjectId> | null,
  limit: number,
) =>
  raw<SessionDocument>(db, "sessions", (sessions) =>
    sessions.aggregate(sessionPipeline(selection, after, limit)),
  );
