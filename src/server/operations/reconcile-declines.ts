import { goalEnded, type GoalEnded, goalEndedId, goalEndedRetry, reconcileId } from "#src/contract/events.ts";
import { ProblemError } from "#src/contract/problems.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import {
  decideMending,
  isComplete,
  looksAfter_ms,
  type Mending,
  patience_ms,
} from "#src/domain/reconciliation.ts";
import { type EndedGoal, findEndedAfter, findLastEnded } from "../data/endings.ts";
import { findGoal } from "../data/goals.ts";
import {
  addStragglers,
  dropStraggler,
  findDueStragglers,
  findWalk,
  keepWalk,
  postponeStraggler,
  receiversReached,
  type StragglerDocument,
} from "../data/reconciliation.ts";
import type { Services } from "../services.ts";
import { mendCooldown, signalOfEndedGoal } from "./end-goal.ts";
import { sendConfirmed } from "./send-confirmed.ts";

/** How many ended goals are looked at in one go: some thousand runs, within which nobody else has to wait for long. */
const batch = 100;
/** How many goals are mended in a minute, so that live declines go first however much was lost. */
const mendedAtOnce = 100;
/** How far the walk stays behind: an end that was written late, or by a slow clock, comes before it all the same. */
const walkStaysBehind_ms = 10 * 60_000;

/**
 * Looks at the goals that ended last, however long ago: what is lost is noticed within a minute or two. On a day with
 * more ends than one look takes in, the rest is the walk's.
 */
export async function lookAtLast(services: Services): Promise<void> {
  const { db, clock } = services;
  const last = await findLastEnded(db, new Date(clock().getTime() - looksAfter_ms), 2 * batch);
  for (const goals of [last.slice(0, batch), last.slice(batch)]) await note(services, goals);
}

/**
 * Walks on over all goals that ever ended, in the order of their ends, and looks at each once. It goes on where it was:
 * after an outage, however long, nothing was left out. Says whether there is more.
 */
export async function walkOn(services: Services): Promise<boolean> {
  const { db, clock } = services;
  const before = new Date(clock().getTime() - walkStaysBehind_ms);
  const goals = await findEndedAfter(db, { before, after: await findWalk(db), limit: batch });
  await note(services, goals);
  const last = goals.at(-1);
  // What is missing has been noted: from here on the walk need not remember it.
  if (last !== undefined) await keepWalk(db, { at: last.deactivated.at, id: last._id });
  return goals.length === batch;
}

/** Notes those of the goals of which something is missing. */
async function note({ db, clock }: Services, goals: readonly EndedGoal[]): Promise<void> {
  if (goals.length === 0) return;
  const reached = await receiversReached(
    db,
    goals.map(({ _id }) => _id),
  );
  const incomplete = goals.filter(
    ({ _id, deactivated, metadata }) =>
      !isComplete({
        reason: deactivated.reason,
        hasCooldown: metadata.cooldown != null,
        reached: reached.get(_id.toHexString()) ?? new Set(),
      }),
  );
  await addStragglers(
    db,
    incomplete.map(({ _id }) => _id),
    clock(),
  );
}

/**
 * Does what is due for the goals that were noted: the cooldown that was never written, then the signal, or only for the
 * receivers whom it has not reached. Whoever dies in between does the same again, under the same ids. What fails comes
 * again later, behind the others. Throws `unavailable` when Inngest has not confirmed in time.
 */
export async function mendStragglers(services: Services): Promise<void> {
  const { db, clock, log } = services;
  for (const straggler of await findDueStragglers(db, clock(), mendedAtOnce)) {
    try {
      await mend(services, straggler);
    } catch (error) {
      const goal_id = straggler._id.toHexString();
      log.error({ err: error, goal_id }, "the signal of a goal's end could not be mended");
      const due = new Date(clock().getTime() + patience_ms);
      await postponeStraggler(db, straggler._id, { due, sent: false });
      if (error instanceof ProblemError) throw error;
    }
  }
}

async function mend(services: Services, straggler: StragglerDocument): Promise<void> {
  const { db, clock, log } = services;
  const { _id, since, sends } = straggler;
  const goalId = _id.toHexString();
  const ended = await findGoal(db, goalId);
  if (ended !== null) await mendCooldown(services, ended);
  const goal = await findGoal(db, goalId);
  const signal = goal && signalOfEndedGoal(goal);
  // There is no such end any more: nobody can miss its signal.
  if (goal?.deactivated === undefined || signal === null) return dropStraggler(db, _id);

  const reached = (await receiversReached(db, [_id])).get(goalId) ?? new Set<ReceiverId>();
  const now = clock().getTime();
  const mending = decideMending(reached, { since: since.getTime(), sends, now });
  switch (mending.kind) {
    case "complete":
      return dropStraggler(db, _id);
    case "wait":
      return postponeStraggler(db, _id, { due: new Date(mending.until), sent: false });
    case "signal":
    case "retry":
      log.warn({ goal_id: goalId, reached: reached.size }, "the signal of a goal's end is sent again");
      await sendConfirmed(services, eventsOf(signal, goal.deactivated.event_id, mending));
      return postponeStraggler(db, _id, { due: new Date(now + patience_ms), sent: true });
  }
}

/** The events of a mending. Each has an id that is the same however often this is decided. */
function eventsOf(
  signal: GoalEnded,
  endedBy: string,
  mending: Extract<Mending, { kind: "signal" | "retry" }>,
) {
  const { goal_id } = signal;
  return mending.kind === "signal"
    ? [goalEnded.create(signal, { id: goalEndedId(goal_id, endedBy, mending.resend) })]
    : mending.receivers.map((receiver) =>
        goalEndedRetry.create({ ...signal, receiver }, { id: reconcileId(goal_id, receiver, mending.n) }),
      );
}
