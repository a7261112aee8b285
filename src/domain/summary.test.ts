import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escrowIdOf } from "#src/contract/ids.ts";
import { type ReceiverId, receiverIds, receiverStatuses } from "#src/contract/receivers.ts";
import {
  escrowAccount,
  holdId,
  resolutionId,
  streamerAccount,
  type Transfer,
  viewerAccount,
} from "./ledger.ts";
import { type RunFacts, type SummaryGoal, summarise } from "./summary.ts";

const goalId = "a".repeat(24);
const escrowId = escrowIdOf(goalId);
const minute = 60_000;
const refundReceiver: ReceiverId = "trigger_exclusive_goal_escrow_refund";

/** Invited at 0, pending until 100 minutes have passed. */
const pending: SummaryGoal = {
  goalId,
  created: 0,
  streamerId: "b".repeat(24),
  viewerId: "c".repeat(24),
  active: true,
  exp: 100 * minute,
  agreedAt: null,
  deactivated: null,
};
const declinedAt = 10 * minute;
const declined: SummaryGoal = {
  ...pending,
  active: false,
  exp: declinedAt,
  deactivated: { at: declinedAt, reason: "declined" },
};
const agreed: SummaryGoal = { ...pending, active: false, agreedAt: declinedAt };

const run = (receiver: ReceiverId, facts: Partial<RunFacts> = {}): RunFacts => ({
  receiver,
  eventId: "e",
  status: "done",
  attempt: 0,
  started: declinedAt + 10,
  finished: declinedAt + 20,
  reason: null,
  error: null,
  ...facts,
});
const allDone = receiverIds.map((receiver) => run(receiver));
const without = (...receivers: ReceiverId[]) =>
  allDone.filter(({ receiver }) => !receivers.includes(receiver));

const transfer = (id: string, debit: string, credit: string, at: number): Transfer => ({
  id,
  insertId: "d".repeat(24),
  debit,
  credit,
  amount: 1_200,
  currency: "EUR",
  at,
  escrowId,
  userId: pending.streamerId,
  reason: "",
});
const hold = transfer(holdId(escrowId, 0), viewerAccount(pending.viewerId), escrowAccount(escrowId), 1);
const refund = transfer(
  resolutionId(escrowId),
  escrowAccount(escrowId),
  viewerAccount(pending.viewerId),
  declinedAt + 500,
);
const payout = transfer(
  resolutionId(escrowId),
  escrowAccount(escrowId),
  streamerAccount(pending.streamerId),
  declinedAt + 500,
);

const at = (now: number, refundDelay_s = 0) => ({ now, refundDelay_s });

describe("a goal's summary", () => {
  test("says that it is pending until its time is over, and then that it expired then, whoever wrote it or not", () => {
    expect(summarise(pending, [], [hold], false, at(5))).toMatchObject({
      state: "pending",
      outcome: null,
      ended: null,
      amount: 1_200,
      currency: "EUR",
      refund: "held",
      trouble: [],
      checkAt: pending.exp,
    });
    expect(summarise(pending, [], [hold], false, at(pending.exp + minute))).toMatchObject({
      state: "ended",
      outcome: "expired",
      ended: pending.exp,
      trouble: [],
      checkAt: null,
    });
  });

  test("tells of a decline that went well, and how long it and its refund took", () => {
    expect(summarise(declined, allDone, [hold, refund], false, at(declinedAt + 1_000))).toMatchObject({
      state: "ended",
      outcome: "declined",
      ended: declinedAt,
      refund: "refunded",
      resolved: declinedAt + 500,
      trouble: [],
      settled_ms: 20,
      refund_ms: 500,
      checkAt: null,
    });
  });

  test("expects nothing of receivers where there was no signal", () => {
    expect(summarise(agreed, [], [hold, payout], false, at(100 * minute))).toMatchObject({
      outcome: "agreed",
      refund: "paid",
      refundDue: null,
      trouble: [],
      refund_ms: null,
      checkAt: null,
    });
  });

  test("looks again at a goal that is just being made, and would else seem over", () => {
    const made = { ...pending, active: false };
    expect(summarise(made, [], [], false, at(1_000))).toMatchObject({ outcome: "expired", checkAt: minute });
    expect(summarise(made, [], [], false, at(minute)).checkAt).toBeNull();
  });
});

