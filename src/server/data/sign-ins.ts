import type { Database } from "./database.ts";

/** The tokens of up to `limit` sign-ins whose time was over at `now`, the oldest first. */
export async function findExpiredSignIns({ driver }: Database, now: Date, limit: number): Promise<string[]> {
  const found = await driver
    .collection<{ token: string; expiresAt: Date }>("session")
    .find({ expiresAt: { $lte: now } }, { projection: { token: 1 } })
    .sort({ expiresAt: 1 })
    .limit(limit)
    .toArray();
  return found.map(({ token }) => token);
}
