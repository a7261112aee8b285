import type { RegisteredFunction } from "./catalog.ts";
import { durationMs } from "./durations.ts";
import type { Engine } from "./engine.ts";
import { getEvent } from "./event-store.ts";
import { holds, keyOf } from "./expressions.ts";
import type { StoredEvent } from "./model.ts";
import { number, text } from "./rows.ts";

/** Whether an event is kept for a later run, or which events to run with now. */
export type Gathered = { kind: "later" } | { kind: "now"; events: StoredEvent[]; isBatch: boolean };

interface Kept {
  queueId: number;
  sinceMs: number;
  eventIds: string[];
}

function keptFor(engine: Engine, functionId: string, key: string): Kept | undefined {
  const row = engine.db.get("SELECT * FROM gathered WHERE function_id = ? AND key = ?", functionId, key);
  return (
    row && {
      queueId: number(row, "queue_id"),
      sinceMs: number(row, "since_ms"),
      eventIds: JSON.parse(text(row, "event_ids")) as string[],
    }
  );
}

function keep(engine: Engine, functionId: string, key: string, kept: Kept): void {
  engine.db.run(
    `INSERT INTO gathered (function_id, key, queue_id, since_ms, event_ids) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (function_id, key) DO UPDATE SET queue_id = ?3, since_ms = ?4, event_ids = ?5`,
    functionId,
    key,
    kept.queueId,
    kept.sinceMs,
    JSON.stringify(kept.eventIds),
  );
}

/** Ends a gathering; its events in the order in which they came. */
export function takeGathered(engine: Engine, functionId: string, key: string): StoredEvent[] {
  const kept = keptFor(engine, functionId, key);
  engine.db.run("DELETE FROM gathered WHERE function_id = ? AND key = ?", functionId, key);
  if (kept) engine.queue.drop(kept.queueId);
  return (kept?.eventIds ?? []).flatMap((id) => getEvent(engine.db, id) ?? []);
}

function addTimer(
  engine: Engine,
  kind: "debounce" | "batch",
  functionId: string,
  key: string,
  dueMs: number,
) {
  return engine.queue.add({
    kind,
    runId: null,
    stepId: null,
    functionId,
    dueMs,
    rankMs: dueMs,
    lane: [],
    payload: key,
  });
}

/** Only the newest event counts, and the run waits until none has come for the period, at most for the timeout. */
function debounce(engine: Engine, fn: RegisteredFunction, event: StoredEvent, nowMs: number): Gathered {
  const options = fn.config.debounce;
  if (!options) return { kind: "now", events: [event], isBatch: false };
  const key = options.key === undefined ? "" : keyOf(options.key, { event: event.payload });
  const kept = keptFor(engine, fn.id, key);
  if (kept) engine.queue.drop(kept.queueId);
  const sinceMs = kept?.sinceMs ?? nowMs;
  const periodMs = durationMs(options.period) ?? 0;
  const timeoutMs = options.timeout === undefined ? undefined : durationMs(options.timeout);
  const dueMs = Math.min(nowMs + periodMs, timeoutMs === undefined ? Infinity : sinceMs + timeoutMs);
  const queueId = addTimer(engine, "debounce", fn.id, key, dueMs);
  keep(engine, fn.id, key, { queueId, sinceMs, eventIds: [event.internalId] });
  return { kind: "later" };
}

/**
 * Keeps an event for later where the function debounces or takes batches. A batch that is full runs now; one that is
 * not runs when its timer, from its first event on, is due.
 */
export function gather(engine: Engine, fn: RegisteredFunction, event: StoredEvent, nowMs: number): Gathered {
  const options = fn.config.batchEvents;
  if (!options) return debounce(engine, fn, event, nowMs);
  const input = { event: event.payload };
  if (options.if !== undefined && !holds(options.if, input)) {
    return { kind: "now", events: [event], isBatch: false };
  }
  const key = options.key === undefined ? "" : keyOf(options.key, input);
  const kept = keptFor(engine, fn.id, key);
  const eventIds = [...(kept?.eventIds ?? []), event.internalId];
  if (eventIds.length >= options.maxSize) {
    return { kind: "now", events: [...takeGathered(engine, fn.id, key), event], isBatch: true };
  }
  const sinceMs = kept?.sinceMs ?? nowMs;
  const dueMs = sinceMs + (durationMs(options.timeout) ?? 0);
  const queueId = kept?.queueId ?? addTimer(engine, "batch", fn.id, key, dueMs);
  keep(engine, fn.id, key, { queueId, sinceMs, eventIds });
  return { kind: "later" };
}
