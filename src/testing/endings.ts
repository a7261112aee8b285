import { ObjectId } from "mongodb";
import { expect, vi } from "vitest";
import { escrowIdOf } from "#src/contract/ids.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { balanceOf, escrowAccount, viewerAccount } from "#src/domain/ledger.ts";
import { findGoal } from "#src/server/data/goals.ts";
import { transfersOf } from "#src/server/data/ledger.ts";
import { runsOfGoal } from "#src/server/data/receiver-runs.ts";
import type { Services } from "#src/server/services.ts";

/** Waits until each receiver has come to its end about a goal, whichever events brought its signal. */
export async function untilSettled({ db }: Services, goalId: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const runs = await runsOfGoal(db, goalId);
      const ended = runs.filter(({ status }) => status === "done" || status === "returned");
      expect(new Set(ended.map(({ receiver }) => receiver)).size).toBe(receiverIds.length);
    },
    { timeout: 15_000, interval: 20 },
  );
}

/** The money of one goal: what its escrow holds, what its viewer has come to, and every movement. */
export async function moneyOf({ db }: Services, goalId: string) {
  const viewerId = (await findGoal(db, goalId))?.conditions.exclusive_to.toHexString() ?? "";
  const ledger = await transfersOf(db, escrowIdOf(goalId));
  return {
    escrow: balanceOf(escrowAccount(escrowIdOf(goalId)), ledger),
    viewer: balanceOf(viewerAccount(viewerId), ledger),
    moves: ledger.map(({ reason }) => reason),
  };
}

/** The money of a goal that has ended without being agreed to, and of one that still stands or was agreed to. */
export const refunded = { escrow: 0, viewer: 0, moves: ["prepayment", "refund"] };
export const held = { escrow: 1_200, viewer: -1_200, moves: ["prepayment"] };

/** Changes a goal's `exp`, as time would. */
export async function setExp({ db }: Services, goalId: string, exp: Date): Promise<void> {
  await db.driver.collection("goals").updateOne({ _id: new ObjectId(goalId) }, { $set: { exp } });
}
