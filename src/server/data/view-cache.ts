import { ObjectId } from "mongodb";
import { type Database, isDuplicateKey } from "./database.ts";
import type { CachedViewDocument } from "./documents.ts";

/** How long a cached answer lives at most, in milliseconds. Any token signed into an answer must outlive it. */
export const viewTtl_ms = 60_000;

const views = ({ driver }: Database) => driver.collection<CachedViewDocument>("view_cache");

/** An answer from a time to come was kept by a clock that was ahead: it would stay for as long as that was. */
const latest = (now: Date) => new Date(now.getTime() + 2 * viewTtl_ms);

/** Which answer, and the tag by which it is dropped together with others. */
export interface ViewKey {
  readonly id: string;
  readonly tag: string;
}

/**
 * Gives the cached answer, or loads and keeps it. A reader that misses first leaves a generation, loads, and stores
 * only while that generation is still there. Dropping a view removes its generation too, so a fill that began before
 * an invalidation is never stored, in whichever process either runs.
 */
export async function cachedView<T>(
  db: Database,
  key: ViewKey,
  now: Date,
  load: () => Promise<T>,
): Promise<T> {
  const found = await views(db).findOne({ _id: key.id, expires_at: { $gt: now, $lte: latest(now) } });
  if (found?.value !== undefined) return found.value as T;
  const generation = found?.generation ?? (await begin(db, key, now));
  const value = await load();
  await views(db).updateOne(
    { _id: key.id, generation },
    { $set: { value, expires_at: new Date(now.getTime() + viewTtl_ms) } },
  );
  return value;
}

/** Leaves a new generation under the key, and gives it; another reader's, when that one came first. */
async function begin(db: Database, key: ViewKey, now: Date): Promise<ObjectId> {
  const generation = new ObjectId();
  try {
    const begun = await views(db).findOneAndReplace(
      { _id: key.id, $or: [{ expires_at: { $lte: now } }, { expires_at: { $gt: latest(now) } }] },
      { tag: key.tag, generation, expires_at: new Date(now.getTime() + viewTtl_ms) },
      { upsert: true, returnDocument: "after" },
    );
    return begun?.generation ?? generation;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return (await views(db).findOne({ _id: key.id }))?.generation ?? generation;
  }
}

/** How many answers are kept under each of these tags at `now`; tags without any are absent. */
export async function countViews(
  db: Database,
  tags: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, number>> {
  const counted = await views(db)
    .aggregate<{ _id: string; entries: number }>([
      { $match: { tag: { $in: [...tags] }, value: { $exists: true }, expires_at: { $gt: now } } },
      { $group: { _id: "$tag", entries: { $sum: 1 } } },
    ])
    .toArray();
  return new Map(counted.map(({ _id, entries }) => [_id, entries]));
}

/** Drops every cached answer under these tags, and lets no fill that has begun be stored. */
export async function dropViews(db: Database, tags: readonly string[]): Promise<void> {
  await views(db).deleteMany({ tag: { $in: [...tags] } });
}