describe("trouble", () => {
  test("is a failed receiver, at once, until a later run of it succeeds", () => {
    const failed = run("track_goals", { status: "failed", error: "no" });
    const runs = [...without("track_goals"), failed];
    const after = summarise(declined, runs, [hold, refund], false, at(declinedAt + 30));
    expect(after.trouble).toEqual(["any", "any:track_goals", "failed", "failed:track_goals"]);
    expect(after.settled_ms).toBeNull();
    const again = run("track_goals", { eventId: "f", started: declinedAt + 50, finished: declinedAt + 70 });
    const healed = summarise(declined, [...runs, again], [hold, refund], false, at(declinedAt + 100));
    expect(healed.trouble).toEqual([]);
    expect(healed.settled_ms).toBe(70);
    expect(healed.effects.get("track_goals")).toMatchObject({ runs: 2, status: "done" });
  });

  test("is a receiver that has not settled a minute after the end, also one that never ran", () => {
    const runs = [...without("track_goals", "notify_goal_ended"), run("track_goals", { status: "running" })];
    const summary = (now: number) => summarise(declined, runs, [hold, refund], false, at(now));
    expect(summary(declinedAt + minute - 1)).toMatchObject({ trouble: [], checkAt: declinedAt + minute });
    expect(summary(declinedAt + minute).trouble).toEqual([
      "any",
      "any:track_goals",
      "any:notify_goal_ended",
      "late",
      "late:track_goals",
      "late:notify_goal_ended",
    ]);
  });

  test("is a refund's receiver only a minute after the refund is due, and never while it is held back", () => {
    const runs = [...without(refundReceiver), run(refundReceiver, { status: "waiting", finished: null })];
    const due = declinedAt + 600_000;
    const summary = (now: number, held: boolean) => summarise(declined, runs, [hold], held, at(now, 600));
    expect(summary(due, false)).toMatchObject({ trouble: [], refundDue: due, refund: "due" });
    expect(summary(due, false).checkAt).toBe(due + minute);
    expect(summary(due + minute, false).trouble).toContain(`late:${refundReceiver}`);
    expect(summary(due + 10 * minute, true)).toMatchObject({ trouble: [], heldBack: true });
  });

  test("is not made by repeating later what had succeeded: how long it took stays", () => {
    const again = run("track_goals", { eventId: "f", started: 50 * minute, finished: 51 * minute });
    expect(summarise(declined, [...allDone, again], [hold, refund], false, at(60 * minute)).settled_ms).toBe(
      20,
    );
  });
});

test("a summary says when the clock alone may change it: before that, it stays as it is", () => {
  const status = fc.constantFrom(...receiverStatuses);
  const someRun = fc
    .record({
      receiver: fc.constantFrom(...receiverIds),
      status,
      started: fc.integer({ min: 0, max: 90 * minute }),
    })
    .map(({ receiver, ...facts }) => run(receiver, facts));
  const now = fc.integer({ min: 0, max: 300 * minute });
  fc.assert(
    fc.property(
      fc.constantFrom(pending, declined, agreed, { ...pending, active: false }),
      fc.array(someRun),
      fc.constantFrom([], [hold], [hold, refund]),
      fc.boolean(),
      now,
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (goal, runs, transfers, held, began, part) => {
        const first = summarise(goal, runs, transfers, held, at(began, 600));
        expect(first.checkAt ?? Infinity).toBeGreaterThan(began);
        const until = first.checkAt ?? 1_000 * minute;
        const later = began + Math.floor((until - began) * part);
        expect(summarise(goal, runs, transfers, held, at(later, 600))).toEqual(first);
      },
    ),
  );
});

test("what has not settled is looked at again, whatever is heard of it", () => {
  const waiting = [...without(refundReceiver), run(refundReceiver, { status: "waiting" })];
  const summary = summarise(declined, waiting, [hold], true, at(declinedAt + 90 * minute));
  expect(summary.checkAt).toBe(declinedAt + 120 * minute);
});
