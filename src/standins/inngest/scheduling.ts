import type { RegisteredFunction } from "./catalog.ts";
import { durationMs, timeMs } from "./durations.ts";
import type { Engine } from "./engine.ts";
import { takeKey } from "./event-store.ts";
import { IDEMPOTENCY_MS, laneOf, rankShiftOf, refusalOf, singletonKeyOf } from "./flow-control.ts";
import { gather } from "./gathering.ts";
import { newUlid } from "./ids.ts";
import type { Run, StoredEvent } from "./model.ts";
import { insertRun, runsWithSingleton } from "./run-store.ts";
import { cancelled, finishRun, INVOKED } from "./runs.ts";
import { callFirst } from "./steps.ts";
import { addWait } from "./wait-store.ts";

/** What became of the wish to run a function: a run, a run later from gathered events, or none. */
export type Scheduled =
  | { kind: "run"; runId: string }
  | { kind: "gathered" }
  | { kind: "skipped"; reason: string };

function addTimeouts(engine: Engine, fn: RegisteredFunction, run: Run, nowMs: number): void {
  const start = fn.config.timeouts?.start;
  if (start === undefined) return;
  const dueMs = nowMs + (durationMs(start) ?? 0);
  const { id: runId, functionId } = run;
  engine.queue.add({
    kind: "run-timeout",
    runId,
    stepId: null,
    functionId,
    dueMs,
    rankMs: dueMs,
    lane: [],
    payload: "start",
  });
}

/**
 * Starts a run of a function from its events, past every limit on starting one. Part of the transaction under way.
 * @returns the run's id, or why the function's singleton option allows none
 */
export function startRunOf(
  engine: Engine,
  fn: RegisteredFunction,
  events: StoredEvent[],
  options: { cron?: string; originalRunId?: string; isBatch?: boolean },
  nowMs: number,
): Scheduled {
  const [first] = events;
  if (!first) return { kind: "skipped", reason: "there was no event" };
  const input = { event: first.payload };

  const singletonKey = singletonKeyOf(fn, input);
  if (singletonKey !== null) {
    for (const active of runsWithSingleton(engine.db, singletonKey)) {
      if (fn.config.singleton?.mode === "skip") return { kind: "skipped", reason: "another run is active" };
      finishRun(engine, active, cancelled("A newer run of this singleton function took its place"), nowMs);
    }
  }

  const dueMs = Math.max(nowMs, options.cron === undefined ? first.payload.ts : nowMs);
  const run: Run = {
    id: newUlid(nowMs),
    functionId: fn.id,
    status: "QUEUED",
    eventIds: events.map((event) => event.internalId),
    isBatch: options.isBatch ?? false,
    cron: options.cron ?? null,
    queuedMs: nowMs,
    startedMs: null,
    endedMs: null,
    output: null,
    isInvoked: events.some((event) => event.payload.name === INVOKED),
    originalRunId: options.originalRunId ?? null,
    singletonKey,
    lane: laneOf(fn, input),
    rankShiftMs: rankShiftOf(fn, input),
    isPlanned: false,
  };
  insertRun(engine.db, run);
  for (const { event, if: expression = null, timeout } of fn.config.cancel ?? []) {
    const expiresMs = timeout === undefined ? null : (timeMs(timeout, nowMs) ?? null);
    addWait(engine.db, { event, runId: run.id, stepId: null, expression, expiresMs });
  }
  addTimeouts(engine, fn, run, dueMs);
  callFirst(engine, run, dueMs);
  return { kind: "run", runId: run.id };
}

/**
 * Runs a function for an event as its options allow: not for an id or key seen within a day, not beyond its rate
 * limit, later when it debounces or takes events in batches. Part of the transaction under way.
 */
export function schedule(
  engine: Engine,
  fn: RegisteredFunction,
  event: StoredEvent,
  nowMs: number,
): Scheduled {
  const { payload, internalId } = event;
  if (payload.id !== internalId) {
    const isNew = takeKey(engine.db, fn.id, `event:${payload.id}`, nowMs, nowMs + IDEMPOTENCY_MS);
    if (!isNew) return { kind: "skipped", reason: "its event was seen" };
  }
  const reason = refusalOf(engine.db, fn, { event: payload }, nowMs);
  if (reason !== undefined) return { kind: "skipped", reason };
  const gathered = gather(engine, fn, event, nowMs);
  if (gathered.kind === "later") return { kind: "gathered" };
  return startRunOf(engine, fn, gathered.events, { isBatch: gathered.isBatch }, nowMs);
}
