import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { SQLInputValue } from "node:sqlite";

import { DurableSqlite } from "../durable/durable-sqlite.ts";

import type { Row } from "./rows.ts";
import { SCHEMA } from "./schema.ts";

/** How long to wait for another process that is about to end. */
const BUSY_MS = 1000;

/** The one SQLite file of the server, with transactions that can be nested. */
export interface Database {
  /** Runs a statement; answers how many rows it changed and the last row id. */
  run(sql: string, ...values: SQLInputValue[]): { changes: number; id: number };
  /** The first row, if there is one. */
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  /** All rows. */
  all(sql: string, ...values: SQLInputValue[]): Row[];
  /** Everything in `work` happens, or nothing does. An inner transaction is part of the outer one. */
  transaction<T>(work: () => T): T;
  /** Runs `then` once the transaction under way is on disk (at once outside of one); never when it is undone. */
  afterCommit(then: () => void): void;
  close(): void;
}

/**
 * Opens (or makes) the database of the server in its folder. A killed process loses nothing of a transaction that is over.
 * @throws when another process has it open, or it is no database
 */
export function openDatabase(dataDir: string): Database {
  mkdirSync(dataDir, { recursive: true });
  let sqlite: DurableSqlite;
  try {
    // Two servers on one queue would do everything twice: the file belongs to one process, until it dies.
    const path = join(dataDir, "inngest.sqlite");
    sqlite = new DurableSqlite(path, { settings: SCHEMA, lockPatience_ms: BUSY_MS });
  } catch (error) {
    throw new Error(`the Inngest data in ${dataDir} cannot be opened: ${String(error)}`, { cause: error });
  }

  let depth = 0;
  let pending: (() => void)[] = [];

  function transaction<T>(work: () => T): T {
    if (depth > 0) return work();
    depth = 1;
    let result: T;
    try {
      result = sqlite.transaction(work);
    } catch (error) {
      pending = [];
      throw error;
    } finally {
      depth = 0;
    }
    const committed = pending;
    pending = [];
    for (const then of committed) then();
    return result;
  }

  return {
    run(sql, ...values) {
      const { changes, lastInsertRowid } = sqlite.prepare(sql).run(...values);
      return { changes, id: lastInsertRowid };
    },
    get: (sql, ...values) => sqlite.prepare(sql).get(...values) as Row | undefined,
    all: (sql, ...values) => sqlite.prepare(sql).all(...values) as Row[],
    transaction,
    afterCommit(then) {
      if (depth > 0) pending.push(then);
      else then();
    },
    close: () => sqlite.close(),
  };
}
