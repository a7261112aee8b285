import { escrowIdOf } from "#src/contract/ids.ts";
import { ProblemError } from "#src/contract/problems.ts";
import { findGoal, goalFacts } from "../data/goals.ts";
import { transfersOf } from "../data/ledger.ts";
import type { Services } from "../services.ts";
import { type GoalView, viewGoals } from "./goal-view.ts";

/** One transfer of the ledger as its viewer may see it. `at` is ISO 8601, `amount` whole minor units. */
export interface ReceiptEntry {
  readonly id: string;
  readonly insert_id: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: number;
  readonly currency: string;
  readonly at: string;
  readonly reason: string;
}

/** What a viewer can show of one invitation: how it stands, and every transfer made for it, the first one first. */
export interface Receipt {
  readonly view: GoalView;
  readonly escrow_id: string;
  readonly entries: readonly ReceiptEntry[];
  /** When it was read, ISO 8601. */
  readonly as_of: string;
}

/**
 * The receipt of a viewer's own invitation. Throws `goal_not_found`, for another viewer's as for one that does not exist, so that
 * nobody learns of it.
 */
export async function viewerReceipt(services: Services, viewerId: string, goalId: string): Promise<Receipt> {
  const { db, clock } = services;
  const goal = await findGoal(db, goalId);
  if (goal === null || goalFacts(goal).viewerId !== viewerId) throw new ProblemError("goal_not_found");
  const escrowId = escrowIdOf(goalId);
  // The view first: an entry that comes in between is listed early, but the state never runs ahead of the entries.
  const [view] = await viewGoals(services, [goal]);
  if (view === undefined) throw new ProblemError("goal_not_found");
  const transfers = await transfersOf(db, escrowId);
  return {
    view,
    escrow_id: escrowId,
    entries: transfers.map(({ id, insertId, debit, credit, amount, currency, at, reason }) => ({
      id,
      insert_id: insertId,
      debit,
      credit,
      amount,
      currency,
      at: new Date(at).toISOString(),
      reason,
    })),
    as_of: clock().toISOString(),
  };
}
