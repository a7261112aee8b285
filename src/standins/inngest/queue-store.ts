import type { Database } from "./database.ts";
import type { QueueItem, QueueKind } from "./model.ts";
import { number, text, textOrNull, type Row } from "./rows.ts";

function toItem(row: Row): QueueItem {
  return {
    id: number(row, "id"),
    kind: text(row, "kind") as QueueKind,
    runId: textOrNull(row, "run_id"),
    stepId: textOrNull(row, "step_id"),
    functionId: text(row, "function_id"),
    dueMs: number(row, "due_ms"),
    rankMs: number(row, "rank_ms"),
    attempt: number(row, "attempt"),
    away: number(row, "away"),
    lane: JSON.parse(text(row, "lane")) as string[],
    payload: textOrNull(row, "payload"),
  };
}

/** An item before it has an id. */
export type NewItem = Omit<QueueItem, "id" | "attempt" | "away">;

/** Keeps a new item; its id. */
export function insertItem(db: Database, item: NewItem): number {
  return db.run(
    "INSERT INTO queue (kind, run_id, step_id, function_id, due_ms, rank_ms, attempt, away, lane, payload) VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, ?)",
    item.kind,
    item.runId,
    item.stepId,
    item.functionId,
    item.dueMs,
    item.rankMs,
    JSON.stringify(item.lane),
    item.payload,
  ).id;
}

/** Everything that is queued. */
export function allItems(db: Database): QueueItem[] {
  return db.all("SELECT * FROM queue").map(toItem);
}

/** Items of a kind for a function that belong to no run. */
export function itemsOf(db: Database, functionId: string, kind: QueueKind): QueueItem[] {
  return db
    .all("SELECT * FROM queue WHERE run_id IS NULL AND function_id = ? AND kind = ?", functionId, kind)
    .map(toItem);
}

/** Notes when an item is due now, and what it has spent. */
export function moveItem(
  db: Database,
  id: number,
  to: { dueMs: number; attempt: number; away: number },
): void {
  db.run(
    "UPDATE queue SET due_ms = ?, attempt = ?, away = ? WHERE id = ?",
    to.dueMs,
    to.attempt,
    to.away,
    id,
  );
}
