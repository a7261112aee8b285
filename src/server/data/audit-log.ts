import type { ObjectId } from "mongodb";
import type { AuditAction } from "#src/contract/console.ts";
import { type Database, isDuplicateKey, raw } from "./database.ts";
import type { AuditDocument } from "./documents.ts";

const find = (db: Database, pipeline: Record<string, unknown>[]) =>
  raw<AuditDocument>(db, "audit_log", (log) => log.aggregate(pipeline));

export async function findEntry(db: Database, id: ObjectId): Promise<AuditDocument | null> {
  const [entry] = await find(db, [{ $match: { _id: id } }]);
  return entry ?? null;
}

/** Writes an entry, unless there is one by that id; and gives the one that is there, the first or its own. */
export async function beginEntry(db: Database, entry: AuditDocument): Promise<AuditDocument> {
  try {
    await raw(db, "audit_log", (log) => log.insertOne({ ...entry }));
    return entry;
  } catch (error) {
    const first = isDuplicateKey(error) ? await findEntry(db, entry._id) : null;
    if (first === null) throw error;
    return first;
  }
}

/**
 * Says that what was intended has been done. An entry that lapsed in the meantime was given up too early; one that is
 * completed or refused stays as it is.
 */
export async function completeEntry(
  db: Database,
  id: ObjectId,
  { after, result }: { after: unknown; result: unknown },
  now: Date,
): Promise<void> {
  await raw(db, "audit_log", (log) =>
    log.updateOne(
      { _id: id, status: { $in: ["intended", "lapsed"] } },
      { $set: { status: "completed", after, result, completed: now } },
    ),
  );
}

/** Says that nothing was changed, and by which code it was refused. */
export async function refuseEntry(db: Database, id: ObjectId, error: string): Promise<void> {
  await raw(db, "audit_log", (log) =>
    log.updateOne({ _id: id, status: "intended" }, { $set: { status: "refused", error } }),
  );
}

/** Says that no trace of what was intended was found in time. */
export async function lapseEntry(db: Database, id: ObjectId): Promise<void> {
  await raw(db, "audit_log", (log) =>
    log.updateOne({ _id: id, status: "intended" }, { $set: { status: "lapsed" } }),
  );
}

/** Until when and since when entries were made, and how many are wanted. */
interface Stretch {
  readonly after: Date;
  readonly until: Date;
  readonly limit: number;
}

/** The pipeline of the entries of one status, for its test to explain. */
export const entriesPipeline = (
  status: "intended" | "lapsed",
  { after, until, limit }: Stretch,
): Record<string, unknown>[] => [
  { $match: { status, at: { $gt: after, $lte: until } } },
  { $sort: { at: 1, _id: 1 } },
  { $limit: limit },
];

/** Entries of one status from a stretch of time, the oldest first. */
export const entriesOf = (db: Database, status: "intended" | "lapsed", stretch: Stretch) =>
  find(db, entriesPipeline(status, stretch));

/** How often something was done to a target, or meant to be. */
export async function countEntries(db: Database, target: string, action: AuditAction): Promise<number> {
  const [counted] = await raw<{ count: number }>(db, "audit_log", (log) =>
    log.aggregate([{ $match: { target, action } }, { $count: "count" }]),
  );
  return counted?.count ?? 0;
}
