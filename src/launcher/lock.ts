import { setTimeout as wait } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";

/**
 * Takes an exclusive lock that the kernel gives back when its holder dies, in whatever way: no stale lock exists, and
 * of two that come at once exactly one gets it. SQLite is the one way to such a lock that Node brings along.
 *
 * Waits up to `wait_ms` for a holder to let go. Answers the release, or undefined when somebody else holds it.
 */
export async function takeLock(path: string, { wait_ms = 0 } = {}): Promise<(() => void) | undefined> {
  const deadline = Date.now() + wait_ms;
  for (;;) {
    const database = new DatabaseSync(path);
    try {
      database.exec("PRAGMA busy_timeout = 0");
      database.exec("BEGIN EXCLUSIVE");
      return () => {
        if (database.isOpen) database.close();
      };
    } catch (error) {
      database.close();
      if (!isBusy(error)) throw error;
      if (Date.now() >= deadline) return undefined;
    }
    await wait(25);
  }
}

const isBusy = (error: unknown) =>
  error instanceof Error && "errcode" in error && (error.errcode === 5 || error.errcode === 6);
