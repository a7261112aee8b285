import { goalEndedTargets } from "#src/contract/channels.ts";
import { goalEnded } from "#src/contract/events.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { ProblemError } from "#src/contract/problems.ts";
import type { ReceiverId, ReceiverStatus } from "#src/contract/receivers.ts";
import type { Transfer } from "#src/domain/ledger.ts";
import { summarise } from "#src/domain/summary.ts";
import { listAuditEntries } from "../../data/audit-lists.ts";
import { bulkIdsOfGoal } from "../../data/bulk.ts";
import { findDeactivation } from "../../data/deactivation-runs.ts";
import type { GoalDocument, ReceiverRunDocument } from "../../data/documents.ts";
import { readSummaryFacts, summaryDocument } from "../../data/goal-summaries.ts";
import { findGoal, goalFacts } from "../../data/goals.ts";
import { transfersOf } from "../../data/ledger.ts";
import { runsOfGoal } from "../../data/receiver-runs.ts";
import { findRefundHold } from "../../data/refund-holds.ts";
import { findSession } from "../../data/sessions.ts";
import { findAccounts } from "../../data/users.ts";
import type { Services } from "../../services.ts";
import { type GoalView, viewGoals } from "../goal-view.ts";
import { personOf } from "../people.ts";
import { type AuditView, viewAudit } from "./audit-list.ts";
import { viewEffects } from "./effects.ts";
import type { EffectView } from "./goal-list.ts";
import { type Timeline, timelineOf } from "./timeline.ts";

/** One receiver's run, as moderators see it. Times are ISO 8601, `attempt` counts from 0. */
interface ReceiverRunView {
  readonly receiver: ReceiverId;
  readonly event_id: string;
  /** Inngest's own id of the run; null where it never told. */
  readonly run_id: string | null;
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

/** What the goal's page shows beyond `GoalDetail`. */
export interface GoalExtras {
  readonly effects: readonly EffectView[];
  /** By whom, by name. */
  readonly held_back: { readonly by: string; readonly reason: string; readonly at: string } | null;
  /** The live messages that this goal's receivers sent, as far as their runs say. */
  readonly pushes: readonly { readonly channel: string; readonly event: string; readonly at: string }[];
  /** What was done to it by hand, alone or among many, the newest first. */
  readonly audit: readonly AuditView[];
  readonly timeline: Timeline;
}

/** How much of a long history one page shows. */
const auditLimit = 100;
const bulkLimit = 20;

const plain = (document: object) => JSON.parse(JSON.stringify(document)) as Json;

/** One goal for moderators. Throws `goal_not_found`. */
export async function goalDetail(services: Services, goalId: string): Promise<GoalDetail & GoalExtras> {
  const { db } = services;
  const goal = await findGoal(db, goalId);
  if (goal === null) throw new ProblemError("goal_not_found");
  const [[view], session, runs, ledger, deactivation, held_back, audit] = await Promise.all([
    viewGoals(services, [goal]),
    findSession(db, goal.conditions.session_id.toHexString()),
    runsOfGoal(db, goalId),
    transfersOf(db, escrowIdOf(goalId)),
    findDeactivation(db, goalId),
    heldBack(services, goal),
    auditOf(services, goalId),
  ]);
  if (view === undefined) throw new ProblemError("goal_not_found");
  const pair = session?.exclusive_goal_pairs?.[view.viewer.id];
  return {
    view,
    goal: plain(goal),
    session: session && plain(session),
    pair: pair === undefined ? null : plain(pair),
    receiver_runs: runs.map(viewRun),
    ledger,
    effects: await effectsOf(services, goal, view),
    held_back,
    pushes: pushesOf(goal, runs),
    audit,
    timeline: timelineOf(goal, deactivation, runs),
  };
}

const viewRun = (run: ReceiverRunDocument): ReceiverRunView => ({
  receiver: run.receiver,
  event_id: run.event_id,
  run_id: run.run_id ?? null,
  status: run.status,
  reason: run.reason ?? null,
  error: run.error ?? null,
  attempt: run.attempt,
  started: run.started.toISOString(),
  finished: run.finished?.toISOString() ?? null,
});

/** Only what a run has confirmed: hints to look again may be lost without anybody's hearing of it. */
const pushesOf = (goal: GoalDocument, runs: readonly ReceiverRunDocument[]) =>
  runs.flatMap(({ receiver, status, finished }) =>
    receiver === "notify_goal_ended" && status === "done" && finished !== undefined
      ? goalEndedTargets(goal.metadata.user_id.toHexString()).map((channel) => ({
          channel,
          event: goalEnded.name,
          at: finished.toISOString(),
        }))
      : [],
  );

async function heldBack({ db }: Services, goal: GoalDocument): Promise<GoalExtras["held_back"]> {
  const hold = await findRefundHold(db, goal._id.toHexString());
  if (hold === null) return null;
  const by = hold.by.toHexString();
  const accounts = await findAccounts(db, [by]);
  return { by: personOf(accounts, by).name, reason: hold.reason, at: hold.at.toISOString() };
}

/** The entries of the goal itself, and of the actions on many goals that it was part of. */
async function auditOf(services: Services, goalId: string): Promise<readonly AuditView[]> {
  const { db } = services;
  const bulkIds = await bulkIdsOfGoal(db, goalId, bulkLimit);
  const targets = [`goal:${goalId}`, ...bulkIds.map((id) => `bulk:${id}`)];
  const entries = await Promise.all(
    targets.map((target) => listAuditEntries(db, { target }, null, auditLimit)),
  );
  const newest = entries
    .flat()
    .toSorted((one, other) => other.at.getTime() - one.at.getTime())
    .slice(0, auditLimit);
  return await viewAudit(services, newest);
}

/** Each effect by what is written now, not by the lists' summary, which comes a moment later. */
async function effectsOf(
  { db, clock, settings }: Services,
  goal: GoalDocument,
  view: GoalView,
): Promise<EffectView[]> {
  const [facts] = await readSummaryFacts(db, [goal._id]);
  if (facts === undefined) return viewEffects(undefined, view);
  const about = { ...goalFacts(goal), goalId: view.goal_id, created: goal.created.getTime() };
  const at = { now: clock().getTime(), refundDelay_s: settings.REFUND_DELAY_SECONDS };
  const summary = summarise(about, facts.runs, facts.transfers, facts.held, at);
  return viewEffects(summaryDocument(facts, summary), view);
}
