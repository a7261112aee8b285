import { makeHeap, type Heap } from "./heap.ts";
import type { QueueItem } from "./model.ts";

interface Waiting {
  item: QueueItem;
}

/** Lets items go to the app while their limits allow it, the oldest first. */
export interface Lanes<T extends Waiting> {
  push(waiting: T): void;
  /** Sends as many as may go now. */
  pump(): void;
}

interface Lane<T> {
  functionId: string;
  keys: string[];
  waiting: Heap<T>;
}

/**
 * Items that count against the same limits stand in one lane, so that a lane that is full hides nothing behind it.
 * What is counted are requests in flight, not runs: a sleeping run holds no place.
 */
export function makeLanes<T extends Waiting>(options: {
  maxInFlight: number;
  /** Whether an item that stood in a lane is still to be sent. */
  isWanted: (waiting: T) => boolean;
  limitsOf: (functionId: string) => number[];
  /** Sends one; its place is free again when the promise settles. It must not reject. */
  send: (waiting: T) => Promise<void>;
}): Lanes<T> {
  const { maxInFlight, isWanted, limitsOf, send } = options;
  const lanes = new Map<string, Lane<T>>();
  const inFlight = new Map<string, number>();
  let total = 0;

  function hasRoom(lane: Lane<T>): boolean {
    const limits = limitsOf(lane.functionId);
    return lane.keys.every((key, index) => {
      const limit = limits[index] ?? 0;
      return limit <= 0 || (inFlight.get(key) ?? 0) < limit;
    });
  }

  /** The oldest item that may go, taken out of its lane. */
  function next(): T | undefined {
    let best: { name: string; lane: Lane<T>; rankMs: number } | undefined;
    for (const [name, lane] of lanes) {
      let head = lane.waiting.peek();
      while (head && !isWanted(head)) {
        lane.waiting.pop();
        head = lane.waiting.peek();
      }
      if (!head) lanes.delete(name);
      else if ((!best || head.item.rankMs < best.rankMs) && hasRoom(lane)) {
        best = { name, lane, rankMs: head.item.rankMs };
      }
    }
    const taken = best?.lane.waiting.pop();
    if (best && best.lane.waiting.size === 0) lanes.delete(best.name);
    return taken;
  }

  function count(keys: string[], by: number): void {
    total += by;
    for (const key of keys) {
      const now = (inFlight.get(key) ?? 0) + by;
      if (now > 0) inFlight.set(key, now);
      else inFlight.delete(key);
    }
  }

  function pump(): void {
    while (total < maxInFlight) {
      const waiting = next();
      if (!waiting) return;
      const keys = waiting.item.lane;
      count(keys, 1);
      void send(waiting).then(() => {
        count(keys, -1);
        pump();
      });
    }
  }

  return {
    push(waiting) {
      const { functionId, lane: keys } = waiting.item;
      const name = JSON.stringify([functionId, ...keys]);
      let lane = lanes.get(name);
      if (!lane) {
        lane = {
          functionId,
          keys,
          waiting: makeHeap((a, b) =>
            a.item.rankMs === b.item.rankMs ? a.item.id < b.item.id : a.item.rankMs < b.item.rankMs,
          ),
        };
        lanes.set(name, lane);
      }
      lane.waiting.push(waiting);
    },
    pump,
  };
}
