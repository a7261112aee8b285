import { setTimeout as wait } from "node:timers/promises";
import { ObjectId } from "mongodb";
import { Inngest } from "inngest";
import { goalEndedRetry } from "#src/contract/events.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { localKeys } from "#src/launcher/keys.ts";
import type { Bench, StackBenchmark } from "./benchmark.ts";
import { figureOf } from "./figures.ts";
import { addInvitations } from "./invitations.ts";

const count = 1_000;
const receiver = "trigger_exclusive_goal_escrow_refund";
/** The delay of the stack's refunds: longer than the benchmark, so that an end's time alone says when its refund is due. */
const delay_s = 900;
/** How many refunds show how quickly runs fall asleep here. The first of them warm up; none of them is ever due. */
const tried = 100;
const tries = 2;

/**
 * Ends invitations as `deactivate_goal` does, all at the same moment, with the runs of the ten other
 * receivers behind them: what is left to do for each is the refund.
 */
async function endGoals({ mongo }: Bench, goalIds: readonly string[], ended: Date) {
  const db = mongo.db();
  const ids = goalIds.map((id) => new ObjectId(id));
  const streamer = await db.collection("goals").findOne({ _id: ids[0] ?? new ObjectId() });
  const eventId = (goalId: string) => `bench-${goalId}`;
  await db.collection("receiver_runs").insertMany(
    goalIds.flatMap((goalId) =>
      receiverIds
        .filter((id) => id !== receiver)
        .map((id) => ({
          goal_id: new ObjectId(goalId),
          receiver: id,
          event_id: `goal.ended:${goalId}:${eventId(goalId)}`,
          status: "done",
          attempt: 0,
          started: new Date(),
          finished: new Date(),
        })),
    ),
  );
  await db.collection("goals").bulkWrite(
    goalIds.map((goalId) => ({
      updateOne: {
        filter: { _id: new ObjectId(goalId) },
        update: {
          $set: {
            active: false,
            exp: ended,
            "metadata.cooldown": new Date(ended.getTime() + 600_000),
            deactivated: {
              at: ended,
              by: streamer?.["metadata"].user_id,
              event_id: eventId(goalId),
              reason: "declined",
            },
          },
        },
      },
    })),
  );
}

/** Sends the signal to the refund's receiver alone, as whoever repeats it does. */
async function signal({ stack, dataDir, mongo }: Bench, goalIds: readonly string[], ended: Date) {
  const { inngestEventKey: eventKey } = localKeys(dataDir);
  const inngest = new Inngest({ id: "bench", isDev: false, baseUrl: stack.inngest, eventKey });
  const goals = await mongo
    .db()
    .collection("goals")
    .find({ _id: { $in: goalIds.map((id) => new ObjectId(id)) } })
    .toArray();
  const events = goals.map((goal) => {
    const goal_id = goal._id.toHexString();
    const [streamerId, viewerId] = [
      String(goal["metadata"].user_id),
      String(goal["conditions"].exclusive_to),
    ];
    return goalEndedRetry.create(
      {
        receiver,
        goal_id,
        _cls: "TriggerExclusiveGoal",
        active: false,
        progress: 1,
        levels: [],
        conditions: { session_id: String(goal["conditions"].session_id), exclusive_to: viewerId },
        context: { type: "trigger-exclusive", exclusive_to: viewerId },
        exp: ended.toISOString(),
        triggerer: streamerId,
        metadata: {
          reason: "declined",
          insert_ids: goal["metadata"].insert_ids.map(String),
          user_id: streamerId,
          prepaid_duration: goal["metadata"].prepaid_duration,
        },
      },
      { id: `bench-refund:${goal_id}` },
    );
  });
  for (let from = 0; from < events.length; from += 100) await inngest.send(events.slice(from, from + 100));
}

/** Ends so many invitations whose refunds are due at this moment, and waits until all of their runs sleep. */
async function fallAsleep(bench: Bench, many: number, due: Date): Promise<string[]> {
  const db = bench.mongo.db();
  const goalIds = await addInvitations(db, many, "apart");
  const ended = new Date(due.getTime() - 1_000 * delay_s);
  await endGoals(bench, goalIds, ended);
  await signal(bench, goalIds, ended);
  const asleep = { goal_id: { $in: goalIds.map((id) => new ObjectId(id)) }, receiver, status: "waiting" };
  for (;;) {
    const waiting = await db.collection("receiver_runs").countDocuments(asleep);
    if (waiting === many) return goalIds;
    if (Date.now() > due.getTime()) throw new Error(`Only ${waiting} refunds wait for the moment.`);
    await wait(100);
  }
}

/** 1,000 refunds that are due in the same second: from then until each transfer was written. */
export const refund: StackBenchmark = {
  name: "refund",
  of: "stack",
  about: `${count} refunds that fall due at the same moment: from then until the transfer was written.`,
  settings: { REFUND_DELAY_SECONDS: String(delay_s) },
  async run(bench) {
    const db = bench.mongo.db();
    let each_ms = 0;
    for (let n = 0; n < tries; n++) {
      const began = Date.now();
      await fallAsleep(bench, tried, new Date(began + 1_000 * delay_s));
      each_ms = (Date.now() - began) / tried;
    }
    // Half as long again as it should take, and some seconds for what comes in between.
    const due = new Date(Date.now() + 5_000 + 1.5 * count * each_ms);
    const goalIds = await fallAsleep(bench, count, due);
    const ids = goalIds.map((id) => new ObjectId(id));
    bench.log(
      `${count} refunds wait, ${Math.round((due.getTime() - Date.now()) / 1000)} s before they are due`,
    );
    await wait(due.getTime() - Date.now());

    const refunds = { escrow_id: { $in: goalIds.map(escrowIdOf) }, reason: "refund" };
    const transfers = db.collection<{ at: Date; escrow_id: string }>("ledger_transfers");
    while ((await transfers.countDocuments(refunds)) < count) {
      if (Date.now() > due.getTime() + 180_000)
        throw new Error("Not all refunds went through in three minutes.");
      await wait(500);
    }
    // Until the runs are through: a second transfer would come from one of them.
    const done = { goal_id: { $in: ids }, receiver, status: "done" };
    while ((await db.collection("receiver_runs").countDocuments(done)) < count) await wait(500);
    const written = await transfers.find(refunds).toArray();
    const escrows = new Set(written.map(({ escrow_id }) => escrow_id));
    if (written.length !== count || escrows.size !== count)
      throw new Error(`${written.length} refunds of ${escrows.size} escrows were written.`);

    const samples = written.map(({ at }) => at.getTime() - due.getTime());
    return {
      figures: [
        figureOf("due to transfer", samples),
        figureOf(`all ${count}`, [Math.max(...samples) / 1000], {
          unit: "s",
          targets: [{ of: "p50", most: 20 }],
        }),
      ],
      notes: [
        `Each was written once: ${written.length} transfers of ${escrows.size} escrows, counted when all runs were through. All runs slept when the moment came; only the refund's receiver was sent the signal.`,
      ],
    };
  },
};
