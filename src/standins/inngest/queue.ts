import type { Database } from "./database.ts";
import { makeHeap, type Heap } from "./heap.ts";
import { makeLanes, type Lanes } from "./lanes.ts";
import type { QueueItem, QueueKind } from "./model.ts";
import { insertItem, itemsOf, allItems, moveItem, type NewItem } from "./queue-store.ts";
import { number } from "./rows.ts";

/** Longer timers overflow in Node, which then fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** After a fault of our own an item comes again this much later. */
const FAULT_DELAY_MS = 1000;

/** What the queue needs to know of the functions and of how its items are done. */
interface QueueWorker {
  /** Whether the app of a function cannot be called yet. */
  isHeld(functionId: string): boolean;
  /** The limits of a function's concurrency options, in their order. */
  limitsOf(functionId: string): number[];
  /** Does a `call` or `step` item; it must leave the queue by `drop` or `reschedule` before this ends. */
  call(item: QueueItem): Promise<void>;
  /** Does a timer's item, in one transaction that also drops or reschedules it. */
  fire(item: QueueItem): void;
}

/** The durable queue. Changes made inside a transaction count when it commits. */
export interface Queue {
  add(item: NewItem): number;
  /** Takes an item out: it is done, or void. */
  drop(id: number): void;
  /** Takes out everything that concerns a run. */
  dropRun(runId: string): void;
  /** Takes out what would happen to one step of a run. */
  dropStep(runId: string, stepId: string): void;
  /** Puts an item back for later. */
  reschedule(id: number, change: { dueMs: number; attempt?: number; away?: number }): void;
  /** Whether a `call` for this run is there that has not been sent yet. */
  hasUnsentCall(runId: string): boolean;
  /** Items of a kind for a function. */
  ofFunction(functionId: string, kind: QueueKind): QueueItem[];
  /** The apps of these functions answer again: what was held, or could not reach them, is due at once. */
  resume(functionIds: ReadonlySet<string>): void;
  /** Begins: takes up everything that is on disk. */
  start(worker: QueueWorker): void;
  /** Ends: no timer and no further item; what is in flight stays on disk. */
  stop(): void;
}

interface Entry {
  item: QueueItem;
  state: "timed" | "held" | "ready" | "sent" | "gone";
  /** Counts reschedulings, so that an older place in the heap is void. */
  turn: number;
}

const isCall = (item: QueueItem): boolean => item.kind === "call" || item.kind === "step";

/**
 * Makes the queue of a database. All items are in memory and on disk; one timer waits for the next that is due, and
 * nothing polls.
 * @param maxInFlight how many requests to apps may be open at once
 */
