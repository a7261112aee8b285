import { expect } from "vitest";
import { goalEndedId } from "#src/contract/events.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { judgeTransfers } from "#src/domain/conservation.ts";
import { escrowAccount, refundDueAt, type Transfer } from "#src/domain/ledger.ts";
import type { GoalDocument } from "#src/server/data/documents.ts";
import { transfersOf } from "#src/server/data/ledger.ts";
import { runsOfGoal } from "#src/server/data/receiver-runs.ts";
import { findRefundHold } from "#src/server/data/refund-holds.ts";
import { findSession } from "#src/server/data/sessions.ts";
import { type End, mayEnd, mayMoney, type ModelGoal, type Money } from "./model.ts";
import type { Stage } from "./stage.ts";

const endOf = ({ active, agreed, deactivated }: GoalDocument): End => {
  if (agreed != null) return "agreed";
  if (deactivated != null) return deactivated.reason;
  return active ? "pending" : "unbegun";
};

const moneyOf = (transfers: readonly Transfer[]): Money | "astray" => {
  const moves = transfers.map(({ reason }) => reason).join();
  const states: Record<string, Money> = {
    "": "none",
    prepayment: "held",
    "prepayment,refund": "refunded",
    "prepayment,payout": "paid",
  };
  return states[moves] ?? "astray";
};

const isOver = (end: End) => end === "declined" || end === "expired" || end === "superseded";

/**
 * Expects that everything is as the model says, and as it must always be; then the model takes over how it stands.
 * `isLast`: enough time has passed for the clock to have made up for whatever was lost.
 */
export async function expectRight(
  stage: Stage,
  found: readonly GoalDocument[],
  isLast: boolean,
): Promise<void> {
  const { world, goals, asked } = stage;
  const { db } = world.services;
  const ends = new Map(found.map((goal) => [goal._id.toHexString(), endOf(goal)]));
  const declined = found.flatMap(({ _id, deactivated }) =>
    deactivated?.reason === "declined"
      ? [
          {
            declinedAt: deactivated.at.getTime(),
            isNew: goals.get(_id.toHexString())?.end !== "declined",
          },
        ]
      : [],
  );
  expect(world.queue.failures).toEqual([]);
  const strangers = asked.filter(({ kind }) => kind === "nothing");
  expect(strangers.filter(({ outcome }) => outcome === "granted")).toEqual([]);
  for (const goal of found) {
    const id = goal._id.toHexString();
    const model = goals.get(id);
    const end = ends.get(id) ?? "unbegun";
    if (model === undefined) throw new Error(`Nobody has heard of ${id}.`);
    const may = mayEnd(model, asked, declined, world.now());
    expect([...may], `how ${id} ended: ${end}`).toContain(end);

    const transfers = await transfersOf(db, escrowIdOf(id));
    expect(judgeTransfers(escrowIdOf(id), transfers)).toEqual([]);
    // Whatever leaves an escrow leaves it once, under the one id that there is for it.
    const left = transfers.filter(({ debit }) => debit === escrowAccount(escrowIdOf(id)));
    expect(left.map((transfer) => transfer.id)).toEqual(
      left.length === 0 ? [] : [`resolve:${escrowIdOf(id)}`],
    );
    const heldBack = (await findRefundHold(db, id)) !== null;
    const due = refundDueAt(goal.exp.getTime(), world.services.settings.REFUND_DELAY_SECONDS);
    const isDue = due <= world.now();
    const money = moneyOf(transfers);
    const mayBe = mayMoney(model, asked, { end, heldBack, isDue });
    expect([...mayBe], `the money of ${id}, ${end}: ${money}`).toContain(money);

    await expectOneEnd(stage, goal, end);
    await expectSignalled(stage, goal, model, { end, isDue, isLast });
    Object.assign(model, { end, money, heldBack });
  }
  await expectPairs(stage, ends);
}

/** One has won, and left what it leaves: a cooldown after a decline alone. */
async function expectOneEnd(stage: Stage, goal: GoalDocument, end: End): Promise<void> {
  expect([goal.agreed, goal.deactivated].filter((way) => way != null).length).toBe(
    end === "pending" || end === "unbegun" ? 0 : 1,
  );
  expect(goal.active).toBe(end === "pending");
  const cooldown = goal.metadata.cooldown?.getTime();
  const wanted = end === "declined" ? (goal.deactivated?.at.getTime() ?? 0) + 600_000 : undefined;
  expect(cooldown, "the cooldown").toBe(wanted);
  const agreements = stage.asked.filter(
    ({ kind, concerns, outcome }) =>
      kind === "agree" && outcome === "granted" && concerns(modelOf(stage, goal)),
  );
  expect(agreements.length, "who was told that they agreed").toBeLessThanOrEqual(1);
}

