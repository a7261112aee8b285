import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type DurableStatement, DurableSqlite } from "../../durable/durable-sqlite.ts";

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
/** How long a process that is about to end may still have the file. */
const LOCK_PATIENCE_MS = 1000;

/** What the system calls it when the journal cannot grow: no room on the disk, within a quota, or for a file so long. */
const NO_ROOM = new Set<unknown>(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Whether a write was refused, and undone, because the disk has no room for it. */
export const isOutOfDiskSpace = (error: unknown): error is Error =>
  error instanceof Error &&
  (("errcode" in error && error.errcode === SQLITE_FULL) || ("code" in error && NO_ROOM.has(error.code)));

/** The SQLite file behind the store, with its journal. It is locked for this process alone. */
export class Database {
  readonly #sqlite: DurableSqlite;
  #undo: (() => void)[] | undefined;

  /** Opens the file in `folder`, making both if need be. Throws when another process has it open. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "mongo.sqlite");
    try {
      this.#sqlite = new DurableSqlite(file, {
        settings: "PRAGMA cache_size = -65536;",
        lockPatience_ms: LOCK_PATIENCE_MS,
        returnsArrays: true,
      });
    } catch (error) {
      if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) {
        throw new Error(`another process has ${file} open`, { cause: error });
      }
      throw error;
    }
  }

  /** Runs a statement that gives nothing back and is not worth keeping: a table made or dropped. */
  execute(sql: string): void {
    this.#sqlite.execute(sql);
  }

  /** The prepared statement for `sql`, which is kept: its values must be parameters. Rows come as arrays. */
  prepare(sql: string): DurableStatement {
    return this.#sqlite.prepare(sql);
  }

  /** Forgets the prepared statements, for instance those of a dropped table. */
  forgetStatements(): void {
    this.#sqlite.forgetStatements();
  }

  /** Runs `work` in a transaction of its own or, within another, in a part of that: all of its writes stay, or none. */
  transaction<Result>(work: () => Result): Result {
    const outer = this.#undo;
    const own: (() => void)[] = [];
    this.#undo = own;
    try {
      const result = this.#sqlite.transaction(work);
      outer?.push(...own);
      return result;
    } catch (error) {
      for (const undo of own.toReversed()) undo();
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
    this.#sqlite.close();
  }
}
