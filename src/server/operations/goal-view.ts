import { escrowIdOf } from "#src/contract/ids.ts";
import { type GoalState, goalState } from "#src/domain/goal.ts";
import {
  escrowAccount,
  refundDueAt,
  type RefundState,
  refundState,
  resolutionOf,
  type Transfer,
} from "#src/domain/ledger.ts";
import type { GoalDocument } from "../data/documents.ts";
import { goalFacts } from "../data/goals.ts";
import { transfersByEscrow } from "../data/ledger.ts";
import { type Account, findAccounts } from "../data/users.ts";
import type { Services } from "../services.ts";
import { type Person, personOf } from "./people.ts";

/** One goal as people see it. Ids are hex, times ISO 8601, `amount` whole minor units, `prepaid_duration_s` seconds. */
export interface GoalView {
  readonly goal_id: string;
  readonly session_id: string;
  readonly streamer: Person;
  readonly viewer: Person;
  readonly state: GoalState;
  readonly created: string;
  readonly exp: string;
  readonly ended: string | null;
  readonly cooldown_until: string | null;
  readonly prepaid_duration_s: number;
  readonly amount: number;
  readonly currency: string;
  readonly refund: RefundState;
  /** When the refund is due, once the goal has ended without being agreed to. */
  readonly refund_due: string | null;
  /** When the money moved out of escrow, by the ledger. */
  readonly resolved: string | null;
}

/** Goals with their people and their money, each read once. */
export async function viewGoals(services: Services, goals: readonly GoalDocument[]): Promise<GoalView[]> {
  const ids = goals.flatMap((goal) => [goal.metadata.user_id, goal.conditions.exclusive_to]);
  const [accounts, transfers] = await Promise.all([
    findAccounts(
      services.db,
      ids.map((id) => id.toHexString()),
    ),
    transfersByEscrow(
      services.db,
      goals.map((goal) => escrowIdOf(goal._id.toHexString())),
    ),
  ]);
  return goals.map((goal) =>
    viewGoal(services, goal, accounts, transfers.get(escrowIdOf(goal._id.toHexString())) ?? []),
  );
}

function viewGoal(
  { clock, settings }: Services,
  goal: GoalDocument,
  accounts: ReadonlyMap<string, Account>,
  transfers: readonly Transfer[],
): GoalView {
  const goalId = goal._id.toHexString();
  const escrowId = escrowIdOf(goalId);
  const holds = transfers.filter(({ credit }) => credit === escrowAccount(escrowId));
  const resolution = resolutionOf(transfers, escrowId);
  const facts = goalFacts(goal);
  const state = goalState(facts, clock().getTime());
  const endedWithoutShow = goal.deactivated != null;
  return {
    goal_id: goalId,
    session_id: goal.conditions.session_id.toHexString(),
    streamer: personOf(accounts, facts.streamerId),
    viewer: personOf(accounts, facts.viewerId),
    state,
    created: goal.created.toISOString(),
    exp: goal.exp.toISOString(),
    ended: (goal.deactivated?.at ?? goal.agreed?.at)?.toISOString() ?? null,
    cooldown_until: goal.metadata.cooldown?.toISOString() ?? null,
    prepaid_duration_s: goal.metadata.prepaid_duration,
    amount: holds.reduce((sum, { amount }) => sum + amount, 0),
    currency: holds[0]?.currency ?? "USD",
    refund: refundState(transfers, escrowId, endedWithoutShow),
    refund_due: endedWithoutShow
      ? new Date(refundDueAt(facts.exp, settings.REFUND_DELAY_SECONDS)).toISOString()
      : null,
    resolved: resolution === undefined ? null : new Date(resolution.at).toISOString(),
  };
}
