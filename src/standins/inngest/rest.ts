import type { Engine } from "./engine.ts";
import { getEvent, listEvents } from "./event-store.ts";
import { HttpError } from "./http.ts";
import { isUlid, uuidOf } from "./ids.ts";
import type { Json, JsonObject, Run, RunStatus, StoredEvent } from "./model.ts";
import { getRun, isOver, runsOfEvent } from "./run-store.ts";
import { cancelled, finishRun, payloadsOf } from "./runs.ts";
import { memoOf } from "./app-request.ts";

const ENVIRONMENT_ID = uuidOf("environment");
const MAX_EVENTS = 100;

const STATUS_NAMES = {
  QUEUED: "Scheduled",
  RUNNING: "Running",
  COMPLETED: "Completed",
  FAILED: "Failed",
  CANCELLED: "Cancelled",
} satisfies Record<RunStatus, string>;

/** Times as the API writes them. */
export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function envelope(data: Json): JsonObject {
  return { data, metadata: { fetched_at: isoTime(Date.now()) } };
}

function describeRun(engine: Engine, run: Run): JsonObject {
  const fn = engine.catalog.byId(run.functionId);
  return {
    run_id: run.id,
    run_started_at: isoTime(run.startedMs ?? run.queuedMs),
    function_id: uuidOf(run.functionId),
    function_version: fn?.version ?? 0,
    environment_id: ENVIRONMENT_ID,
    event_id: run.eventIds[0] ?? "",
    ...(run.originalRunId === null ? {} : { original_run_id: run.originalRunId }),
    ...(run.cron === null ? {} : { cron: run.cron }),
    status: STATUS_NAMES[run.status],
    ended_at: run.endedMs === null ? null : isoTime(run.endedMs),
    ...(run.output === null ? {} : { output: JSON.parse(run.output) as Json }),
  };
}

function describeEvent({ internalId, receivedMs, payload }: StoredEvent): JsonObject {
  return {
    internal_id: internalId,
    environment_id: ENVIRONMENT_ID,
    source: "",
    source_id: null,
    received_at: isoTime(receivedMs),
    ...payload,
  };
}

/**
 * The run with this id.
 * @throws HttpError 400 for what is no id, 404 for no run
 */
export function findRun(engine: Engine, id: string): Run {
  if (!isUlid(id)) throw new HttpError(400, `Invalid run ID: ${id}`, "invalid_field_format");
  const run = getRun(engine.db, id);
  if (!run) throw new HttpError(404, "Run not found", "not_found");
  return run;
}

/** `GET /v1/events`: newest first, by name and page. */
export function eventList(engine: Engine, query: URLSearchParams): JsonObject {
  const limit = Math.min(Math.max(Math.trunc(Number(query.get("limit") ?? 20)) || 20, 1), MAX_EVENTS);
  const cursor = query.get("cursor") ?? undefined;
  if (cursor !== undefined && !isUlid(cursor)) throw new HttpError(400, "Invalid cursor query parameter");
  for (const name of query.keys()) {
    if (!["limit", "cursor", "name"].includes(name)) {
      throw new HttpError(501, `the query parameter ${name} is not supported by the local Inngest server`);
    }
  }
  const events = listEvents(engine.db, { name: query.get("name") ?? undefined, cursor, limit });
  return envelope(events.map(describeEvent));
}

/** `GET /v1/events/<internal id>`. */
export function eventById(engine: Engine, id: string): JsonObject {
  if (!isUlid(id)) throw new HttpError(400, `Invalid event ID: ${id}`);
  const event = getEvent(engine.db, id);
  if (!event) throw new HttpError(404, "Event not found");
  return envelope(describeEvent(event));
}

/** `GET /v1/events/<internal id>/runs`: empty for an event that started none. */
export function runsByEvent(engine: Engine, id: string): JsonObject {
  if (!isUlid(id)) throw new HttpError(400, `Invalid event ID: ${id}`);
  return envelope(runsOfEvent(engine.db, id).map((run) => describeRun(engine, run)));
}

/** `GET /v1/runs/<id>`. */
export function runById(engine: Engine, id: string): JsonObject {
  return envelope(describeRun(engine, findRun(engine, id)));
}

/** `DELETE /v1/runs/<id>`: cancels; a run that is over stays as it is. */
export function cancelRun(engine: Engine, id: string): void {
  const run = findRun(engine, id);
  if (!isOver(run.status))
    finishRun(engine, run, cancelled("The run was cancelled by a request"), Date.now());
}

/** `GET /v0/runs/<id>/actions`: the steps of a run that is too large for one request. */
export function runActions(engine: Engine, id: string): object {
  return memoOf(engine, findRun(engine, id).id).steps;
}

/** `GET /v0/runs/<id>/batch`: the events of a run that is too large for one request. */
export function runBatch(engine: Engine, id: string): object {
  return payloadsOf(engine, findRun(engine, id));
}
