import { ObjectId } from "mongodb";
import type { ReceiverId, ReceiverStatus } from "#src/contract/receivers.ts";
import { type Database, isDuplicateKey, raw } from "./database.ts";
import type { ReceiverRunDocument } from "./documents.ts";

/** Which run: one receiver's, about one event. */
export interface RunKey {
  readonly goalId: string;
  readonly receiver: ReceiverId;
  readonly eventId: string;
  /** Inngest's own id of the run, where it is known. */
  readonly runId?: string;
}

/** What is known of a run by now. `attempt` counts from 0. */
export interface RunProgress {
  readonly status: ReceiverStatus;
  readonly attempt: number;
  /** When this attempt began, where that was not just now. */
  readonly started?: Date;
  readonly reason?: string;
  readonly error?: string;
}

const settled: readonly ReceiverStatus[] = ["done", "returned", "failed"];

/**
 * Records how far a run has come, in one document per `(goal_id, receiver, event_id)`. What is done or returned stays
 * so, whichever late or repeated call comes after; and keeps no error or reason of the way there. The run began with its
 * first attempt that is recorded.
 */
export async function recordRun(db: Database, key: RunKey, progress: RunProgress, now: Date): Promise<void> {
  const { status, attempt, started = now, reason, error } = progress;
  try {
    await raw(db, "receiver_runs", (runs) =>
      runs.findOneAndUpdate(
        {
          goal_id: new ObjectId(key.goalId),
          receiver: key.receiver,
          event_id: key.eventId,
          status: { $nin: ["done", "returned"] },
        },
        {
          $setOnInsert: { started },
          $set: {
            status,
            ...(key.runId === undefined ? {} : { run_id: key.runId }),
            ...(reason === undefined ? {} : { reason }),
            ...(error === undefined ? {} : { error }),
            ...(settled.includes(status) ? { finished: now } : {}),
          },
          // A failing step is seen by later entries as well, which count their own attempts from 0.
          $max: { attempt },
          $unset: outdated(progress),
        },
        { upsert: true },
      ),
    );
  } catch (failure) {
    // The run is settled: the filter passed it by, and the unique index refused a second document.
    if (!isDuplicateKey(failure)) throw failure;
  }
}

/** What an earlier record said and this one does not: a settled run keeps no error of the way, one under way no end. */
function outdated({ status, reason }: RunProgress): Record<string, true> {
  switch (status) {
    case "running":
    case "waiting":
      return { finished: true };
    case "failed":
      return {};
    case "done":
    case "returned":
      return { error: true, ...(reason === undefined ? { reason: true } : {}) };
  }
}

/** Every run about one goal, in the order in which they began. */
export const runsOfGoal = (db: Database, goalId: string) =>
  raw<ReceiverRunDocument>(db, "receiver_runs", (runs) =>
    runs.aggregate([{ $match: { goal_id: new ObjectId(goalId) } }, { $sort: { started: 1, _id: 1 } }]),
  );