export function makeQueue(db: Database, log: (line: string) => void, maxInFlight: number): Queue {
  const entries = new Map<number, Entry>();
  const byRun = new Map<string, Set<Entry>>();
  const timed: Heap<{ entry: Entry; turn: number; dueMs: number }> = makeHeap((a, b) => a.dueMs < b.dueMs);
  let lanes: Lanes<Entry> | undefined;
  let worker: QueueWorker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isTickPlanned = false;

  function remember(item: QueueItem): void {
    const entry: Entry = { item, state: "timed", turn: 0 };
    entries.set(item.id, entry);
    if (item.runId !== null) {
      const ofRun = byRun.get(item.runId) ?? new Set();
      byRun.set(item.runId, ofRun.add(entry));
    }
    timed.push({ entry, turn: 0, dueMs: item.dueMs });
  }

  function forget(entry: Entry): void {
    entry.state = "gone";
    entries.delete(entry.item.id);
    const { runId } = entry.item;
    const ofRun = runId === null ? undefined : byRun.get(runId);
    ofRun?.delete(entry);
    if (runId !== null && ofRun?.size === 0) byRun.delete(runId);
  }

  function putBack(entry: Entry): void {
    entry.state = "timed";
    entry.turn += 1;
    timed.push({ entry, turn: entry.turn, dueMs: entry.item.dueMs });
    planTick();
  }

  function planTick(): void {
    if (isTickPlanned || !worker) return;
    isTickPlanned = true;
    queueMicrotask(tick);
  }

  function tick(): void {
    isTickPlanned = false;
    if (!worker) return;
    clearTimeout(timer);
    for (let next = timed.peek(); next; next = timed.peek()) {
      const { entry, turn, dueMs } = next;
      const isVoid = entry.state !== "timed" || entry.turn !== turn;
      if (!isVoid && dueMs > Date.now()) {
        timer = setTimeout(tick, Math.min(Math.max(dueMs - Date.now(), 1), MAX_TIMER_MS));
        break;
      }
      timed.pop();
      if (!isVoid) begin(entry, worker);
    }
    lanes?.pump();
  }

  function begin(entry: Entry, given: QueueWorker): void {
    if (isCall(entry.item)) {
      entry.state = given.isHeld(entry.item.functionId) ? "held" : "ready";
      if (entry.state === "ready") lanes?.push(entry);
      return;
    }
    try {
      given.fire(entry.item);
    } catch (error) {
      log(`${entry.item.kind} of ${entry.item.functionId} failed here: ${String(error)}`);
      entry.item.dueMs = Date.now() + FAULT_DELAY_MS;
      putBack(entry);
    }
  }

  async function send(entry: Entry): Promise<void> {
    if (!worker) return;
    entry.state = "sent";
    try {
      await worker.call(entry.item);
    } catch (error) {
      log(`a call of ${entry.item.functionId} failed here: ${String(error)}`);
    }
    // Whatever went wrong on our side, the item stays on disk and comes again. A stopped queue leaves it there.
    const isLeft = (entry.state as Entry["state"]) === "sent";
    if (isLeft && worker) {
      entry.item.dueMs = Date.now() + FAULT_DELAY_MS;
      putBack(entry);
    }
  }

  function dropMany(doomed: Iterable<Entry>): void {
    for (const entry of doomed) forget(entry);
  }

  return {
    add(item) {
      const id = insertItem(db, item);
      db.afterCommit(() => {
        remember({ ...item, id, attempt: 0, away: 0 });
        planTick();
      });
      return id;
    },
    drop(id) {
      db.run("DELETE FROM queue WHERE id = ?", id);
      db.afterCommit(() => {
        const entry = entries.get(id);
        if (entry) forget(entry);
      });
    },
    dropRun(runId) {
      db.run("DELETE FROM queue WHERE run_id = ?", runId);
      db.afterCommit(() => dropMany([...(byRun.get(runId) ?? [])]));
    },
    dropStep(runId, stepId) {
      db.run("DELETE FROM queue WHERE run_id = ? AND step_id = ?", runId, stepId);
      db.afterCommit(() =>
        dropMany([...(byRun.get(runId) ?? [])].filter((entry) => entry.item.stepId === stepId)),
      );
    },
    reschedule(id, change) {
      const entry = entries.get(id);
      if (!entry) return;
      const { dueMs, attempt = entry.item.attempt, away = 0 } = change;
      moveItem(db, id, { dueMs, attempt, away });
      db.afterCommit(() => {
        if (entry.state === "gone") return;
        Object.assign(entry.item, { dueMs, attempt, away });
        putBack(entry);
      });
    },
    hasUnsentCall(runId) {
      return db
        .all("SELECT id FROM queue WHERE run_id = ? AND kind = 'call'", runId)
        .some((row) => entries.get(number(row, "id"))?.state !== "sent");
    },
    ofFunction(functionId, kind) {
      return itemsOf(db, functionId, kind);
    },
    resume(functionIds) {
      const nowMs = Date.now();
      db.transaction(() => {
        for (const entry of entries.values()) {
          const { item, state } = entry;
          if (!isCall(item) || !functionIds.has(item.functionId)) continue;
          const waitsForApp = state === "held" || (state === "timed" && item.away > 0);
          if (!waitsForApp) continue;
          moveItem(db, item.id, { dueMs: nowMs, attempt: item.attempt, away: 0 });
          db.afterCommit(() => {
            Object.assign(item, { dueMs: nowMs, away: 0 });
            putBack(entry);
          });
        }
      });
    },
    start(given) {
      worker = given;
      lanes = makeLanes<Entry>({
        maxInFlight,
        isWanted: (entry) => entry.state === "ready",
        limitsOf: (functionId) => given.limitsOf(functionId),
        send,
      });
      for (const item of allItems(db)) remember(item);
      planTick();
    },
    stop() {
      worker = undefined;
      clearTimeout(timer);
    },
  };
}
