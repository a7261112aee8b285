/** The tables of the local server. JSON is kept as text; times are milliseconds since the epoch. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS apps (
  id TEXT PRIMARY KEY, url TEXT NOT NULL, sdk TEXT NOT NULL, synced_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS functions (
  id TEXT PRIMARY KEY, app_id TEXT NOT NULL, config TEXT NOT NULL, version INTEGER NOT NULL, active INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS events (
  internal_id TEXT PRIMARY KEY, name TEXT NOT NULL, received_ms INTEGER NOT NULL, payload TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
  id TEXT PRIMARY KEY, function_id TEXT NOT NULL, status TEXT NOT NULL, event_ids TEXT NOT NULL, is_batch INTEGER NOT NULL,
  cron TEXT, queued_ms INTEGER NOT NULL, started_ms INTEGER, ended_ms INTEGER, output TEXT,
  is_invoked INTEGER NOT NULL, original_run_id TEXT, singleton_key TEXT, lane TEXT NOT NULL, rank_shift_ms INTEGER NOT NULL,
  is_planned INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS runs_by_status ON runs (status, id);
CREATE INDEX IF NOT EXISTS runs_by_singleton ON runs (singleton_key) WHERE singleton_key IS NOT NULL;
CREATE TABLE IF NOT EXISTS run_events (
  event_id TEXT NOT NULL, run_id TEXT NOT NULL, PRIMARY KEY (event_id, run_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS steps (
  seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, op TEXT NOT NULL,
  outcome TEXT, settled_seq INTEGER, queued_ms INTEGER NOT NULL, started_ms INTEGER, ended_ms INTEGER, UNIQUE (run_id, id)
) STRICT;
CREATE TABLE IF NOT EXISTS waits (
  seq INTEGER PRIMARY KEY, event TEXT NOT NULL, run_id TEXT NOT NULL, step_id TEXT, expression TEXT, expires_ms INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS waits_by_event ON waits (event);
CREATE INDEX IF NOT EXISTS waits_by_run ON waits (run_id);
CREATE TABLE IF NOT EXISTS queue (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, run_id TEXT, step_id TEXT, function_id TEXT NOT NULL,
  due_ms INTEGER NOT NULL, rank_ms INTEGER NOT NULL, attempt INTEGER NOT NULL, away INTEGER NOT NULL, lane TEXT NOT NULL, payload TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS queue_by_run ON queue (run_id);
CREATE TABLE IF NOT EXISTS dedup (
  function_id TEXT NOT NULL, key TEXT NOT NULL, expires_ms INTEGER NOT NULL, PRIMARY KEY (function_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rates (
  function_id TEXT NOT NULL, key TEXT NOT NULL, arrival_ms REAL NOT NULL, PRIMARY KEY (function_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gathered (
  function_id TEXT NOT NULL, key TEXT NOT NULL, queue_id INTEGER NOT NULL, since_ms INTEGER NOT NULL, event_ids TEXT NOT NULL,
  PRIMARY KEY (function_id, key)
) STRICT, WITHOUT ROWID;
`;
