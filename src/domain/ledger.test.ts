import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  balanceOf,
  decideRefund,
  escrowAccount,
  holdId,
  refundState,
  type RefundWindow,
  resolutionId,
  streamerAccount,
  type Transfer,
  viewerAccount,
} from "./ledger.ts";

const escrowId = "trigger_exclusive:g";
const open: RefundWindow = { userId: "ada", nbf: 0, exp: null };

const hold = (n: number, over: Partial<Transfer> = {}): Transfer => ({
  id: holdId(escrowId, n),
  insertId: String(n),
  debit: viewerAccount("vic"),
  credit: escrowAccount(escrowId),
  amount: 100,
  currency: "USD",
  at: 10,
  escrowId,
  userId: "ada",
  reason: "prepayment",
  ...over,
});
const resolution = (credit: string, amount: number): Transfer => ({
  ...hold(99),
  id: resolutionId(escrowId),
  debit: escrowAccount(escrowId),
  credit,
  amount,
});

describe("a refund", () => {
  test("gives back all that was put in, to whom it came from", () => {
    expect(decideRefund([hold(0), hold(1, { amount: 50 })], escrowId, open)).toEqual({
      kind: "refund",
      viewerAccount: "viewer:vic",
      amount: 150,
      currency: "USD",
      left: 0,
    });
  });

  test("is never made twice, nor after a payout", () => {
    for (const credit of [viewerAccount("vic"), streamerAccount("ada")]) {
      const decision = decideRefund([hold(0), resolution(credit, 100)], escrowId, open);
      expect(decision.kind).toBe("already-resolved");
    }
  });

  test.each<[string, Partial<Transfer>]>([
    ["before nbf", { at: 4 }],
    ["after exp", { at: 21 }],
    ["for another streamer", { userId: "bea" }],
  ])("leaves a hold %s in the escrow, and says so", (_, outside) => {
    const window = { userId: "ada", nbf: 5, exp: 20 };
    expect(decideRefund([hold(0), hold(1, outside)], escrowId, window)).toMatchObject({
      amount: 100,
      left: 100,
    });
    expect(decideRefund([hold(1, outside)], escrowId, window)).toEqual({
      kind: "nothing-to-refund",
      left: 100,
    });
  });

  test("includes holds at the very edges of the window", () => {
    const window = { userId: "ada", nbf: 5, exp: 20 };
    expect(decideRefund([hold(0, { at: 5 }), hold(1, { at: 20 })], escrowId, window)).toMatchObject({
      amount: 200,
    });
  });

  test("of holds that one transfer cannot give back is not made", () => {
    const mixed = [hold(0), hold(1, { debit: viewerAccount("wen") })];
    expect(decideRefund(mixed, escrowId, open)).toEqual({ kind: "mixed-holds" });
    expect(decideRefund([hold(0), hold(1, { currency: "TWD" })], escrowId, open)).toEqual({
      kind: "mixed-holds",
    });
  });

  test("brings the escrow and the viewer to where they were, whatever was held", () => {
    const holds = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(holds, (amounts) => {
        const held = amounts.map((amount, n) => hold(n, { amount }));
        const decision = decideRefund(held, escrowId, open);
        if (decision.kind !== "refund") throw new Error(decision.kind);
        const after = [...held, resolution(decision.viewerAccount, decision.amount)];
        expect(balanceOf(escrowAccount(escrowId), after)).toBe(0);
        expect(balanceOf(viewerAccount("vic"), after)).toBe(0);
        expect(decideRefund(after, escrowId, open).kind).toBe("already-resolved");
      }),
    );
  });
});

describe("the state of the money", () => {
  test.each<[string, Transfer[], boolean, string]>([
    ["nothing was held", [], false, "none"],
    ["the goal goes on", [hold(0)], false, "held"],
    ["the goal has ended", [hold(0)], true, "due"],
    ["the ledger has the refund", [hold(0), resolution(viewerAccount("vic"), 100)], true, "refunded"],
    ["the ledger has the payout", [hold(0), resolution(streamerAccount("ada"), 100)], true, "paid"],
  ])("when %s", (_, transfers, ended, state) => {
    expect(refundState(transfers, escrowId, ended)).toBe(state);
  });
});
