import type { Database } from "./database.ts";
import { number, text, textOrNull } from "./rows.ts";

/** Something that a later event does to a run: goes on with a step that waits for it, or (no step) cancels the run. */
export interface Wait {
  seq: number;
  event: string;
  runId: string;
  stepId: string | null;
  expression: string | null;
}

/**
 * What may be waiting, in memory, since most events and runs have nothing to do with waits: never less than what is on
 * disk, for a moment more (what was rolled back, or dropped just now).
 */
const mayWait = new WeakMap<Database, { readonly events: Set<string>; readonly runs: Set<string> }>();

function mayWaitIn(db: Database) {
  let known = mayWait.get(db);
  if (!known) {
    const rows = db.all("SELECT event, run_id FROM waits");
    known = {
      events: new Set(rows.map((row) => text(row, "event"))),
      runs: new Set(rows.map((row) => text(row, "run_id"))),
    };
    mayWait.set(db, known);
  }
  return known;
}

/** Notes that an event of this name concerns a run. */
export function addWait(
  db: Database,
  wait: {
    event: string;
    runId: string;
    stepId: string | null;
    expression: string | null;
    expiresMs: number | null;
  },
): void {
  const { events, runs } = mayWaitIn(db);
  events.add(wait.event);
  runs.add(wait.runId);
  db.run(
    "INSERT INTO waits (event, run_id, step_id, expression, expires_ms) VALUES (?, ?, ?, ?, ?)",
    wait.event,
    wait.runId,
    wait.stepId,
    wait.expression,
    wait.expiresMs,
  );
}

/** Everything that waits for an event of this name, oldest first. */
export function waitsFor(db: Database, event: string, nowMs: number): Wait[] {
  if (!mayWaitIn(db).events.has(event)) return [];
  return db
    .all(
      "SELECT * FROM waits WHERE event = ? AND (expires_ms IS NULL OR expires_ms > ?) ORDER BY seq",
      event,
      nowMs,
    )
    .map((row) => ({
      seq: number(row, "seq"),
      event: text(row, "event"),
      runId: text(row, "run_id"),
      stepId: textOrNull(row, "step_id"),
      expression: textOrNull(row, "expression"),
    }));
}

/** Whether anything waits for an event of this name. */
export function isAwaited(db: Database, event: string): boolean {
  if (!mayWaitIn(db).events.has(event)) return false;
  return db.get("SELECT 1 FROM waits WHERE event = ? LIMIT 1", event) !== undefined;
}

/** Forgets what a step waits for; false when it was forgotten before. */
export function dropStepWait(db: Database, runId: string, stepId: string): boolean {
  if (!mayWaitIn(db).runs.has(runId)) return false;
  return db.run("DELETE FROM waits WHERE run_id = ? AND step_id = ?", runId, stepId).changes > 0;
}

/** Forgets everything that concerns a run, which is over. */
export function dropRunWaits(db: Database, runId: string): void {
  const { runs } = mayWaitIn(db);
  if (!runs.has(runId)) return;
  db.run("DELETE FROM waits WHERE run_id = ?", runId);
  db.afterCommit(() => runs.delete(runId));
}
