import { escrowIdOf, goalIdOfEscrow } from "#src/contract/ids.ts";
import { type Breach, type EscrowGoal, escrowBalances, judgeEscrow } from "#src/domain/conservation.ts";
import type { Transfer } from "#src/domain/ledger.ts";
import { findEscrowGoals, findHeldSummaries, findLetGo, findRefundWindows } from "../../data/escrow-goals.ts";
import { transfersByEscrowToJudge } from "../../data/ledger-walk.ts";
import type { Services } from "../../services.ts";
import { refreshSummaries } from "./summaries.ts";

/** What judging works with. */
export type Judge = Pick<Services, "db" | "clock" | "settings" | "log">;

/** How many escrows are read at once. */
const batchLength = 200;

/**
 * What is wrong with these escrows, each read anew and as a whole: the ledger only grows and goals come before their
 * money, so whatever is read after what it follows from is there. `between` is awaited between two batches.
 */
export async function judgeEscrows(
  judge: Judge,
  escrowIds: Iterable<string>,
  between: () => Promise<void>,
): Promise<Breach[]> {
  const all = [...new Set(escrowIds)].filter((id) => id !== "");
  const breaches: Breach[] = [];
  for (let start = 0; start < all.length; start += batchLength) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after another: the database has others to serve
    breaches.push(...(await judgeBatch(judge, all.slice(start, start + batchLength))));
    // oxlint-disable-next-line no-await-in-loop -- as above
    await between();
  }
  return breaches;
}

async function judgeBatch(judge: Judge, escrowIds: readonly string[]): Promise<Breach[]> {
  const { db, clock, settings } = judge;
  const goalIds = escrowIds.map(goalIdOfEscrow).filter((id) => id !== null);
  const goals = await findEscrowGoals(db, goalIds);
  const ledger = await transfersByEscrowToJudge(db, escrowIds);
  const judging = { now: clock().getTime(), refundDelay_s: settings.REFUND_DELAY_SECONDS };
  const judgeOne = (escrowId: string, more: Pick<EscrowGoal, "letGo" | "window">) => {
    const goal = goals.get(goalIdOfEscrow(escrowId) ?? "");
    const transfers = ledger.get(escrowId) ?? [];
    return judgeEscrow(escrowId, transfers, goal === undefined ? null : { ...goal, ...more }, judging);
  };
  const judged = new Map(escrowIds.map((id) => [id, judgeOne(id, { letGo: null, window: null })]));

  // A refund that is late may have been let go only now, or may be none that a receiver could make.
  const late = [...judged].filter(([, found]) => found.some(({ kind }) => kind === "late"));
  const lateIds = late.map(([escrowId]) => goalIdOfEscrow(escrowId)).filter((id) => id !== null);
  if (lateIds.length > 0) {
    const sessionOf = (goalId: string) => goals.get(goalId)?.sessionId;
    const [letGo, windows] = await Promise.all([
      findLetGo(db, lateIds),
      findRefundWindows(
        db,
        lateIds.map(sessionOf).filter((id) => id !== undefined),
      ),
    ]);
    for (const goalId of lateIds) {
      const escrowId = escrowIdOf(goalId);
      const window = windows.get(sessionOf(goalId)?.toHexString() ?? "") ?? null;
      judged.set(escrowId, judgeOne(escrowId, { letGo: letGo.get(goalId) ?? null, window }));
    }
  }

  // A goal that was not there when goals were read, and whose hold was when transfers were, may have been made between.
  const goalless = goalIds.filter((id) => !goals.has(id) && (judged.get(escrowIdOf(id)) ?? []).length > 0);
  const made = goalless.length === 0 ? [] : [...(await findEscrowGoals(db, goalless)).keys()].map(escrowIdOf);
  for (const escrowId of made) judged.delete(escrowId);
  const again = made.length === 0 ? [] : await judgeBatch(judge, made);
  return [...[...judged.values()].flat(), ...again];
}

/** What an escrow holds, whatever the currency. */
const totalOf = (escrowId: string, transfers: readonly Transfer[]) =>
  [...escrowBalances(escrowId, transfers).values()].reduce((sum, amount) => sum + amount, 0);

/**
 * Of these goals, those whose summary does not say what the ledger does, even after it was made anew. Where the ledger
 * was written to meanwhile nothing is said: it will be looked at again.
 */
export async function judgeSummaries(
  judge: Judge,
  goalIds: readonly string[],
  between: () => Promise<void>,
): Promise<Breach[]> {
  const { db } = judge;
  const breaches: Breach[] = [];
  for (let start = 0; start < goalIds.length; start += batchLength) {
    const batch = goalIds.slice(start, start + batchLength);
    const read = () => transfersByEscrowToJudge(db, batch.map(escrowIdOf));
    // oxlint-disable no-await-in-loop -- one batch after another: the database has others to serve
    const before = await read();
    await refreshSummaries(judge, batch);
    const summaries = await findHeldSummaries(db, batch);
    const after = await read();
    await between();
    // oxlint-enable no-await-in-loop
    for (const goalId of batch) {
      const escrowId = escrowIdOf(goalId);
      const transfers = after.get(escrowId) ?? [];
      const amount = totalOf(escrowId, transfers) - (summaries.get(goalId)?.amount ?? 0);
      if (transfers.length !== (before.get(escrowId)?.length ?? 0) || amount === 0) continue;
      breaches.push({
        kind: "sums_differ",
        escrow_id: escrowId,
        goal_id: goalId,
        transfer_id: null,
        amount,
        currency: transfers[0]?.currency ?? "",
        since: transfers.at(-1)?.at ?? null,
      });
    }
  }
  return breaches;
}
