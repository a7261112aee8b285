import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

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
 * Opens (or makes) the database of the server in its folder. With WAL and synchronous=NORMAL a killed process loses
 * nothing that was committed: the operating system holds it already.
 * @throws when another process has it open, or it is no database
 */
export function openDatabase(dataDir: string): Database {
  mkdirSync(dataDir, { recursive: true });
  const file = new DatabaseSync(join(dataDir, "inngest.sqlite"), { timeout: BUSY_MS });
  try {
    // Two servers on one queue would do everything twice: the file belongs to one process, until it dies.
    file.exec("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;");
    file.exec(SCHEMA);
  } catch (error) {
    file.close();
    throw new Error(`the Inngest data in ${dataDir} cannot be opened: ${String(error)}`, { cause: error });
  }

  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = file.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };

  let depth = 0;
  let pending: (() => void)[] = [];

  function transaction<T>(work: () => T): T {
    if (depth > 0) return work();
    prepare("BEGIN IMMEDIATE").run();
    depth = 1;
    let result: T;
    try {
      result = work();
      prepare("COMMIT").run();
    } catch (error) {
      pending = [];
      if (file.isTransaction) prepare("ROLLBACK").run();
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
      const { changes, lastInsertRowid } = prepare(sql).run(...values);
      return { changes: Number(changes), id: Number(lastInsertRowid) };
    },
    get: (sql, ...values) => prepare(sql).get(...values),
    all: (sql, ...values) => prepare(sql).all(...values),
    transaction,
    afterCommit(then) {
      if (depth > 0) pending.push(then);
      else then();
    },
    close() {
      statements.clear();
      file.close();
    },
  };
}
