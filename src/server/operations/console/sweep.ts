import type { ObjectId } from "mongodb";
import {
  advanceWatermark,
  findSweepState,
  goalIdsAfter,
  goalsWrittenBetween,
  heldBackGoals,
  keepRebuild,
  summariesDue,
} from "../../data/summary-sweep.ts";
import type { Services } from "../../services.ts";
import { refreshSummaries } from "./summaries.ts";

type Swept = Pick<Services, "db" | "clock" | "settings" | "log">;

/** What was written up to this long before the watermark is looked at again: a write has its time before it is seen. */
const overlap_ms = 120_000;

/** The watermark moves over this much time at once, so that a long absence is caught up with in parts. */
const stretch_ms = 3_600_000;

/** How many goals are made anew before the way so far is kept. */
const batchLength = 250;

/**
 * Finds what made summaries stale without telling: a process that died between its write and the summary, another
 * program that writes goals, and time. On a database that has no summaries it makes all of them. It keeps the way that
 * it has come and may be stopped anywhere; `done` is false when the time was over before the work.
 */
export async function sweepSummaries(
  services: Swept,
  { within_ms = 10_000 }: { within_ms?: number } = {},
): Promise<{ readonly done: boolean }> {
  const deadline = performance.now() + within_ms;
  const inTime = () => performance.now() < deadline;
  const state = await findSweepState(services.db);
  const from =
    state.kind === "sweeping"
      ? state.watermark
      : await rebuild(services, state.since ?? services.clock(), state.after, inTime);
  if (from === null || !(await catchUp(services, from, inTime))) return { done: false };
  await refreshAll(
    services,
    summariesDue(services.db, services.clock()).map(({ _id }) => _id.toHexString()),
  );
  return { done: true };
}

/** Makes every summary anew, in the order of the goals' ids. Gives when it began, or null when it is not through. */
async function rebuild(
  services: Swept,
  since: Date,
  after: ObjectId | null,
  inTime: () => boolean,
): Promise<Date | null> {
  const { db } = services;
  for (let last = after; ;) {
    const ids = await goalIdsAfter(db, last, batchLength);
    await refreshSummaries(
      services,
      ids.map((id) => id.toHexString()),
    );
    last = ids.at(-1) ?? last;
    if (last === null || ids.length < batchLength) {
      await advanceWatermark(db, since);
      return since;
    }
    await keepRebuild(db, since, last);
    if (!inTime()) return null;
  }
}

/** Moves the watermark up to now. False when the time was over before. */
async function catchUp(services: Swept, watermark: Date, inTime: () => boolean): Promise<boolean> {
  const { db } = services;
  await refreshSummaries(services, await heldBackGoals(db));
  const now = services.clock();
  for (let from = watermark; from < now;) {
    const next = new Date(from.getTime() + stretch_ms);
    const until = next < now ? next : null;
    const since = new Date(from.getTime() - overlap_ms);
    await refreshAll(services, goalsWrittenBetween(db, since, until));
    from = until ?? now;
    await advanceWatermark(db, from);
    if (from < now && !inTime()) return false;
  }
  return true;
}

/** Makes the summaries of these goals anew as they come, each once. */
async function refreshAll(services: Swept, goalIds: AsyncIterable<string>): Promise<void> {
  const seen = new Set<string>();
  let batch: string[] = [];
  const flush = async () => {
    await refreshSummaries(services, batch);
    batch = [];
  };
  for await (const goalId of goalIds) {
    if (seen.has(goalId)) continue;
    seen.add(goalId);
    batch.push(goalId);
    if (batch.length === batchLength) await flush();
  }
  await flush();
}
