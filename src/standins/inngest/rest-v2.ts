import type { Engine } from "./engine.ts";
import { getEvent } from "./event-store.ts";
import { HttpError } from "./http.ts";
import { isUlid } from "./ids.ts";
import { isJsonObject, type Json, type JsonObject, type Run, type RunStatus, type Step } from "./model.ts";
import { findRun, isoTime } from "./rest.ts";
import { isOver, listRuns, runsOfEvent, stepsOf } from "./run-store.ts";
import { cancelled, finishRun, INVOKED } from "./runs.ts";
import { startRunOf } from "./scheduling.ts";

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const STATUSES: readonly string[] = ["QUEUED", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"];

const OPERATIONS: Readonly<Record<string, string>> = {
  Sleep: "SLEEP",
  WaitForEvent: "WAIT_FOR_EVENT",
  InvokeFunction: "INVOKE",
  "step.sendEvent": "SEND_EVENT",
};

function envelope(data: Json, more: JsonObject = {}): JsonObject {
  return { data, metadata: { fetchedAt: isoTime(Date.now()) }, ...more };
}

/** Outputs are objects in v2: anything else is wrapped. */
function asObject(value: Json): JsonObject {
  return isJsonObject(value) ? value : { data: value };
}

function times(run: { queuedMs: number; startedMs: number | null; endedMs: number | null }): JsonObject {
  const { queuedMs, startedMs, endedMs } = run;
  return {
    queuedAt: isoTime(queuedMs),
    ...(startedMs === null ? {} : { startedAt: isoTime(startedMs) }),
    ...(endedMs === null ? {} : { endedAt: isoTime(endedMs) }),
    ...(startedMs === null || endedMs === null ? {} : { durationMs: String(endedMs - startedMs) }),
  };
}

function describe(engine: Engine, run: Run, withOutput: boolean): JsonObject {
  const fn = engine.catalog.byId(run.functionId);
  const appId = fn?.appId ?? "";
  const name = getEvent(engine.db, run.eventIds[0] ?? "")?.payload.name;
  return {
    id: run.id,
    function: {
      id:
        appId !== "" && run.functionId.startsWith(`${appId}-`)
          ? run.functionId.slice(appId.length + 1)
          : run.functionId,
      name: fn?.config.name ?? run.functionId,
    },
    app: { id: appId },
    status: run.status,
    ...times(run),
    trigger: {
      eventIds: run.eventIds,
      isBatch: run.isBatch,
      ...(name === undefined ? {} : { eventName: name }),
      ...(run.cron === null ? {} : { cronSchedule: run.cron }),
    },
    ...(withOutput && run.output !== null ? { output: asObject(JSON.parse(run.output) as Json) } : {}),
  };
}

const wantsOutput = (query: URLSearchParams) => query.get("includeOutput") === "true";

function only(query: URLSearchParams, names: string[]): void {
  for (const name of query.keys()) {
    if (names.includes(name)) continue;
    throw new HttpError(
      501,
      `the query parameter ${name} is not supported by the local Inngest server`,
      "not_implemented",
    );
  }
}

function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get("limit") ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new HttpError(400, "Limit must be at least 1", "invalid_field_format");
  }
  if (limit > MAX_LIMIT) throw new HttpError(400, `Limit cannot exceed ${MAX_LIMIT}`, "invalid_field_format");
  return limit;
}

/** `GET /v2/runs?status=&appId=&functionId=&limit=&cursor=&order=&includeOutput=`: a page, newest first. */
export function runList(engine: Engine, query: URLSearchParams): JsonObject {
  only(query, ["status", "appId", "functionId", "limit", "cursor", "order", "includeOutput"]);
  const limit = limitOf(query);
  const statuses = query.getAll("status").map((status) => status.trim().toUpperCase());
  if (!statuses.every((status) => STATUSES.includes(status))) {
    throw new HttpError(400, "Status is invalid", "invalid_field_format");
  }
  const cursor = query.get("cursor") ?? undefined;
  if (cursor !== undefined && !isUlid(cursor)) {
    throw new HttpError(400, "Cursor is invalid", "invalid_field_format");
  }
  const order = (query.get("order") ?? "DESC").toUpperCase();
  if (order !== "ASC" && order !== "DESC") {
    throw new HttpError(400, "order is invalid", "invalid_field_format");
  }
  const appIds = query.getAll("appId");
  const names = query.getAll("functionId");
  if (names.length > 0 && appIds.length === 0) {
    throw new HttpError(400, "appId is required when filtering by functionId", "invalid_field_format");
  }
  const ofApps = appIds.flatMap((appId) => engine.catalog.ofApp(appId));
  const functionIds =
    appIds.length === 0
      ? undefined
      : ofApps
          .filter(({ appId, id }) => names.length === 0 || names.some((name) => id === `${appId}-${name}`))
          .map(({ id }) => id);
  const found = listRuns(engine.db, {
    statuses: statuses as RunStatus[],
    functionIds,
    cursor,
    limit: limit + 1,
    ascending: order === "ASC",
  });
  const page = found.slice(0, limit);
  const hasMore = found.length > limit;
  const last = page.at(-1)?.id;
  return envelope(
    page.map((run) => describe(engine, run, wantsOutput(query))),
    { page: { hasMore, limit, ...(hasMore && last !== undefined ? { cursor: last } : {}) } },
  );
}

