import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { Journal } from "./journal.ts";
import { StatementLog, StatementReader } from "./statement-log.ts";

/** How long what is in the journal may wait to be committed to SQLite's own files, and how much of it there may be. */
const COMMIT_AFTER_MS = 1000;
const COMMIT_BYTES = 4 * 1024 * 1024;
/** A transaction of more than this is committed at once: writing down all that it does would cost as much again. */
const LARGE_BYTES = 256 * 1024;

const MARK = `
  CREATE TABLE IF NOT EXISTS journal_mark (one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL);
  INSERT OR IGNORE INTO journal_mark VALUES (1, 0);
`;

/** A prepared statement that is kept. What `run` changes is written down. */
export interface DurableStatement {
  run(...values: SQLInputValue[]): { changes: number; lastInsertRowid: number };
  get(...values: SQLInputValue[]): unknown;
  all(...values: SQLInputValue[]): unknown[];
}

/**
 * A SQLite file with a journal beside it, as MongoDB keeps its data: a transaction is over when its statements stand in
 * the journal, which is one short write; the pages that it changed are committed once a second, together with those of
 * many others. After a crash the statements of the journal are run again on what was committed last. Neither is forced
 * to the disk at once: a killed process loses nothing, a power failure may lose the last second.
 */
export class DurableSqlite {
  readonly #sqlite: DatabaseSync;
  readonly #journal: Journal;
  readonly #log = new StatementLog();
  readonly #statements = new Map<string, { own: StatementSync; durable: DurableStatement }>();
  readonly #returnsArrays: boolean;
  #generation = 0;
  #depth = 0;
  /** Whether the transaction under way has become too large for the journal, which then holds only its beginning. */
  #isLarge = false;
  #timer: NodeJS.Timeout | undefined;
  /** Whether the last commit found no room: the next one is tried after a while, however much there is. */
  #hasFailed = false;

  /**
   * Opens the file, making it if need be, and takes up what a crash has left in its journal.
   * @throws when another process has it open, or it is no database
   */
  constructor(path: string, options: { settings: string; lockPatience_ms: number; returnsArrays?: boolean }) {
    this.#returnsArrays = options.returnsArrays ?? false;
    this.#sqlite = new DatabaseSync(path, { timeout: options.lockPatience_ms });
    try {
      // Everything below is done by this process alone, until it dies: the file is locked.
      this.#sqlite.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;");
      this.#sqlite.exec("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000;");
      this.#sqlite.exec("PRAGMA temp_store = MEMORY;");
      this.#sqlite.exec(`${options.settings} ${MARK}`);
      this.#journal = new Journal(`${path}-journaled`);
    } catch (error) {
      this.#sqlite.close();
      throw error;
    }
    try {
      this.#generation = Number(
        Object.values(this.#sqlite.prepare("SELECT generation FROM journal_mark").get() ?? {})[0] ?? 0,
      );
      if (this.#journal.length > 0) {
        this.#begin();
        this.#commit();
      }
      this.#journal.restart(this.#generation);
    } catch (error) {
      this.#sqlite.close();
      this.#journal.close();
      throw error;
    }
  }

  /** The prepared statement for `sql`, which is kept: its values must be parameters. */
  prepare(sql: string): DurableStatement {
    return this.#statement(sql).durable;
  }

  /** Forgets the prepared statements, for instance those of a dropped table. */
  forgetStatements(): void {
    this.#statements.clear();
  }

  /** Runs one statement that is not worth keeping: a table made or dropped. */
  execute(sql: string): void {
    this.prepare(sql).run();
    this.#statements.delete(sql);
  }

