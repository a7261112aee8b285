import type { Engine } from "./engine.ts";
import type { Run, StepOutcome } from "./model.ts";
import { isOver, pendingSteps, settleStepRow } from "./run-store.ts";
import { dropStepWait } from "./wait-store.ts";

/** Asks the app, as soon as may be, to go on with a run. One such request that has not been sent yet is enough. */
function callAgain(engine: Engine, run: Run, dueMs: number): void {
  if (!engine.queue.hasUnsentCall(run.id)) callFirst(engine, run, dueMs);
}

/** Asks the app to begin with a run. */
export function callFirst(engine: Engine, run: Run, dueMs: number): void {
  engine.queue.add({
    kind: "call",
    runId: run.id,
    stepId: null,
    functionId: run.functionId,
    dueMs,
    rankMs: run.queuedMs + run.rankShiftMs,
    lane: run.lane,
    payload: null,
  });
}

/** What became of a step, for the run's record. */
export interface SettledStep {
  id: string;
  outcome: StepOutcome;
  name: string;
  op: string;
  startedMs: number;
  endedMs: number;
}

/**
 * Stores what became of a step and forgets what it waited for. The first outcome stays; a run that is over takes none.
 * @returns whether this was the first
 */
export function saveStep(engine: Engine, run: Run, step: SettledStep): boolean {
  if (isOver(run.status)) return false;
  const isFirst = settleStepRow(engine.db, { runId: run.id, ...step });
  dropStepWait(engine.db, run.id, step.id);
  engine.queue.dropStep(run.id, step.id);
  return isFirst;
}

/**
 * Goes on with a run: when no step is pending, and in a run whose branches race after each step that was settled.
 */
export function goOn(engine: Engine, run: Run, wasSettled: boolean, nowMs: number): void {
  if ((run.isPlanned && wasSettled) || pendingSteps(engine.db, run.id) === 0) callAgain(engine, run, nowMs);
}

/** Settles a step that the server itself has waited for (a sleep, an event, another run), and goes on. */
export function settle(
  engine: Engine,
  run: Run,
  step: { id: string; name?: string; op: string; outcome: StepOutcome },
  nowMs: number,
): void {
  const { id, op, outcome, name = id } = step;
  if (saveStep(engine, run, { id, op, outcome, name, startedMs: nowMs, endedMs: nowMs })) {
    goOn(engine, run, true, nowMs);
  }
}