/** `GET /v2/events/<internal id>/runs`. */
export function runListOfEvent(engine: Engine, id: string, query: URLSearchParams): JsonObject {
  only(query, ["includeOutput"]);
  if (!isUlid(id)) throw new HttpError(400, "Event ID must be a valid ULID", "invalid_field_format");
  const runs = runsOfEvent(engine.db, id);
  return envelope(
    runs.map((run) => describe(engine, run, wantsOutput(query))),
    { page: { hasMore: false, limit: runs.length } },
  );
}

/** `GET /v2/runs/<id>`. */
export function runDetail(engine: Engine, id: string, query: URLSearchParams): JsonObject {
  return envelope(describe(engine, findRun(engine, id), wantsOutput(query)));
}

function spanOf(step: Step, withOutput: boolean): JsonObject {
  const { outcome } = step;
  const status =
    outcome === null
      ? step.op === "StepPlanned"
        ? "RUNNING"
        : "WAITING"
      : "error" in outcome
        ? "FAILED"
        : "COMPLETED";
  return {
    id: step.id.slice(0, 16),
    name: step.name,
    status,
    stepId: step.id,
    stepOp: OPERATIONS[step.op] ?? "RUN",
    ...times(step),
    ...(withOutput && outcome !== null
      ? { output: asObject("data" in outcome ? outcome.data : outcome.error) }
      : {}),
    children: [],
  };
}

/** `GET /v2/runs/<id>/trace`: the run and, as its children, its steps. */
export function runTrace(engine: Engine, id: string, query: URLSearchParams): JsonObject {
  const run = findRun(engine, id);
  const withOutput = wantsOutput(query);
  return envelope({
    runId: run.id,
    rootSpan: {
      id: run.id.slice(-16),
      name: engine.catalog.byId(run.functionId)?.config.name ?? run.functionId,
      status: run.status === "QUEUED" ? "WAITING" : run.status,
      ...times(run),
      ...(withOutput && run.output !== null ? { output: asObject(JSON.parse(run.output) as Json) } : {}),
      children: stepsOf(engine.db, run.id).map((step) => spanOf(step, withOutput)),
    },
  });
}

/** `POST /v2/runs/<id>/cancel`. */
export function runCancel(engine: Engine, id: string): JsonObject {
  const run = findRun(engine, id);
  if (run.status === "CANCELLED")
    throw new HttpError(409, "Run is already cancelled", "run_already_cancelled");
  if (isOver(run.status)) throw new HttpError(409, "Cannot cancel an ended run", "run_already_ended");
  finishRun(engine, run, cancelled("The run was cancelled by a request"), Date.now());
  return envelope({ runId: run.id });
}

/** `POST /v2/runs/<id>/rerun`: a new run from the same events; nothing of the old one's steps is kept. */
export function runAgain(engine: Engine, id: string, body: unknown): JsonObject {
  const run = findRun(engine, id);
  const refuse = (what: string): never => {
    throw new HttpError(501, `${what} is not supported by the local Inngest server`, "not_implemented");
  };
  if (typeof body === "object" && body !== null && "fromStep" in body) refuse("rerunning from a step");
  if (run.cron !== null)
    throw new HttpError(501, "Rerunning cron-triggered runs is not yet supported", "not_implemented");
  const fn = engine.catalog.byId(run.functionId);
  if (!fn) throw new HttpError(404, "Function not found", "not_found");
  const events = run.eventIds.flatMap((eventId) => getEvent(engine.db, eventId) ?? []);
  if (events.some(({ payload }) => payload.name === INVOKED)) refuse("rerunning an invoked run");
  const nowMs = Date.now();
  const options = { originalRunId: run.originalRunId ?? run.id, isBatch: run.isBatch };
  const started = engine.db.transaction(() => startRunOf(engine, fn, events, options, nowMs));
  if (started.kind !== "run") throw new HttpError(422, "The run was skipped", "function_skipped");
  return envelope({ runId: started.runId });
}
