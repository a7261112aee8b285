import { toRunError, type Operation } from "./answers.ts";
import { retryAfterMs } from "./backoff.ts";
import { timeMs } from "./durations.ts";
import type { Engine } from "./engine.ts";
import { ownEvent, takeIn } from "./events.ts";
import { expressionProblem } from "./expressions.ts";
import {
  isJsonObject,
  type JsonObject,
  type QueueItem,
  type QueueKind,
  type Run,
  type RunError,
  type StepOutcome,
} from "./model.ts";
import { isOver, getRun, planRun, planStep } from "./run-store.ts";
import { finishRun, INVOKED } from "./runs.ts";
import { goOn, saveStep } from "./steps.ts";
import { addWait } from "./wait-store.ts";

/** The furthest that a step may wait into the future. */
const MAX_WAIT_MS = 366 * 86_400_000;

/** A function's wish that cannot be done: its run fails with these words. */
class ImpossibleError extends Error {
  override readonly name: string;
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const labelOf = (op: Operation): string => op.displayName ?? op.name ?? op.id;

/** Stores an operation that is a finished step; whether it was not stored before. */
export function saveOperation(
  engine: Engine,
  run: Run,
  op: Operation,
  outcome: StepOutcome,
  nowMs: number,
): boolean {
  const type = op.opts?.["type"];
  const startedMs = op.timing ? Math.round(op.timing.a / 1e6) : nowMs;
  return saveStep(engine, run, {
    id: op.id,
    outcome,
    name: labelOf(op),
    op: typeof type === "string" ? type : "StepRun",
    startedMs,
    endedMs: op.timing ? startedMs + Math.round(op.timing.b / 1e6) : nowMs,
  });
}

function dueOf(op: Operation, text: unknown, nowMs: number): number {
  const dueMs = typeof text === "string" ? timeMs(text, nowMs) : undefined;
  if (dueMs === undefined) {
    throw new ImpossibleError(
      "Error",
      `${op.op} "${labelOf(op)}" has no time that can be read: ${String(text)}`,
    );
  }
  if (dueMs > nowMs + MAX_WAIT_MS) {
    throw new ImpossibleError(
      "InngestErrTimeoutTooLong",
      `${op.op} "${labelOf(op)}" is further away than 366 days`,
    );
  }
  return dueMs;
}

function add(engine: Engine, run: Run, kind: QueueKind, stepId: string, dueMs: number): void {
  const { id: runId, functionId, lane } = run;
  const rankMs = run.queuedMs + run.rankShiftMs;
  engine.queue.add({ kind, runId, stepId, functionId, dueMs, rankMs, lane, payload: null });
}

function wait(engine: Engine, run: Run, op: Operation, nowMs: number): void {
  const condition = op.opts?.["if"];
  const expression = typeof condition === "string" ? condition : null;
  const problem = expression === null ? undefined : expressionProblem(expression);
  if (problem !== undefined) {
    throw new ImpossibleError("CompileError", `the expression \`${expression}\` is invalid: ${problem}`);
  }
  const expiresMs = dueOf(op, op.opts?.["timeout"], nowMs);
  addWait(engine.db, { event: op.name ?? "", runId: run.id, stepId: op.id, expression, expiresMs });
  add(engine, run, "wait-timeout", op.id, expiresMs);
}

function invoke(engine: Engine, run: Run, op: Operation, nowMs: number): void {
  const { function_id: target, payload, timeout } = op.opts ?? {};
  const given = isJsonObject(payload) ? payload : {};
  const { data, v, meta } = given;
  const own = isJsonObject(data) ? data : {};
  const _inngest: JsonObject = {
    fn_id: target ?? "",
    correlation_id: `${run.id}.${op.id}`,
    name: labelOf(op),
    source_fn_id: engine.catalog.byId(run.functionId)?.uuid ?? "",
  };
  const event = ownEvent(INVOKED, { ...own, _inngest }, nowMs);
  if (typeof v === "string") event.payload["v"] = v;
  if (meta !== undefined) event.payload["meta"] = meta;
  if (timeout !== undefined && timeout !== null) {
    add(engine, run, "invoke-timeout", op.id, dueOf(op, timeout, nowMs));
  }
  takeIn(engine, event, nowMs);
}

/** Plans a step that is not there yet, and sees to it that it is settled some time. */
function plan(engine: Engine, run: Run, op: Operation, nowMs: number): void {
  const step = { runId: run.id, id: op.id, name: labelOf(op), op: op.op, nowMs };
  if (!planStep(engine.db, step)) return;
  switch (op.op) {
    case "StepPlanned":
      add(engine, run, "step", op.id, nowMs);
      return;
    case "Sleep":
      add(engine, run, "sleep", op.id, dueOf(op, op.name ?? "", nowMs));
      return;
    case "WaitForEvent":
      wait(engine, run, op, nowMs);
      return;
    case "InvokeFunction":
      invoke(engine, run, op, nowMs);
      return;
    default:
      throw new ImpossibleError(
        "NotSupportedError",
        `the operation ${op.op} ("${labelOf(op)}") is not supported by the local Inngest server`,
      );
  }
}

/** An error that asks for the same item again. */
export interface Retry {
  error: RunError;
  dueMs: number | undefined;
}

/**
 * Does what a function's answer asks for, in the transaction under way, and takes its item out of the queue.
 * @returns an error when the item is to be tried again instead (what else the answer said is kept)
 */
export function applyOperations(
  engine: Engine,
  run: Run,
  item: QueueItem,
  answer: { operations: Operation[]; isRacing: boolean; retryAfter: string | undefined },
  nowMs: number,
): Retry | undefined {
  const { operations, isRacing, retryAfter } = answer;
  const isLastAttempt = item.attempt + 1 >= (engine.catalog.byId(run.functionId)?.maxAttempts ?? 1);
  let retry: Retry | undefined;
  let wasSettled = false;
  if (operations.some((op) => op.opts?.["parallelMode"] === "race") || (isRacing && operations.length > 1)) {
    planRun(engine.db, run.id);
    run.isPlanned = true;
  }
  try {
    for (const op of operations) {
      if (op.op === "Step" || op.op === "StepRun") {
        wasSettled = saveOperation(engine, run, op, { data: op.data ?? null }, nowMs) || wasSettled;
      } else if (op.op === "StepFailed" || (op.op === "StepError" && isLastAttempt)) {
        const error = toRunError(op.error) as JsonObject;
        wasSettled = saveOperation(engine, run, op, { error }, nowMs) || wasSettled;
      } else if (op.op === "StepError") {
        retry = { error: toRunError(op.error), dueMs: retryAfterMs(retryAfter, nowMs) };
      } else if (op.op === "RunComplete") {
        finishRun(engine, run, { status: "COMPLETED", result: op.data ?? null }, nowMs);
      } else if (op.op !== "DiscoveryRequest") {
        plan(engine, run, op, nowMs);
      }
    }
  } catch (error) {
    if (!(error instanceof ImpossibleError)) throw error;
    const { name, message } = error;
    finishRun(engine, run, { status: "FAILED", error: { name, message } }, nowMs);
    engine.log(`${run.functionId} failed: ${message}`);
  }
  const after = getRun(engine.db, run.id);
  if (!after || isOver(after.status)) return undefined;
  if (retry) return retry;
  engine.queue.drop(item.id);
  goOn(engine, after, wasSettled, nowMs);
  return undefined;
}
