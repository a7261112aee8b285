import { makeRequestWriter } from "./app-request.ts";
import { makeAppClient, type Reply } from "./app-client.ts";
import { judge } from "./answers.ts";
import { backoffMs, retryAfterMs } from "./backoff.ts";
import type { RegisteredFunction } from "./catalog.ts";
import { durationMs } from "./durations.ts";
import type { Engine } from "./engine.ts";
import type { QueueItem, Run, RunError } from "./model.ts";
import { applyOperations } from "./operations.ts";
import { getRun, isOver, startRun } from "./run-store.ts";
import { finishRun } from "./runs.ts";
import { sign } from "./signature.ts";

/** Calls the functions of apps and does what they answer. */
export interface Executor {
  /** Carries out a queue item that calls an app. */
  call(item: QueueItem): Promise<void>;
  /** Whether a checkpoint comes from the request that is under way for a queue item, not from an older one. */
  isCurrent(itemId: string, generation: number | undefined): boolean;
  close(): void;
}

/** Makes the executor. With a signing key requests are signed, and signed answers checked. */
export function makeExecutor(
  engine: Engine,
  options: { signingKey: string | undefined; maxInFlight: number },
): Executor {
  const { signingKey, maxInFlight } = options;
  const client = makeAppClient(maxInFlight);
  const writeRequest = makeRequestWriter(engine);
  const generations = new Map<number, number>();
  /** Apps that could not be reached when last called: said once, not for every run. */
  const awayApps = new Set<string>();
  let lastGeneration = Date.now() * 1000;
  let isClosed = false;

  function begin(fn: RegisteredFunction, run: Run, nowMs: number): void {
    engine.db.transaction(() => {
      startRun(engine.db, run.id, nowMs);
      const finish = fn.config.timeouts?.finish;
      if (finish === undefined) return;
      const dueMs = nowMs + (durationMs(finish) ?? 0);
      const { id: runId, functionId } = run;
      const item = { kind: "run-timeout" as const, runId, stepId: null, functionId, dueMs, rankMs: dueMs };
      engine.queue.add({ ...item, lane: [], payload: "finish" });
    });
  }

  function send(fn: RegisteredFunction, run: Run, item: QueueItem): Promise<Reply> {
    const url = new URL(fn.config.steps.step.runtime.url);
    url.searchParams.set("fnId", fn.id);
    url.searchParams.set("stepId", item.stepId ?? "step");
    const { sent, signed } = writeRequest(fn, run, item);
    lastGeneration += 1;
    generations.set(item.id, lastGeneration);
    const headers = {
      "content-type": "application/json",
      "user-agent": "goalkeeper-inngest-standin",
      "x-inngest-server-kind": signingKey === undefined ? "dev" : "cloud",
      "x-run-id": run.id,
      "x-request-id": `${run.id}.${item.id}.${item.attempt}`,
      "x-inngest-generation-id": String(lastGeneration),
      ...(signingKey === undefined ? {} : { "x-inngest-signature": sign(signingKey, signed, Date.now()) }),
    };
    return client.post(url.href, headers, sent);
  }

  function retry(run: Run, item: QueueItem, error: RunError, dueMs: number | undefined, nowMs: number): void {
    const wait = backoffMs(item.attempt, engine.retryScale, Math.random());
    engine.queue.reschedule(item.id, { dueMs: dueMs ?? nowMs + wait, attempt: item.attempt + 1 });
    engine.log(`${run.functionId} attempt ${item.attempt + 1} failed, comes again: ${error.message}`);
  }

  /** The app is not there: the item keeps its attempt and comes again, at the latest when the app registers. */
  function wait(appId: string, run: Run, item: QueueItem, reason: string, sentMs: number): void {
    const isBack = engine.catalog.registeredMs(appId) >= sentMs;
    const waitMs = isBack ? 0 : backoffMs(item.away, engine.retryScale, Math.random());
    const dueMs = Date.now() + waitMs;
    engine.queue.reschedule(item.id, { dueMs, away: item.away + 1 });
    if (awayApps.has(appId)) return;
    awayApps.add(appId);
    engine.log(`${run.functionId} and what follows waits for the app ${appId}: ${reason}`);
  }

  function handle(fn: RegisteredFunction, item: QueueItem, reply: Reply, sentMs: number): void {
    const nowMs = Date.now();
    const run = item.runId === null ? undefined : getRun(engine.db, item.runId);
    if (!run || isOver(run.status)) return engine.queue.drop(item.id);
    if (reply.kind === "away") return wait(fn.appId, run, item, reply.reason, sentMs);
    awayApps.delete(fn.appId);
    const verdict = judge(reply, signingKey, nowMs);
    switch (verdict.kind) {
      case "result":
        return finishRun(engine, run, { status: "COMPLETED", result: verdict.result }, nowMs);
      case "operations": {
        const again = applyOperations(engine, run, item, verdict, nowMs);
        if (again) retry(run, item, again.error, again.dueMs, nowMs);
        return undefined;
      }
      case "error": {
        const { error, isFinal, retryAfter } = verdict;
        if (!isFinal && item.attempt + 1 < fn.maxAttempts) {
          return retry(run, item, error, retryAfterMs(retryAfter, nowMs), nowMs);
        }
        engine.log(`${run.functionId} failed: ${error.message}`);
        return finishRun(engine, run, { status: "FAILED", error }, nowMs);
      }
    }
  }

  return {
    async call(item) {
      const run = item.runId === null ? undefined : getRun(engine.db, item.runId);
      const fn = engine.catalog.byId(item.functionId);
      if (!run || isOver(run.status)) return engine.queue.drop(item.id);
      // The function went away meanwhile: back into the queue, which holds it until it is registered again.
      if (!fn) return engine.queue.reschedule(item.id, { dueMs: Date.now() });
      if (run.status === "QUEUED") begin(fn, run, Date.now());
      const sentMs = Date.now();
      const reply = await send(fn, run, item);
      generations.delete(item.id);
      if (isClosed) return undefined;
      engine.db.transaction(() => handle(fn, item, reply, sentMs));
      return undefined;
    },
    isCurrent(itemId, generation) {
      const current = generations.get(Number(itemId));
      return current !== undefined && (generation === undefined || generation === current);
    },
    close() {
      isClosed = true;
      client.close();
    },
  };
}
