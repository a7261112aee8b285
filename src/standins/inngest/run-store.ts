import type { Database } from "./database.ts";
import type { Run, RunStatus, Step, StepOutcome } from "./model.ts";
import { number, numberOrNull, text, textOrNull, type Row } from "./rows.ts";

function toRun(row: Row): Run {
  return {
    id: text(row, "id"),
    functionId: text(row, "function_id"),
    status: text(row, "status") as RunStatus,
    eventIds: JSON.parse(text(row, "event_ids")) as string[],
    isBatch: row["is_batch"] === 1,
    cron: textOrNull(row, "cron"),
    queuedMs: number(row, "queued_ms"),
    startedMs: numberOrNull(row, "started_ms"),
    endedMs: numberOrNull(row, "ended_ms"),
    output: textOrNull(row, "output"),
    isInvoked: row["is_invoked"] === 1,
    originalRunId: textOrNull(row, "original_run_id"),
    singletonKey: textOrNull(row, "singleton_key"),
    lane: JSON.parse(text(row, "lane")) as string[],
    rankShiftMs: number(row, "rank_shift_ms"),
    isPlanned: row["is_planned"] === 1,
  };
}

/** Whether a run will not change any more. */
export function isOver(status: RunStatus): boolean {
  return status !== "QUEUED" && status !== "RUNNING";
}

/** Keeps a new run and ties it to its events. */
export function insertRun(db: Database, run: Run): void {
  db.run(
    `INSERT INTO runs (id, function_id, status, event_ids, is_batch, cron, queued_ms, is_invoked,
     original_run_id, singleton_key, lane, rank_shift_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    run.id,
    run.functionId,
    run.status,
    JSON.stringify(run.eventIds),
    run.isBatch ? 1 : 0,
    run.cron,
    run.queuedMs,
    run.isInvoked ? 1 : 0,
    run.originalRunId,
    run.singletonKey,
    JSON.stringify(run.lane),
    run.rankShiftMs,
  );
  for (const eventId of run.eventIds) {
    db.run("INSERT OR IGNORE INTO run_events (event_id, run_id) VALUES (?, ?)", eventId, run.id);
  }
}

/** The run with this id. */
export function getRun(db: Database, id: string): Run | undefined {
  const row = db.get("SELECT * FROM runs WHERE id = ?", id);
  return row && toRun(row);
}

/** Notes that the app is asked to run it for the first time. */
export function startRun(db: Database, id: string, nowMs: number): void {
  db.run("UPDATE runs SET status = 'RUNNING', started_ms = ? WHERE id = ? AND status = 'QUEUED'", nowMs, id);
}

/** Notes that every further step of the run must be planned before it runs. */
export function planRun(db: Database, id: string): void {
  db.run("UPDATE runs SET is_planned = 1 WHERE id = ? AND is_planned = 0", id);
}

/** Ends a run once and for all; false when it had ended before. */
export function endRun(
  db: Database,
  id: string,
  status: RunStatus,
  output: string | null,
  nowMs: number,
): boolean {
  const { changes } = db.run(
    "UPDATE runs SET status = ?, output = ?, ended_ms = ? WHERE id = ? AND status IN ('QUEUED', 'RUNNING')",
    status,
    output,
    nowMs,
    id,
  );
  return changes > 0;
}

/** The runs that an event started, oldest first. */
export function runsOfEvent(db: Database, eventId: string): Run[] {
  return db
    .all(
      "SELECT runs.* FROM run_events JOIN runs ON runs.id = run_events.run_id WHERE run_events.event_id = ? ORDER BY runs.id",
      eventId,
    )
    .map(toRun);
}

/** Runs with one of the statuses (all, for none), newest first (or oldest first), beyond `cursor`. */
export function listRuns(
  db: Database,
  filter: {
    statuses: RunStatus[];
    functionIds: string[] | undefined;
    cursor?: string | undefined;
    limit: number;
    ascending: boolean;
  },
): Run[] {
  const compare = filter.ascending ? ">" : "<";
  return db
    .all(
      `SELECT * FROM runs WHERE (json_array_length(?1) = 0 OR status IN (SELECT value FROM json_each(?1)))
       AND (?2 IS NULL OR function_id IN (SELECT value FROM json_each(?2)))
       AND (?3 IS NULL OR id ${compare} ?3) ORDER BY id ${filter.ascending ? "ASC" : "DESC"} LIMIT ?4`,
      JSON.stringify(filter.statuses),
      filter.functionIds ? JSON.stringify(filter.functionIds) : null,
      filter.cursor ?? null,
      filter.limit,
    )
    .map(toRun);
}

/** The runs that go on under a singleton key. */
export function runsWithSingleton(db: Database, key: string): Run[] {
  return db
    .all("SELECT * FROM runs WHERE singleton_key = ? AND status IN ('QUEUED', 'RUNNING')", key)
    .map(toRun);
}

function toStep(row: Row): Step {
  const outcome = textOrNull(row, "outcome");
  return {
    runId: text(row, "run_id"),
    id: text(row, "id"),
    name: text(row, "name"),
    op: text(row, "op"),
    outcome: outcome === null ? null : (JSON.parse(outcome) as StepOutcome),
    queuedMs: number(row, "queued_ms"),
    startedMs: numberOrNull(row, "started_ms"),
    endedMs: numberOrNull(row, "ended_ms"),
  };
}

/** The steps of a run: the settled ones first, in the order in which they were. */
export function stepsOf(db: Database, runId: string): Step[] {
  return db
    .all("SELECT * FROM steps WHERE run_id = ? ORDER BY settled_seq IS NULL, settled_seq, seq", runId)
    .map(toStep);
}

/** Notes a step that is not settled yet; false when the run knows this step already. */
export function planStep(
  db: Database,
  step: { runId: string; id: string; name: string; op: string; nowMs: number },
): boolean {
  const { changes } = db.run(
    "INSERT OR IGNORE INTO steps (run_id, id, name, op, queued_ms) VALUES (?, ?, ?, ?, ?)",
    step.runId,
    step.id,
    step.name,
    step.op,
    step.nowMs,
  );
  return changes > 0;
}

/** Stores what became of a step. The first outcome stays: false when there was one. */
export function settleStepRow(
  db: Database,
  step: {
    runId: string;
    id: string;
    outcome: StepOutcome;
    name: string;
    op: string;
    startedMs: number;
    endedMs: number;
  },
): boolean {
  const { changes } = db.run(
    `INSERT INTO steps (run_id, id, name, op, outcome, settled_seq, queued_ms, started_ms, ended_ms)
     VALUES (?1, ?2, ?3, ?4, ?5, (SELECT 1 + coalesce(max(settled_seq), 0) FROM steps WHERE run_id = ?1), ?6, ?6, ?7)
     ON CONFLICT (run_id, id) DO UPDATE SET outcome = excluded.outcome, settled_seq = excluded.settled_seq,
     started_ms = excluded.started_ms, ended_ms = excluded.ended_ms WHERE outcome IS NULL`,
    step.runId,
    step.id,
    step.name,
    step.op,
    JSON.stringify(step.outcome),
    step.startedMs,
    step.endedMs,
  );
  return changes > 0;
}

/** How many steps of a run are not settled. */
export function pendingSteps(db: Database, runId: string): number {
  return Number(
    db.get("SELECT count(*) AS n FROM steps WHERE run_id = ? AND outcome IS NULL", runId)?.["n"] ?? 0,
  );
}
