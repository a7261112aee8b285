import fc from "fast-check";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { balanceOf, escrowAccount, holdId, streamerAccount, viewerAccount } from "#src/domain/ledger.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { transfersOf } from "../data/ledger.ts";
import { holdInEscrow, payOutEscrow, refundEscrow } from "./escrow.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

const streamerId = "a".repeat(24);
const viewerId = "b".repeat(24);
const newEscrow = () => `trigger_exclusive:${new ObjectId().toHexString()}`;
const window = { userId: streamerId, nbf: 0, exp: null };
const hold = (escrowId: string, n: number, amount = 100) =>
  holdInEscrow(app.services, { escrowId, n, viewerId, streamerId, amount, currency: "USD" });

describe("an escrow", () => {
  test("gives back what was held, and stands at zero", async () => {
    const escrowId = newEscrow();
    await hold(escrowId, 0, 700);
    await hold(escrowId, 1, 500);
    expect(await refundEscrow(app.services, escrowId, window)).toMatchObject({
      kind: "refunded",
      amount: 1_200,
      left: 0,
    });
    const transfers = await transfersOf(app.services.db, escrowId);
    expect(balanceOf(escrowAccount(escrowId), transfers)).toBe(0);
    expect(balanceOf(viewerAccount(viewerId), transfers)).toBe(0);
  });

  test("takes the same hold once", async () => {
    const escrowId = newEscrow();
    const [first, second] = [await hold(escrowId, 0), await hold(escrowId, 0)];
    expect(second).toBe(first);
    expect(await transfersOf(app.services.db, escrowId)).toHaveLength(1);
  });

  test("refuses a hold once it is resolved", async () => {
    const escrowId = newEscrow();
    await hold(escrowId, 0);
    await refundEscrow(app.services, escrowId, window);
    expect(await hold(escrowId, 1)).toBeNull();
    expect(await transfersOf(app.services.db, escrowId)).toHaveLength(2);
  });

  test("refuses amounts that are no whole minor units above zero", async () => {
    for (const amount of [0, -1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1]) {
      await expect(hold(newEscrow(), 0, amount)).rejects.toThrow(RangeError);
    }
  });

  test("loses, makes and keeps nothing, whoever refunds, pays out and holds at once", async () => {
    type Act = { readonly kind: "refund" | "payout" } | { readonly kind: "hold"; readonly amount: number };
    const act: fc.Arbitrary<Act> = fc.oneof(
      fc.constant<Act>({ kind: "refund" }),
      fc.constant<Act>({ kind: "payout" }),
      fc.record({ kind: fc.constant("hold" as const), amount: fc.integer({ min: 1, max: 10_000 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 2, maxLength: 12 }), async (acts) => {
        const escrowId = newEscrow();
        await hold(escrowId, 0, 1);
        await Promise.all(
          acts.map((one, place) => {
            switch (one.kind) {
              case "refund":
                return refundEscrow(app.services, escrowId, window);
              case "payout":
                return payOutEscrow(app.services, escrowId, streamerId);
              case "hold":
                return hold(escrowId, place + 1, one.amount);
            }
          }),
        );
        const transfers = await transfersOf(app.services.db, escrowId);
        const resolutions = transfers.filter(({ id }) => id.startsWith("resolve:"));
        const held = transfers.filter(({ id }) => id.startsWith(holdId(escrowId, 0).slice(0, -1)));
        const accounts = [escrowAccount(escrowId), viewerAccount(viewerId), streamerAccount(streamerId)];
        const [escrow = 0, viewer = 0, streamer = 0] = accounts.map((account) =>
          balanceOf(account, transfers),
        );
        expect(escrow + viewer + streamer).toBe(0);
        expect(resolutions.length).toBeLessThanOrEqual(1);
        // Resolved: every hold in the ledger is covered, since none may come after. Unresolved: all is still held.
        expect(escrow).toBe(resolutions.length === 1 ? 0 : held.reduce((sum, { amount }) => sum + amount, 0));
      }),
      { numRuns: 40 },
    );
  });
});
