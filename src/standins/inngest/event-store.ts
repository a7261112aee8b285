import type { Database } from "./database.ts";
import type { EventPayload, StoredEvent } from "./model.ts";
import { number, text, type Row } from "./rows.ts";

function toEvent(row: Row): StoredEvent {
  return {
    internalId: text(row, "internal_id"),
    receivedMs: number(row, "received_ms"),
    payload: JSON.parse(text(row, "payload")) as EventPayload,
  };
}

/** Keeps an event; false when one with this internal id is there already (a request that was sent again). */
export function putEvent(db: Database, event: StoredEvent): boolean {
  const { changes } = db.run(
    "INSERT OR IGNORE INTO events (internal_id, name, received_ms, payload) VALUES (?, ?, ?, ?)",
    event.internalId,
    event.payload.name,
    event.receivedMs,
    JSON.stringify(event.payload),
  );
  return changes > 0;
}

/** The event with this internal id. */
export function getEvent(db: Database, internalId: string): StoredEvent | undefined {
  const row = db.get("SELECT * FROM events WHERE internal_id = ?", internalId);
  return row && toEvent(row);
}

/** Events in reverse order of their ids, from before `cursor` where one is given, of one name where one is given. */
export function listEvents(
  db: Database,
  filter: { name?: string | undefined; cursor?: string | undefined; limit: number },
): StoredEvent[] {
  return db
    .all(
      "SELECT * FROM events WHERE (?1 IS NULL OR name = ?1) AND (?2 IS NULL OR internal_id < ?2) ORDER BY internal_id DESC LIMIT ?3",
      filter.name ?? null,
      filter.cursor ?? null,
      filter.limit,
    )
    .map(toEvent);
}

/**
 * Takes a key for a function until a time. False when it is taken already: the same event id or idempotency key
 * within its period.
 */
export function takeKey(
  db: Database,
  functionId: string,
  key: string,
  nowMs: number,
  untilMs: number,
): boolean {
  const { changes } = db.run(
    `INSERT INTO dedup (function_id, key, expires_ms) VALUES (?1, ?2, ?4)
     ON CONFLICT (function_id, key) DO UPDATE SET expires_ms = ?4 WHERE expires_ms <= ?3`,
    functionId,
    key,
    nowMs,
    untilMs,
  );
  return changes > 0;
}

/** Forgets the keys whose period is over. */
export function dropExpiredKeys(db: Database, nowMs: number): void {
  db.run("DELETE FROM dedup WHERE expires_ms <= ?", nowMs);
}
