import { z } from "zod";

import type { RegisteredFunction } from "./catalog.ts";
import type { Engine } from "./engine.ts";
import { putEvent } from "./event-store.ts";
import { holds } from "./expressions.ts";
import { HttpError, parseJson } from "./http.ts";
import { newUlid, seededUlid } from "./ids.ts";
import { isJsonObject, type EventPayload, type JsonObject, type StoredEvent } from "./model.ts";
import { getRun } from "./run-store.ts";
import { answerInvoker, cancelled, finishRun, INVOKED, payloadsOf } from "./runs.ts";
import { schedule } from "./scheduling.ts";
import { settle } from "./steps.ts";
import { waitsFor, type Wait } from "./wait-store.ts";

const MAX_NAME_LENGTH = 512;
const MAX_EVENT_BYTES = 3 * 1024 * 1024;
const MAX_EVENTS = 5000;
const EARLIEST_MS = Date.UTC(1980, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

// What JSON.parse gave is JSON: it is looked at, not copied, so that every key stays as it came.
const object = z.custom<JsonObject>(isJsonObject, "must be an object");
const sentEvent = z.object({
  id: z.string().nullish(),
  name: z
    .string()
    .min(1, "event name is empty")
    .max(MAX_NAME_LENGTH, "event name is too long")
    .refine((name) => !name.toLowerCase().startsWith("inngest/"), "event name is reserved for internal use"),
  data: object.nullish(),
  ts: z.int().nullish(),
  v: z.string().nullish(),
  user: object.nullish(),
  meta: object.nullish(),
});

function toPayload(sent: z.infer<typeof sentEvent>, internalId: string, nowMs: number): EventPayload {
  const { id, name, data, ts, v, user, meta } = sent;
  if (ts && (ts < EARLIEST_MS || ts > LATEST_MS)) {
    throw new HttpError(400, "timestamp is before Jan 1, 1980 or after Jan 1, 2100");
  }
  return {
    id: id || internalId,
    name,
    data: data ?? {},
    ts: ts || nowMs,
    ...(v ? { v } : {}),
    ...(user ? { user } : {}),
    ...(meta ? { meta } : {}),
  };
}

/**
 * Takes in the events of one `POST /e/<key>`: all of them or, when one is not valid, none. A request that is sent
 * again with its seed adds nothing.
 * @returns the internal ids, in the order of the events
 * @throws HttpError 400 naming what is not valid
 */
export function receive(engine: Engine, body: string, seed: string | undefined, nowMs: number): string[] {
  if (body.trim() === "") return [];
  const given = parseJson(body);
  const list = Array.isArray(given) ? given : [given];
  if (list.length > MAX_EVENTS) throw new HttpError(400, `more than ${MAX_EVENTS} events in one request`);
  const events = list.map((value, index): StoredEvent => {
    const parsed = sentEvent.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const field = issue && issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
      throw new HttpError(400, `invalid event: ${field}${issue?.message ?? "not an event"}`);
    }
    const internalId = seededUlid(seed, index + 1) ?? newUlid(nowMs);
    const payload = toPayload(parsed.data, internalId, nowMs);
    if (JSON.stringify(payload).length > MAX_EVENT_BYTES) {
      throw new HttpError(400, `event is larger than ${MAX_EVENT_BYTES} bytes`);
    }
    return { internalId, receivedMs: nowMs, payload };
  });
  engine.db.transaction(() => {
    for (const event of events) takeIn(engine, event, nowMs);
  });
  return events.map((event) => event.internalId);
}

/** An event of this server's own making. */
export function ownEvent(name: string, data: JsonObject, nowMs: number, id?: string): StoredEvent {
  const internalId = newUlid(nowMs);
  return { internalId, receivedMs: nowMs, payload: { id: id ?? internalId, name, data, ts: nowMs } };
}

function isTriggered({ config }: RegisteredFunction, event: EventPayload): boolean {
  return config.triggers.some(
    (trigger) =>
      "event" in trigger &&
      trigger.event === event.name &&
      (trigger.expression === undefined || holds(trigger.expression, { event })),
  );
}

function meet(engine: Engine, wait: Wait, event: EventPayload, nowMs: number): void {
  const run = getRun(engine.db, wait.runId);
  const [own] = run ? payloadsOf(engine, run) : [];
  if (!run || !own) return;
  if (wait.expression !== null && !holds(wait.expression, { event: own, async: event })) return;
  if (wait.stepId === null)
    finishRun(engine, run, cancelled(`The event ${event.name} cancelled the run`), nowMs);
  else settle(engine, run, { id: wait.stepId, op: "WaitForEvent", outcome: { data: event } }, nowMs);
}

function invoke(engine: Engine, event: StoredEvent, nowMs: number): void {
  const meta = event.payload.data["_inngest"];
  const target = isJsonObject(meta) ? meta["fn_id"] : undefined;
  const fn = typeof target === "string" ? engine.catalog.byId(target) : undefined;
  const scheduled = fn
    ? schedule(engine, fn, event, nowMs)
    : { kind: "skipped" as const, reason: `could not find function with ID: ${JSON.stringify(target)}` };
  if (scheduled.kind !== "skipped") return;
  const message = `The invoked function was not run: ${scheduled.reason}`;
  answerInvoker(engine, event.payload, { status: "FAILED", error: { name: "Error", message } }, nowMs);
}

/**
 * Takes in one event: runs that wait for it go on or are cancelled, and functions that it triggers are scheduled. An
 * event that is there already (by its internal id) does nothing. Part of the transaction under way.
 */
export function takeIn(engine: Engine, event: StoredEvent, nowMs: number): void {
  if (!putEvent(engine.db, event)) return;
  const { payload } = event;
  if (payload.name === INVOKED) {
    invoke(engine, event, nowMs);
    return;
  }
  // Waiting runs first: an event does not cancel the run that it starts.
  for (const wait of waitsFor(engine.db, payload.name, nowMs)) meet(engine, wait, payload, nowMs);
  for (const fn of engine.catalog.byEvent(payload.name)) {
    if (!isTriggered(fn, payload)) continue;
    const scheduled = schedule(engine, fn, event, nowMs);
    if (scheduled.kind === "skipped") engine.log(`${payload.name} starts no ${fn.id}: ${scheduled.reason}`);
  }
}
