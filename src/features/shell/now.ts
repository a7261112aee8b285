"use client";

import { useSyncExternalStore } from "react";

/**
 * One clock for all that ticks alike on a page, so that all of it ticks together; it stands still while nobody looks.
 * `read` gives the time of the last tick in milliseconds, 0 before the first.
 */
export function createClock(tick_ms: number) {
  let now = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const listeners = new Set<() => void>();
  return {
    subscribe: (listener: () => void): (() => void) => {
      if (listeners.size === 0) {
        now = Date.now();
        timer = setInterval(() => {
          now = Date.now();
          for (const tick of listeners) tick();
        }, tick_ms);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
    read: () => now,
    /** The time of the last tick; before the first, that of the first reading. */
    readOrBegin: () => (now === 0 ? (now = Date.now()) : now),
  };
}

const seconds = createClock(1_000);

/** The time in milliseconds, as of the last tick; null on the server, whose clock is not the reader's. */
export const useNow = (): number | null =>
  useSyncExternalStore(
    seconds.subscribe,
    () => (seconds.read() === 0 ? null : seconds.read()),
    () => null,
  );
