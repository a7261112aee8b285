import { ObjectId } from "mongodb";
import { type Database, isDuplicateKey, raw } from "./database.ts";
import type { DeactivationRunDocument } from "./documents.ts";

/** Records the run that has ended a goal, once: whatever comes later leaves the first record as it is. */
export async function recordDeactivation(
  db: Database,
  goalId: string,
  run: Omit<DeactivationRunDocument, "_id">,
): Promise<void> {
  try {
    await raw(db, "deactivation_runs", (runs) => runs.insertOne({ _id: new ObjectId(goalId), ...run }));
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

/** The run that ended this goal; null for a goal that was ended before such records were kept, or by nobody. */
export async function findDeactivation(
  db: Database,
  goalId: string,
): Promise<DeactivationRunDocument | null> {
  const [run] = await raw<DeactivationRunDocument>(db, "deactivation_runs", (runs) =>
    runs.aggregate([{ $match: { _id: new ObjectId(goalId) } }]),
  );
  return run ?? null;
}
