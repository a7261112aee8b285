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
  return db.get("SELECT 1 FROM waits WHERE event = ? LIMIT 1", event) !== undefined;
}

/** Forgets what a step waits for; false when it was forgotten before. */
export function dropStepWait(db: Database, runId: string, stepId: string): boolean {
  return db.run("DELETE FROM waits WHERE run_id = ? AND step_id = ?", runId, stepId).changes > 0;
}

/** Forgets everything that concerns a run. */
export function dropRunWaits(db: Database, runId: string): void {
  db.run("DELETE FROM waits WHERE run_id = ?", runId);
}
