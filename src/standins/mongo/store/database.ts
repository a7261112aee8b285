import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
/** How long a process that is about to end may still have the file. */
const LOCK_PATIENCE_MS = 1000;

const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA cache_size = -65536;
  PRAGMA temp_store = MEMORY;
`;

/** Whether a write was refused, and undone, because the disk has no room for it. */
export const isOutOfDiskSpace = (error: unknown): error is Error =>
  error instanceof Error && "errcode" in error && error.errcode === SQLITE_FULL;

/**
 * The SQLite file behind the store. Its write-ahead log is written, but not forced to the disk, at each commit: a killed
 * process loses no acknowledged write, only a power failure could. The file is locked for this process alone.
 */
export class Database {
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #undo: (() => void)[] | undefined;

  /** Opens the file in `folder`, making both if need be. Throws when another process has it open. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "mongo.sqlite");
    this.#sqlite = new DatabaseSync(file, { timeout: LOCK_PATIENCE_MS });
    try {
      this.#sqlite.exec(SETTINGS);
    } catch (error) {
      this.#sqlite.close();
      if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) {
        throw new Error(`another process has ${file} open`, { cause: error });
      }
      throw error;
    }
  }

  /** Runs statements that give nothing back and are not worth keeping: tables made and dropped. */
  execute(sql: string): void {
    this.#sqlite.exec(sql);
  }

  /** The prepared statement for `sql`, which is kept: its values must be parameters. Rows come as arrays. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#sqlite.prepare(sql);
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Forgets the prepared statements, for instance those of a dropped table. */
  forgetStatements(): void {
    this.#statements.clear();
  }

  /** Runs `work` in a transaction of its own or, within another, in a savepoint: all of its writes stay, or none. */
  transaction<Result>(work: () => Result): Result {
    const outer = this.#undo;
    this.#undo = [];
    this.#run(outer === undefined ? "BEGIN IMMEDIATE" : "SAVEPOINT item");
    try {
      const result = work();
      this.#run(outer === undefined ? "COMMIT" : "RELEASE item");
      outer?.push(...this.#undo);
      return result;
    } catch (error) {
      this.#rollBack(outer === undefined ? ["ROLLBACK"] : ["ROLLBACK TO item", "RELEASE item"]);
      for (const undo of this.#undo.toReversed()) undo();
      throw error;
    } finally {
      this.#undo = outer;
    }
  }

  /** Has `undo` called should the running transaction be rolled back: for what is kept in memory besides. */
  onRollback(undo: () => void): void {
    this.#undo?.push(undo);
  }

  close(): void {
    this.#statements.clear();
    this.#sqlite.close();
  }

  #rollBack(statements: readonly string[]): void {
    try {
      for (const sql of statements) this.#run(sql);
    } catch {
      // After a grave error, a full disk for instance, SQLite has rolled back by itself: the error that led here tells more.
    }
  }

  #run(sql: string): void {
    this.prepare(sql).run();
  }
}
