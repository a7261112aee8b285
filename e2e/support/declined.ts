import { expect } from "@playwright/test";
import { type Db, type Document, ObjectId } from "mongodb";
import { receiverIds } from "#src/contract/receivers.ts";

interface Transfer {
  readonly debit: string;
  readonly credit: string;
  readonly amount: number;
}

const balance = (account: string, transfers: readonly Transfer[]) =>
  transfers.reduce(
    (sum, { debit, credit, amount }) =>
      sum + (credit === account ? amount : 0) - (debit === account ? amount : 0),
    0,
  );

/** Everything that an end leaves in the database, of one goal, in the terms of the specification. */
async function leftBehind(database: Db, goalId: string) {
  const _id = new ObjectId(goalId);
  const goal = await database.collection("goals").findOne({ _id });
  const session = await database
    .collection("sessions")
    .findOne({ _id: goal?.["conditions"].session_id as ObjectId });
  const viewer = String(goal?.["conditions"].exclusive_to);
  const runs = await database.collection("receiver_runs").find({ goal_id: _id }).toArray();
  const escrow_id = `trigger_exclusive:${goalId}`;
  const ledger = await database.collection<Transfer>("ledger_transfers").find({ escrow_id }).toArray();
  return {
    goal,
    viewer,
    record: session?.["trigger_private_goals"][viewer] as Record<string, unknown> | undefined,
    pairs: session?.["exclusive_goal_pairs"] as Record<string, Record<string, unknown>>,
    runs,
    ledger,
    escrow: balance(`escrow:${escrow_id}`, ledger),
    viewerBalance: balance(`viewer:${viewer}`, ledger),
    tracks: await database.collection<{ _id: ObjectId }>("goal_tracks").countDocuments({ _id }),
  };
}

/** Waits until every receiver of a declined goal has come to its end. */
async function untilSettled(database: Db, goalId: string, timeout = 30_000): Promise<void> {
  const ended = { goal_id: new ObjectId(goalId), status: { $in: ["done", "returned"] } };
  await expect
    .poll(() => database.collection("receiver_runs").countDocuments(ended), { timeout, intervals: [50] })
    .toBe(receiverIds.length);
}

/**
 * The end state of an invitation that ended without a decline: refunded and recorded once, and no cooldown anywhere.
 */
export async function expectEnded(
  database: Db,
  goalId: string,
  reason: "expired" | "superseded",
  timeout = 30_000,
): Promise<void> {
  await untilSettled(database, goalId, timeout);
  const { goal, record, runs, ledger, escrow, viewerBalance, tracks } = await leftBehind(database, goalId);
  expect(goal).toMatchObject({ active: false, deactivated: { reason } });
  expect(goal?.["metadata"]).not.toHaveProperty("cooldown");
  if (String(record?.["goal"]) === goalId) {
    expect(record).toHaveProperty("trigger_exclusive_goal_ended");
    expect(record).not.toHaveProperty("trigger_exclusive_goal_cooldown");
  }
  expect(runs).toHaveLength(receiverIds.length);
  expect(ledger.map(({ debit }) => debit.split(":")[0])).toEqual(["viewer", "escrow"]);
  expect([escrow, viewerBalance]).toEqual([0, 0]);
  expect(tracks).toBe(1);
}

/**
 * The one end state of a decline, by whichever way it came about: everything has happened, and once. `cooldown_s` is
 * the setting's.
 */
export async function expectDeclined(database: Db, goalId: string, cooldown_s = 600): Promise<void> {
  await untilSettled(database, goalId);
  const { goal, viewer, record, pairs, runs, ledger, escrow, viewerBalance, tracks } = await leftBehind(
    database,
    goalId,
  );
  if (goal === null) throw new Error(`there is no goal ${goalId}`);
  const { at, event_id } = goal["deactivated"] as { at: Date; event_id: string };
  const cooldown = new Date(at.getTime() + cooldown_s * 1_000);
  expect(goal).toMatchObject({ active: false, exp: at, metadata: { cooldown } });
  expect(at.getTime()).toBeLessThanOrEqual(Date.now());

  expect(record).toMatchObject({ goal: goal._id, trigger_exclusive_goal_cooldown: cooldown });
  expect(pairs[viewer]).toMatchObject({
    trigger_exclusive_goal: goal._id,
    trigger_exclusive_goal_ended: record?.["trigger_exclusive_goal_ended"],
    trigger_exclusive_goal_cooldown: cooldown,
  });
  const others = Object.entries(pairs).filter(([id]) => id !== viewer);
  expect(others.filter(([, pair]) => !("trigger_exclusive_goal_ended" in pair))).toEqual([]);

  // One signal: each receiver has one run, and all are about the same event.
  expect(runs.map((run) => String(run["receiver"])).toSorted()).toEqual([...receiverIds].toSorted());
  expect(new Set(runs.map((run) => String(run["event_id"])))).toEqual(
    new Set([`goal.ended:${goalId}:${event_id}`]),
  );
  const returned = runs.filter((run) => run["status"] === "returned");
  expect(returned.map((run) => String(run["receiver"])).toSorted()).toEqual(
    receiverIds.slice(0, 5).toSorted(),
  );
  for (const run of returned) expect(run["reason"]).toMatch(/./);

  // One refund: a hold and its way back.
  expect(ledger).toHaveLength(2);
  expect([escrow, viewerBalance]).toEqual([0, 0]);
  expect(tracks).toBe(1);
  await expectOthersGone(database, goal, at);
}

/** The other invitations of the session, from before the end, have given way: no pair is left without its money back. */
async function expectOthersGone(database: Db, goal: Document, at: Date): Promise<void> {
  const others = {
    "conditions.session_id": goal["conditions"].session_id as ObjectId,
    created: { $lt: at },
    agreed: null,
  };
  const goals = database.collection("goals");
  const standing = { ...others, active: true };
  await expect.poll(() => goals.countDocuments(standing), { timeout: 30_000, intervals: [50] }).toBe(0);
  for (const { _id } of await goals.find({ ...others, "deactivated.reason": "superseded" }).toArray())
    await expectEnded(database, _id.toHexString(), "superseded");
}
