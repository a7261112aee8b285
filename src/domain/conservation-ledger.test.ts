import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escrowIdOf } from "#src/contract/ids.ts";
import { hold, resolution } from "#src/testing/transfers.ts";
import { addUp, balancesOf, type Breach, judgeSums, judgeTransfers, newTally } from "./conservation.ts";
import {
  escrowAccount,
  holdId,
  resolutionId,
  streamerAccount,
  type Transfer,
  viewerAccount,
} from "./ledger.ts";

/** What may be done to a history that was well, and what is then wrong with it. */
const corruptions: Record<string, { of: (transfer: Transfer) => Transfer; breaks: Breach["kind"] }> = {
  "takes another one's account": { of: (one) => ({ ...one, credit: "bank:1" }), breaks: "malformed" },
  "makes the amount negative": { of: (one) => ({ ...one, amount: -one.amount }), breaks: "malformed" },
  "cuts the amount": { of: (one) => ({ ...one, amount: one.amount - 0.5 }), breaks: "malformed" },
  "loses the currency": { of: (one) => ({ ...one, currency: "" }), breaks: "malformed" },
};

/** A goal's whole history in the ledger: some holds, and perhaps its resolution. */
const histories = fc
  .array(
    fc.record({
      goal: fc.integer({ min: 0, max: 2 ** 40 }).map((n) => n.toString(16).padStart(24, "0")),
      amounts: fc.array(fc.integer({ min: 1, max: 10 ** 9 }), { minLength: 1, maxLength: 4 }),
      currency: fc.constantFrom("USD", "TWD"),
      end: fc.constantFrom("none", "refund", "payout"),
    }),
    { maxLength: 12 },
  )
  .map((goals) => [...new Map(goals.map((goal) => [goal.goal, goal])).values()])
  .map((goals) =>
    goals.map(({ goal, amounts, currency, end }) => {
      const own = escrowIdOf(goal);
      const in_ = { escrowId: own, credit: escrowAccount(own), currency };
      const holds = amounts.map((amount, n) => hold(n, { ...in_, id: holdId(own, n), amount }));
      const total = amounts.reduce((sum, amount) => sum + amount, 0);
      const to = end === "refund" ? viewerAccount("vic") : streamerAccount("ada");
      const out = { escrowId: own, id: resolutionId(own), debit: escrowAccount(own), currency };
      return { escrow: own, transfers: end === "none" ? holds : [...holds, resolution(total, to, out)] };
    }),
  );

const judgeAll = (ledger: readonly { escrow: string; transfers: readonly Transfer[] }[]) => {
  const tally = newTally();
  for (const { transfers } of ledger) addUp(tally, transfers);
  return [
    ...judgeSums(balancesOf(tally)),
    ...ledger.flatMap(({ escrow, transfers }) => judgeTransfers(escrow, transfers)),
  ];
};

describe("a whole ledger", () => {
  test("is well whatever was held, refunded and paid out", () => {
    fc.assert(
      fc.property(histories, (ledger) => {
        expect(judgeAll(ledger)).toEqual([]);
      }),
    );
  });

  test("with one corrupted transfer is told from one that is well, by the ids of what is wrong", () => {
    const broken = fc.tuple(histories, fc.constantFrom(...Object.keys(corruptions)), fc.nat(), fc.nat());
    fc.assert(
      fc.property(broken, ([ledger, how, which, place]) => {
        const victim = ledger[which % Math.max(1, ledger.length)];
        const corruption = corruptions[how];
        fc.pre(victim !== undefined && corruption !== undefined);
        const index = place % victim.transfers.length;
        const id = victim.transfers[index]?.id;
        const transfers = victim.transfers.map((one, n) => (n === index ? corruption.of(one) : one));
        const found = judgeAll(ledger.map((one) => (one === victim ? { ...victim, transfers } : one)));
        expect(found).toContainEqual(
          expect.objectContaining({
            kind: corruption.breaks,
            escrow_id: victim.escrow,
            transfer_id: id,
          }),
        );
        // Nothing is said of any other escrow.
        const named = found.map(({ escrow_id }) => escrow_id).filter((one) => one !== null);
        expect(new Set(named)).toEqual(new Set([victim.escrow]));
      }),
    );
  });

  test("that lost a transfer or has one twice is overdrawn or has money left behind, exactly there", () => {
    fc.assert(
      fc.property(histories, fc.nat(), fc.boolean(), (ledger, which, twice) => {
        const resolved = ledger.filter(({ transfers }) =>
          transfers.some(({ id }) => id.startsWith("resolve:")),
        );
        const victim = resolved[which % Math.max(1, resolved.length)];
        fc.pre(victim !== undefined);
        const [first, ...rest] = victim.transfers;
        fc.pre(first !== undefined);
        const transfers = twice ? [first, { ...first, id: `${first.id}1` }, ...rest] : rest;
        expect(
          judgeAll(ledger.map((one) => (one === victim ? { ...victim, transfers } : one))),
        ).toMatchObject([
          {
            kind: twice ? "left_behind" : "overdrawn",
            escrow_id: victim.escrow,
            amount: twice ? first.amount : -first.amount,
          },
        ]);
      }),
    );
  });

  test("with money from nowhere does not come to zero, by as much", () => {
    const tally = newTally();
    addUp(tally, [hold(0), hold(1, { debit: "bank:1", amount: 7 })]);
    expect(judgeSums(balancesOf(tally))).toMatchObject([
      { kind: "sums_differ", escrow_id: null, goal_id: null, amount: 7, currency: "USD" },
    ]);
  });
});
