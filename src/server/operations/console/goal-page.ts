import { escrowIdOf } from "#src/contract/ids.ts";
import type { ReceiverId, ReceiverStatus } from "#src/contract/receivers.ts";
import type { Transfer } from "#src/domain/ledger.ts";
import { ProblemError } from "#src/contract/problems.ts";
import { findGoal } from "../../data/goals.ts";
import { transfersOf } from "../../data/ledger.ts";
import { runsOfGoal } from "../../data/receiver-runs.ts";
import { findSession } from "../../data/sessions.ts";
import type { Services } from "../../services.ts";
import { type GoalView, viewGoals } from "../goal-view.ts";
import type { AuditView } from "./audit-list.ts";
import type { EffectView } from "./goal-list.ts";
import type { Timeline } from "./timeline.ts";

/** One receiver's run, as moderators see it. Times are ISO 8601, `attempt` counts from 0. */
export interface ReceiverRunView {
  readonly receiver: ReceiverId;
  readonly event_id: string;
  readonly status: ReceiverStatus;
  readonly reason: string | null;
  readonly error: string | null;
  readonly attempt: number;
  readonly started: string;
  readonly finished: string | null;
}

/** A document as JSON has it: ids hex, times ISO 8601. */
type Json = Readonly<Record<string, unknown>>;

/** Everything that is known of one goal: as people see it, as documents, its receivers and its money. */
export interface GoalDetail {
  readonly view: GoalView;
  readonly goal: Json;
  readonly session: Json | null;
  readonly pair: Json | null;
  readonly receiver_runs: readonly ReceiverRunView[];
  readonly ledger: readonly Transfer[];
}

const plain = (document: object) => JSON.parse(JSON.stringify(document)) as Json;

/** One goal for moderators. Throws `goal_not_found`. */
export async function goalDetail(services: Services, goalId: string): Promise<GoalDetail> {
  const { db } = services;
  const goal = await findGoal(db, goalId);
  if (goal === null) throw new ProblemError("goal_not_found");
  const [[view], session, runs, ledger] = await Promise.all([
    viewGoals(services, [goal]),
    findSession(db, goal.conditions.session_id.toHexString()),
    runsOfGoal(db, goalId),
    transfersOf(db, escrowIdOf(goalId)),
  ]);
  if (view === undefined) throw new ProblemError("goal_not_found");
  const pair = session?.exclusive_goal_pairs?.[view.viewer.id];
  return {
    view,
    goal: plain(goal),
    session: session && plain(session),
    pair: pair === undefined ? null : plain(pair),
    receiver_runs: runs.map((run) => ({
      receiver: run.receiver,
      event_id: run.event_id,
      status: run.status,
      reason: run.reason ?? null,
      error: run.error ?? null,
      attempt: run.attempt,
      started: run.started.toISOString(),
      finished: run.finished?.toISOString() ?? null,
    })),
    ledger,
  };
}

/** What the goal's page shows beyond `goalDetail`. */
export interface GoalExtras {
  readonly effects: readonly EffectView[];
  readonly held_back: { readonly by: string; readonly reason: string; readonly at: string } | null;
  /** The live messages that this goal's receivers sent, as far as their runs say. */
  readonly pushes: readonly { readonly channel: string; readonly event: string; readonly at: string }[];
  readonly audit: readonly AuditView[];
  readonly timeline: Timeline;
}
