import type { ObjectId } from "mongodb";
import { bulkStarted, goalEndedRetry } from "#src/contract/events.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import { batchGoals, bulkEventId, paceOf } from "#src/domain/bulk.ts";
import {
  countItems,
  eventsHeard,
  findBulkAction,
  findSummaries,
  moveBulk,
  nextItems,
  runningBulkActions,
  settleItems,
} from "../../data/bulk.ts";
import type { BulkActionDocument, BulkItemDocument } from "../../data/documents.ts";
import { findGoals } from "../../data/goals.ts";
import type { Services } from "../../services.ts";
import { signalOfEndedGoal } from "../end-goal.ts";
import { sendConfirmed } from "../send-confirmed.ts";
import { receiversOf } from "./bulk-selection.ts";
import { whatOf } from "./bulk-view.ts";
import { refreshSummaries } from "./summaries.ts";

/** Hints to moderators that an action has come further. */
export const tellOfBulk = (services: Services, bulkId: string) =>
  services.live.hintModerators([{ name: "bulk.updated", message: { bulk_id: bulkId } }]);

/** Has an action carried out. When this is lost, the minute's look at what goes on finds it. */
export async function announceStart(services: Services, bulkId: string): Promise<void> {
  try {
    await sendConfirmed(services, bulkStarted.create({ bulk_id: bulkId }, { id: `bulk:${bulkId}` }));
  } catch (error) {
    services.log.warn({ err: error, bulk_id: bulkId }, "the start of an action was not confirmed");
  }
}

/** What a batch came to: whether there may be more, and when the next one is due, ISO 8601. */
export interface Batch {
  readonly more: boolean;
  readonly until: string;
}

/**
 * Carries an action on by one batch: the next goals that wait, without those that need nothing any more. It first sends
 * and then says so: whoever dies in between sends the same events again, by the same ids, which start nothing twice. An
 * action that was stopped, or has no goals left, comes to its end here.
 */
export async function sendBatch(services: Services, bulkId: string): Promise<Batch> {
  const { db, clock, inngest } = services;
  const bulk = await findBulkAction(db, bulkId);
  const items = bulk?.status === "running" ? await nextItems(db, bulkId, batchGoals) : [];
  if (bulk === null || items.length === 0) {
    if (bulk !== null) await finish(services, bulk);
    return { more: false, until: clock().toISOString() };
  }
  const settled = await decide(services, bulk, items);
  const events = settled.flatMap(({ events: own }) => own);
  if (events.length > 0) await inngest.send(events);
  await settleItems(db, settled);
  await tellOfBulk(services, bulkId);
  return { more: true, until: new Date(clock().getTime() + paceOf(events.length)).toISOString() };
}

/**
 * What each item comes to now: the receivers that are still to run, with their events; and those that have heard of
 * theirs already, because an earlier try of this batch died before it could say so.
 */
async function decide(services: Services, bulk: BulkActionDocument, items: readonly BulkItemDocument[]) {
  const { db } = services;
  const bulkId = bulk._id.toHexString();
  const goalIds = items.map(({ goal_id }) => goal_id);
  await refreshSummaries(services, goalIds.map(String));
  const [goals, summaries, heard] = await Promise.all([
    findGoals(db, goalIds),
    findSummaries(db, goalIds),
    eventsHeard(
      db,
      items.flatMap(({ goal_id, receivers }) => receivers.map((receiver) => idOf(goal_id, receiver))),
    ),
  ]);
  const what = whatOf(bulk);
  return items.map((item) => {
    const goal = goals.find(({ _id }) => _id.equals(item.goal_id));
    const summary = summaries.find(({ _id }) => _id.equals(item.goal_id));
    const signal = goal === undefined ? null : signalOfEndedGoal(goal);
    const wanted = summary === undefined || signal === null ? [] : receiversOf(summary, what);
    const known = item.receivers.filter((receiver) => heard.has(idOf(item.goal_id, receiver)));
    const due = item.receivers.filter((receiver) => wanted.includes(receiver) && !known.includes(receiver));
    return {
      item,
      sent: [...known, ...due],
      events:
        signal === null
          ? []
          : due.map((receiver) =>
              goalEndedRetry.create({ ...signal, receiver }, { id: idOf(item.goal_id, receiver) }),
            ),
    };
  });

  function idOf(goalId: ObjectId, receiver: ReceiverId): string {
    return bulkEventId(bulkId, goalId.toHexString(), receiver);
  }
}

/** Counts what was done, once nothing more is: the action is done, or was stopped before. */
async function finish(services: Services, bulk: BulkActionDocument): Promise<void> {
  const { db, clock } = services;
  const { status } = bulk;
  if (status !== "running" && status !== "stopped") return;
  const { sent, waiting } = await countItems(db, bulk._id.toHexString());
  const counts = { sent, skipped: bulk.items - sent - waiting };
  const end = status === "running" ? { status: "done" as const, finished: clock() } : {};
  await moveBulk(db, bulk._id, { status }, { ...counts, ...end });
  await tellOfBulk(services, bulk._id.toHexString());
}

/** How many actions one look takes up: there are rarely two. */
const mostResumed = 100;

/**
 * Has every action that goes on taken up again, in case its start was lost or its run was given up. Where a run is
 * under way, this starts no second one. `now` makes each look's events its own.
 */
export async function resumeBulk(services: Services, now: Date): Promise<number> {
  const running = await runningBulkActions(services.db, mostResumed);
  if (running.length === 0) return 0;
  await services.inngest.send(
    running.map(({ _id }) => {
      const bulk_id = _id.toHexString();
      return bulkStarted.create({ bulk_id }, { id: `bulk:${bulk_id}:${now.toISOString()}` });
    }),
  );
  return running.length;
}
