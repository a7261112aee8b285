import type { Engine } from "./engine.ts";
import { getEvent } from "./event-store.ts";
import {
  isJsonObject,
  type EventPayload,
  type Json,
  type JsonObject,
  type Run,
  type RunError,
  type RunStatus,
} from "./model.ts";
import { endRun, getRun } from "./run-store.ts";
import { settle } from "./steps.ts";
import { dropRunWaits, isAwaited } from "./wait-store.ts";

const FAILED = "inngest/function.failed";
const FINISHED = "inngest/function.finished";
const CANCELLED = "inngest/function.cancelled";
/** The event by which one function calls another. */
export const INVOKED = "inngest/function.invoked";

/** How a run ends. */
export type RunEnd =
  | { status: "COMPLETED"; result: Json }
  | { status: "FAILED"; error: RunError }
  | { status: "CANCELLED"; error: RunError };

/** The events of a run as its function sees them. */
export function payloadsOf(engine: Engine, run: Run): EventPayload[] {
  return run.eventIds.flatMap((id) => getEvent(engine.db, id)?.payload ?? []);
}

/** The run and step that an invocation event answers to. */
function invokerOf(event: EventPayload): { runId: string; stepId: string } | undefined {
  if (event.name !== INVOKED) return undefined;
  const meta = event.data["_inngest"];
  const correlation = isJsonObject(meta) ? meta["correlation_id"] : undefined;
  const [runId, stepId] = typeof correlation === "string" ? correlation.split(".") : [];
  return runId !== undefined && stepId !== undefined ? { runId, stepId } : undefined;
}

/** Tells the step that invoked by this event how it went. */
export function answerInvoker(engine: Engine, event: EventPayload, end: RunEnd, nowMs: number): void {
  const invoker = invokerOf(event);
  const parent = invoker && getRun(engine.db, invoker.runId);
  if (!invoker || !parent) return;
  const outcome = end.status === "COMPLETED" ? { data: end.result } : { error: end.error as JsonObject };
  settle(engine, parent, { id: invoker.stepId, op: "InvokeFunction", outcome }, nowMs);
}

function announce(engine: Engine, run: Run, events: EventPayload[], end: RunEnd): void {
  const [event] = events;
  // The end of a handler of an end is not announced: that would never stop.
  if (!event || event.name === FAILED || event.name === FINISHED) return;
  const data: JsonObject = {
    function_id: run.functionId,
    run_id: run.id,
    event,
    events,
    ...(end.status === "COMPLETED" ? { result: end.result } : { error: end.error as JsonObject }),
    _inngest: { status: end.status.charAt(0) + end.status.slice(1).toLowerCase() },
  };
  const isHeard = engine.catalog.byEvent(FINISHED).length > 0 || isAwaited(engine.db, FINISHED);
  // Nobody else sees these: they are kept only where somebody hears them, ends that need care always.
  if (isHeard) engine.emit({ name: FINISHED, id: `${run.id}.finished`, data });
  if (end.status === "FAILED") engine.emit({ name: FAILED, id: run.id, data });
  if (end.status === "CANCELLED") engine.emit({ name: CANCELLED, id: run.id, data });
}

/**
 * Ends a run, once: what was queued or waiting for it is gone, who invoked it is told, and its end is announced as
 * the real service does (`inngest/function.failed` and its like). Part of the transaction under way.
 */
export function finishRun(engine: Engine, run: Run, end: RunEnd, nowMs: number): void {
  engine.db.transaction(() => {
    const output = JSON.stringify(end.status === "COMPLETED" ? end.result : end.error);
    if (!endRun(engine.db, run.id, end.status satisfies RunStatus, output, nowMs)) return;
    engine.queue.dropRun(run.id);
    dropRunWaits(engine.db, run.id);
    const isHeard = engine.catalog.byEvent(FINISHED).length > 0 || isAwaited(engine.db, FINISHED);
    if (end.status === "COMPLETED" && !run.isInvoked && !isHeard) return;
    const events = payloadsOf(engine, run);
    if (run.isInvoked) for (const event of events) answerInvoker(engine, event, end, nowMs);
    announce(engine, run, events, end);
  });
}

/** The end of a run that somebody or something cancelled. */
export function cancelled(reason: string): RunEnd {
  return { status: "CANCELLED", error: { name: "RunCancelled", message: reason } };
}