const modelOf = (stage: Stage, goal: GoalDocument): ModelGoal => {
  const model = stage.goals.get(goal._id.toHexString());
  if (model === undefined) throw new Error("The model has not heard of a goal.");
  return model;
};

/** What has ended has one signal, that of its end, and every receiver has heard it; nothing else has any. */
async function expectSignalled(
  stage: Stage,
  goal: GoalDocument,
  model: ModelGoal,
  { end, isDue, isLast }: { end: End; isDue: boolean; isLast: boolean },
): Promise<void> {
  const id = goal._id.toHexString();
  const { events } = stage.world.queue;
  const signals = events.filter(({ name, data }) => name === "goal.ended" && data["goal_id"] === id);
  const by = goal.deactivated?.event_id ?? "";
  const own = goalEndedId(id, by);
  const first = signals.filter(({ id: eventId }) => eventId === own);
  const again = signals.filter(({ id: eventId }) => eventId !== own);
  expect(again.every(({ id: eventId }) => eventId.startsWith(`${own}:`))).toBe(true);
  if (!model.lost) expect(again.length).toBeLessThanOrEqual(stage.resends);
  // One that never began has no task of its own: its signal is the clock's to send, a minute later, where it is missed.
  const isClosed = by.startsWith("close:");
  // One that was lost may have been made up for by hand, before the clock would have sent it.
  expect(first.length).toBeLessThanOrEqual(isOver(end) ? 1 : 0);
  if (!isClosed && !model.lost) expect(first.length, `signals of ${id}, ${end}`).toBe(isOver(end) ? 1 : 0);
  if (isClosed && !isLast) return;
  const runs = await runsOfGoal(stage.world.services.db, id);
  const settled = new Set(
    runs
      .filter(({ status }) => status === "done" || status === "returned" || (status === "waiting" && !isDue))
      .map(({ receiver }) => receiver),
  );
  expect(receiverIds.filter((receiver) => !settled.has(receiver))).toEqual(isOver(end) ? [] : receiverIds);
  const tracks = await stage.world.services.db.driver
    .collection("goal_tracks")
    .find({ _id: goal._id })
    .toArray();
  expect(tracks.map(({ outcome }) => outcome as string)).toEqual(isOver(end) ? [end] : []);
}

/**
 * What the session shows of a goal is how it stands: marked as ended when it has, with a cooldown after a decline alone.
 * What stands is shown. The pair of one that was agreed to is still there, and that of one that was declined and that no other decline has
 * taken for pending, before it was marked.
 */
async function expectPairs(
  { world, scene, asked, goals }: Stage,
  ends: ReadonlyMap<string, End>,
): Promise<void> {
  const session = await findSession(world.services.db, scene.sessionId);
  const pairs = session?.exclusive_goal_pairs ?? {};
  for (const pair of Object.values(pairs)) {
    const end = ends.get(pair.trigger_exclusive_goal.toHexString());
    expectMarked(pair, end);
    if (end !== "agreed") expect(pair.trigger_exclusive_goal_agreed).toBeUndefined();
  }
  for (const goal of goals.values()) {
    if (goal.end !== "pending" || goal.lost) continue;
    expect(String(pairs[goal.viewer]?.trigger_exclusive_goal), "what is shown of one that stands").toBe(
      goal.id,
    );
  }
  for (const [viewer, record] of Object.entries(session?.trigger_private_goals ?? {})) {
    const goal = goals.get(record.goal.toHexString());
    expectMarked(record, goal?.end);
    const isAgreed = asked.some(
      ({ kind, outcome, concerns }) => goal && kind === "agree" && outcome === "granted" && concerns(goal),
    );
    const others = [...ends].filter(([id, end]) => end === "declined" && id !== goal?.id);
    if ((goal?.end !== "declined" || others.length > 0) && !isAgreed) continue;
    expect(pairs[viewer]?.trigger_exclusive_goal, `the pair of one that is ${goal?.end}`).toEqual(
      record.goal,
    );
    expect(pairs[viewer]?.trigger_exclusive_goal_agreed !== undefined).toBe(isAgreed);
  }
}

function expectMarked(
  shown: { trigger_exclusive_goal_ended?: Date; trigger_exclusive_goal_cooldown?: Date },
  end: End | undefined,
): void {
  if (end === undefined) throw new Error("The session shows a goal that does not exist.");
  expect(shown.trigger_exclusive_goal_ended !== undefined, `shown as ended, and ${end}`).toBe(isOver(end));
  expect(shown.trigger_exclusive_goal_cooldown !== undefined, `shown in cooldown, and ${end}`).toBe(
    end === "declined",
  );
}