  /** Runs `work` in a transaction or, within another, in a part of it: all of its writes stay, or none. */
  transaction<Result>(work: () => Result): Result {
    const start = this.#log.length;
    if (this.#depth === 0) this.#begin();
    this.#depth++;
    try {
      this.#step("SAVEPOINT part");
      const result = work();
      this.#requireTransaction();
      if (this.#depth === 1) this.#keep();
      if (this.#sqlite.isTransaction) this.#step("RELEASE part");
      return result;
    } catch (error) {
      this.#log.cutTo(start);
      this.#undoPart();
      throw error;
    } finally {
      this.#depth--;
      if (this.#depth === 0) this.#afterTransaction();
    }
  }

  /** Commits and closes the file. */
  close(): void {
    clearTimeout(this.#timer);
    try {
      if (this.#sqlite.isTransaction) this.#commit();
    } finally {
      this.#statements.clear();
      this.#sqlite.close();
      this.#journal.close();
    }
  }

  #statement(sql: string): { own: StatementSync; durable: DurableStatement } {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const own = this.#sqlite.prepare(sql);
    own.setReturnArrays(this.#returnsArrays);
    const write = (values: SQLInputValue[]) => {
      this.#requireTransaction();
      const { changes, lastInsertRowid } = own.run(...values);
      if (!this.#isLarge) this.#log.add(sql, values);
      this.#isLarge ||= this.#log.length > LARGE_BYTES;
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
    };
    const durable: DurableStatement = {
      run: (...values) => (this.#depth > 0 ? write(values) : this.transaction(() => write(values))),
      get: (...values) => {
        this.#restore();
        return own.get(...values);
      },
      all: (...values) => {
        this.#restore();
        return own.all(...values);
      },
    };
    const made = { own, durable };
    this.#statements.set(sql, made);
    return made;
  }

  #step(sql: string): void {
    this.#statement(sql).own.run();
  }

  /**
   * Sees to it that a transaction is open, which holds what the journal holds. SQLite itself ends one after a grave error,
   * a full disk for instance; then, as after a crash, the statements of the journal are run again.
   */
  #begin(): void {
    if (this.#sqlite.isTransaction) return;
    this.#step("BEGIN IMMEDIATE");
    if (this.#journal.length === 0) return;
    try {
      const reader = new StatementReader();
      for (const record of this.#journal.read(this.#generation))
        for (const { sql, values } of reader.read(record)) this.#statement(sql).own.run(...values);
    } catch (error) {
      if (this.#sqlite.isTransaction) this.#step("ROLLBACK");
      throw error;
    }
  }

  /** SQLite may have ended the transaction; what is written outside of one would be committed by itself. */
  #requireTransaction(): void {
    if (!this.#sqlite.isTransaction) throw new Error("the transaction has been rolled back");
  }

  /** Before something is read: what the journal holds is there. */
  #restore(): void {
    if (this.#depth === 0 && this.#journal.length > 0) this.#begin();
  }

  /** Takes back what a part of a transaction has written. Where SQLite has done so already, there is nothing to do. */
  #undoPart(): void {
    if (!this.#sqlite.isTransaction) return;
    this.#step("ROLLBACK TO part");
    this.#step("RELEASE part");
  }

  /** Sees to it that what a transaction has written survives a crash: by the journal or, if it is large, by itself. */
  #keep(): void {
    if (this.#isLarge) this.#commit();
    else if (this.#log.length > 0) this.#journal.append(this.#log.bytes());
  }

  #afterTransaction(): void {
    this.#isLarge = false;
    if (this.#log.length === 0) return;
    this.#log.clear();
    if (this.#journal.length > COMMIT_BYTES && !this.#hasFailed) this.#tryCommit();
    else this.#timer ??= setTimeout(() => this.#tryCommit(), COMMIT_AFTER_MS).unref();
  }

  /** Commits; where there is no room for it, the journal keeps what was written until there is. */
  #tryCommit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#begin();
      this.#commit();
    } catch {
      this.#hasFailed = true;
      this.#timer = setTimeout(() => this.#tryCommit(), COMMIT_AFTER_MS).unref();
    }
  }

  /** Commits the open transaction. From then on its statements are not to be run again, which the generation says. */
  #commit(): void {
    this.#statement("UPDATE journal_mark SET generation = ?").own.run(this.#generation + 1);
    this.#step("COMMIT");
    this.#hasFailed = false;
    this.#generation++;
    this.#log.restart();
    this.#journal.restart(this.#generation);
  }
}
