import { describe, expect, test } from "vitest";
import { escrowId, goalId, hold, resolution } from "#src/testing/transfers.ts";
import { type Breach, type EscrowGoal, judgeEscrow, judgeTransfers } from "./conservation.ts";
import { escrowAccount, holdId, streamerAccount, type Transfer, viewerAccount } from "./ledger.ts";
import { late_ms } from "./summary.ts";

const pending: EscrowGoal = {
  streamerId: "ada",
  viewerId: "vic",
  active: true,
  exp: 10_000_000,
  agreedAt: null,
  deactivated: null,
  created: 0,
  insertIds: ["insert-0"],
  isPrepaid: true,
  heldBack: false,
  letGo: null,
  window: { userId: "ada", nbf: 0, exp: null },
};
const declined: EscrowGoal = {
  ...pending,
  active: false,
  exp: 1_000,
  deactivated: { at: 1_000, reason: "declined" },
};
const at = (now: number, refundDelay_s = 0) => ({ now, refundDelay_s });
const kindsOf = (breaches: readonly Breach[]) => breaches.map(({ kind }) => kind);

describe("an escrow by its transfers alone", () => {
  test("is well when what was put in is there, or went out as a whole", () => {
    for (const transfers of [
      [],
      [hold(0)],
      [hold(0), resolution(100)],
      [hold(0), hold(1, { currency: "EUR" })],
      [hold(0), hold(1, { amount: 50 }), resolution(150, streamerAccount("ada"))],
    ]) {
      expect(judgeTransfers(escrowId, transfers)).toEqual([]);
    }
  });

  test.each<[string, Partial<Transfer>]>([
    ["an amount of nothing", { amount: 0 }],
    ["a negative amount", { amount: -5 }],
    ["a fraction of a minor unit", { amount: 0.5 }],
    ["no amount", { amount: Number.NaN }],
    ["an amount beyond what is exact", { amount: 2 ** 53 }],
    ["no currency", { currency: "" }],
    ["one account on both sides", { debit: escrowAccount(escrowId) }],
    ["another escrow", { credit: escrowAccount("trigger_exclusive:other") }],
    ["the escrow's id in an account of another kind", { credit: `bank:${escrowId}` }],
    ["somebody who is nobody", { debit: "viewer:" }],
  ])("is malformed by %s, and says by which transfer", (_, over) => {
    const found = judgeTransfers(escrowId, [hold(0), hold(1, over)]);
    expect(found.filter(({ kind }) => kind === "malformed")).toMatchObject([
      { escrow_id: escrowId, goal_id: goalId, transfer_id: holdId(escrowId, 1) },
    ]);
  });

  test("is overdrawn when more went out than came in, in any currency", () => {
    expect(judgeTransfers(escrowId, [hold(0), resolution(101)])).toEqual([
      {
        kind: "overdrawn",
        escrow_id: escrowId,
        goal_id: goalId,
        transfer_id: null,
        amount: -1,
        currency: "USD",
        since: 500,
      },
    ]);
    const mixed = judgeTransfers(escrowId, [hold(0), resolution(100, undefined, { currency: "EUR" })]);
    expect(mixed.map(({ kind, currency }) => [kind, currency])).toEqual([
      ["left_behind", "USD"],
      ["overdrawn", "EUR"],
    ]);
  });

  test("has money left behind when it is resolved and not empty", () => {
    expect(judgeTransfers(escrowId, [hold(0), resolution(60)])).toMatchObject([
      { kind: "left_behind", amount: 40, since: 500 },
    ]);
  });
});

describe("an escrow with its goal", () => {
  const due = 1_000 + late_ms;

  test("may hold money while the goal is pending or agreed to, however long", () => {
    const agreed = { ...pending, active: false, agreedAt: 500 };
    expect(judgeEscrow(escrowId, [hold(0)], pending, at(10 ** 12))).toEqual([]);
    expect(judgeEscrow(escrowId, [hold(0)], agreed, at(10 ** 12))).toEqual([]);
  });

  test("is late a minute after the refund is due, not before, and not once it is refunded", () => {
    expect(judgeEscrow(escrowId, [hold(0)], declined, at(due))).toEqual([]);
    expect(judgeEscrow(escrowId, [hold(0)], declined, at(due + 1))).toMatchObject([
      { kind: "late", amount: 100, since: 1_000 },
    ]);
    expect(judgeEscrow(escrowId, [hold(0)], declined, at(due + 600_000, 600))).toEqual([]);
    expect(judgeEscrow(escrowId, [hold(0), resolution(100)], declined, at(due + 1))).toEqual([]);
  });

  test("is not late while an admin holds the refund back, nor within a minute of letting it go", () => {
    expect(judgeEscrow(escrowId, [hold(0)], { ...declined, heldBack: true }, at(10 ** 12))).toEqual([]);
    const letGo = { ...declined, letGo: 5_000_000 };
    expect(judgeEscrow(escrowId, [hold(0)], letGo, at(5_000_000 + late_ms))).toEqual([]);
    expect(kindsOf(judgeEscrow(escrowId, [hold(0)], letGo, at(5_000_001 + late_ms)))).toEqual(["late"]);
  });

  test("has money left behind that no refund will take: outside the session, or of several viewers", () => {
    const outside = { ...declined, window: { userId: "ada", nbf: 11, exp: null } };
    expect(kindsOf(judgeEscrow(escrowId, [hold(0)], outside, at(due + 1)))).toEqual(["left_behind"]);
    const mixed = [hold(0), hold(1, { debit: viewerAccount("wen") })];
    expect(kindsOf(judgeEscrow(escrowId, mixed, declined, at(due + 1)))).toEqual(["left_behind"]);
    const gone = { ...declined, window: null };
    expect(kindsOf(judgeEscrow(escrowId, [hold(0)], gone, at(due + 1)))).toEqual(["late"]);
  });

  test("has money left behind by an invitation that was given up half made", () => {
    const halfMade = { ...pending, active: false, isPrepaid: false };
    expect(judgeEscrow(escrowId, [hold(0)], halfMade, at(3_600_000))).toEqual([]);
    expect(kindsOf(judgeEscrow(escrowId, [hold(0)], halfMade, at(3_600_001)))).toEqual(["left_behind"]);
  });

  test("differs from its goal when there is none, or when its prepayment is not in the ledger", () => {
    expect(judgeEscrow(escrowId, [hold(0)], null, at(0))).toMatchObject([
      { kind: "sums_differ", amount: 100, goal_id: goalId },
    ]);
    expect(judgeEscrow(escrowId, [], null, at(0))).toEqual([]);
    expect(kindsOf(judgeEscrow(escrowId, [], pending, at(0)))).toEqual(["sums_differ"]);
    expect(judgeEscrow(escrowId, [], { ...pending, isPrepaid: false }, at(0))).toEqual([]);
  });

  test("of another kind of goal is judged by its transfers alone", () => {
    const show = { escrowId: "show:7", credit: escrowAccount("show:7") };
    expect(judgeEscrow("show:7", [hold(0, show)], null, at(10 ** 12))).toEqual([]);
  });
});
