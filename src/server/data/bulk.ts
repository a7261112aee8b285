import { ObjectId } from "mongodb";
import { type Database, raw } from "./database.ts";
import type { BulkItemDocument } from "./documents.ts";

/** The actions on many goals that this goal is part of, at most `limit`. Ids are hex. */
export async function bulkIdsOfGoal(db: Database, goalId: string, limit: number): Promise<string[]> {
  const items = await raw<Pick<BulkItemDocument, "bulk_id">>(db, "bulk_items", (found) =>
    found.aggregate([
      { $match: { goal_id: new ObjectId(goalId) } },
      { $limit: limit },
      { $project: { bulk_id: true } },
    ]),
  );
  return items.map(({ bulk_id }) => bulk_id.toHexString());
}
