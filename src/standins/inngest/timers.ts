import { nextCronMs } from "./cron.ts";
import type { Engine } from "./engine.ts";
import { ownEvent } from "./events.ts";
import { putEvent } from "./event-store.ts";
import { takeGathered } from "./gathering.ts";
import type { QueueItem, Run } from "./model.ts";
import { getRun, isOver } from "./run-store.ts";
import { cancelled, finishRun } from "./runs.ts";
import { startRunOf } from "./scheduling.ts";
import { settle } from "./steps.ts";

/** Events gathered for a function that is gone are looked at again this much later. */
const ABSENT_DELAY_MS = 60_000;

function tick(engine: Engine, item: QueueItem, nowMs: number): void {
  const { functionId, payload: schedule } = item;
  engine.queue.drop(item.id);
  const fn = engine.catalog.byId(functionId);
  if (!fn || schedule === null) return;
  const event = ownEvent("inngest/scheduled.timer", { cron: schedule }, nowMs);
  putEvent(engine.db, event);
  startRunOf(engine, fn, [event], { cron: schedule }, nowMs);
  // Ticks that were missed while nothing ran come once, not all of them.
  const dueMs = nextCronMs(schedule, nowMs);
  if (dueMs === undefined) return;
  const { kind, runId, stepId, lane, payload } = item;
  engine.queue.add({ kind, runId, stepId, functionId, dueMs, rankMs: dueMs, lane, payload });
}

function runGathered(engine: Engine, item: QueueItem, nowMs: number): void {
  const fn = engine.catalog.byId(item.functionId);
  if (!fn) return engine.queue.reschedule(item.id, { dueMs: nowMs + ABSENT_DELAY_MS });
  engine.queue.drop(item.id);
  const events = takeGathered(engine, item.functionId, item.payload ?? "");
  startRunOf(engine, fn, events, { isBatch: item.kind === "batch" }, nowMs);
  return undefined;
}

function wake(engine: Engine, run: Run, item: QueueItem, nowMs: number): void {
  const id = item.stepId ?? "";
  switch (item.kind) {
    case "sleep":
      return settle(engine, run, { id, op: "Sleep", outcome: { data: null } }, nowMs);
    case "wait-timeout":
      return settle(engine, run, { id, op: "WaitForEvent", outcome: { data: null } }, nowMs);
    case "invoke-timeout": {
      const message = "Timed out waiting for invoked function to complete";
      const error = { name: "InngestInvokeTimeoutError", message };
      return settle(engine, run, { id, op: "InvokeFunction", outcome: { error } }, nowMs);
    }
    case "run-timeout":
      if (item.payload === "start" && run.status !== "QUEUED") return undefined;
      return finishRun(engine, run, cancelled(`The run's ${item.payload} timeout was reached`), nowMs);
    case "call":
    case "step":
    case "cron":
    case "debounce":
    case "batch":
      throw new Error(`no timer: ${item.kind}`);
  }
}

/** Does what a timer was set for, and takes it out of the queue, in one transaction. */
export function fireTimer(engine: Engine, item: QueueItem, nowMs: number): void {
  engine.db.transaction(() => {
    if (item.kind === "cron") return tick(engine, item, nowMs);
    if (item.kind === "debounce" || item.kind === "batch") return runGathered(engine, item, nowMs);
    engine.queue.drop(item.id);
    const run = item.runId === null ? undefined : getRun(engine.db, item.runId);
    if (run && !isOver(run.status)) wake(engine, run, item, nowMs);
    return undefined;
  });
}
