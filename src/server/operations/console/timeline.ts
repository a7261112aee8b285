import { goalDeactivate, goalEnded, goalEndedId, goalEndedRetry } from "#src/contract/events.ts";
import type { ReceiverId, ReceiverStatus } from "#src/contract/receivers.ts";
import { ProblemError } from "#src/contract/problems.ts";
import { findDeactivation } from "../../data/deactivation-runs.ts";
import type { DeactivationRunDocument, GoalDocument, ReceiverRunDocument } from "../../data/documents.ts";
import { runsOfGoal } from "../../data/receiver-runs.ts";
import { findInngestRun, type InngestRun } from "../../gateways/inngest-api.ts";
import type { Services } from "../../services.ts";

/** One bar of the waterfall. Times are ISO 8601; `end` is null while it goes on. */
interface Bar {
  readonly kind: "request" | "task" | "signal" | "receiver" | "retry";
  readonly name: string;
  readonly receiver: ReceiverId | null;
  readonly status: ReceiverStatus;
  readonly start: string;
  readonly end: string | null;
  readonly attempts: number;
  readonly reason: string | null;
  readonly error: string | null;
  readonly event_id: string | null;
  readonly run_id: string | null;
  /** What our own records say went in; the steps are Inngest's to tell. */
  readonly input: unknown;
}

/** The whole decline by our own records: from the request to the last receiver. */
export interface Timeline {
  readonly bars: readonly Bar[];
}

type Ended = GoalDocument & Required<Pick<GoalDocument, "deactivated">>;

/**
 * The decline of one goal, as far as our records tell: the request from its event to the task's beginning, the task to
 * the signal, the signal to its first receiver, then every run of a receiver in the order in which they began. A goal
 * from before the task kept a record has no request, and its task is known by its write alone. Empty for a goal that
 * nobody has ended and no receiver has heard of.
 */
export function timelineOf(
  goal: GoalDocument,
  record: DeactivationRunDocument | null,
  runs: readonly ReceiverRunDocument[],
): Timeline {
  const signalId =
    goal.deactivated == null ? null : goalEndedId(goal._id.toHexString(), goal.deactivated.event_id);
  return {
    bars: [
      ...(isEnded(goal) ? beginning(goal, record, firstOf(runs, signalId)) : []),
      ...runs.map((run) => barOfRun(goal, run, run.event_id === signalId)),
    ],
  };
}

const isEnded = (goal: GoalDocument): goal is Ended => goal.deactivated != null;
const firstOf = (runs: readonly ReceiverRunDocument[], eventId: string | null) =>
  runs.find(({ event_id }) => event_id === eventId);

const plainBar = { receiver: null, attempts: 1, reason: null, error: null, run_id: null } as const;

/** The request, the task and the signal. Without a record only what the goal and its first receiver say is told. */
function beginning(
  goal: Ended,
  record: DeactivationRunDocument | null,
  first: ReceiverRunDocument | undefined,
): Bar[] {
  const { deactivated } = goal;
  const event_id = deactivated.event_id;
  const goal_id = goal._id.toHexString();
  const input = { goal_id, triggerer: deactivated.by.toHexString(), reason: deactivated.reason };
  const written = deactivated.at.toISOString();
  const signalled = record?.signalled.toISOString() ?? (first === undefined ? null : written);
  const started = record?.started.toISOString() ?? written;
  const task: Bar = {
    ...plainBar,
    kind: "task",
    name: "deactivate_goal",
    status: signalled === null ? "running" : "done",
    start: started,
    end: signalled,
    event_id,
    run_id: record?.run_id ?? null,
    input,
  };
  return [
    ...(record === null
      ? []
      : [
          {
            ...plainBar,
            kind: "request" as const,
            name: goalDeactivate.name,
            status: "done" as const,
            start: record.requested.toISOString(),
            end: started,
            event_id,
            input,
          },
        ]),
    task,
    ...(signalled === null
      ? []
      : [
          {
            ...plainBar,
            kind: "signal" as const,
            name: goalEnded.name,
            status: first === undefined ? ("running" as const) : ("done" as const),
            start: signalled,
            end: first?.started.toISOString() ?? null,
            event_id: goalEndedId(goal_id, event_id),
            input: argsOf(goal),
          },
        ]),
  ];
}

function barOfRun(goal: GoalDocument, run: ReceiverRunDocument, original: boolean): Bar {
  return {
    kind: original ? "receiver" : "retry",
    name: run.receiver,
    receiver: run.receiver,
    status: run.status,
    start: run.started.toISOString(),
    end: run.finished?.toISOString() ?? null,
    attempts: run.attempt + 1,
    reason: run.reason ?? null,
    error: run.error ?? null,
    event_id: run.event_id,
    run_id: run.run_id ?? null,
    input: {
      event: run.event_id.startsWith(`${goalEndedRetry.name}:`) ? goalEndedRetry.name : goalEnded.name,
      ...argsOf(goal),
    },
  };
}

/** Of the signal's args those that receivers decide by. The whole of them is in the goal's document. */
const argsOf = (goal: GoalDocument) => ({
  goal_id: goal._id.toHexString(),
  session_id: goal.conditions.session_id.toHexString(),
  user_id: goal.metadata.user_id.toHexString(),
  exclusive_to: goal.conditions.exclusive_to.toHexString(),
  exp: goal.exp.toISOString(),
  reason: goal.deactivated?.reason ?? null,
  cooldown: goal.metadata.cooldown?.toISOString() ?? null,
});

/**
 * Asks Inngest of one run of this goal. Throws `goal_not_found` for a run that is none of this goal's: nothing is told
 * of other runs.
 */
export async function inngestRun(services: Services, goalId: string, runId: string): Promise<InngestRun> {
  const [task, runs] = await Promise.all([
    findDeactivation(services.db, goalId),
    runsOfGoal(services.db, goalId),
  ]);
  if (![task, ...runs].some((run) => run?.run_id === runId)) throw new ProblemError("goal_not_found");
  return await findInngestRun(services.settings, runId);
}
