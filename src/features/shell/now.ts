"use client";

import { useSyncExternalStore } from "react";

const tick_ms = 1_000;

// One clock for all that ticks on a page, so that all of it ticks together; it stands still while nobody looks.
let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
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
}

/** The time in milliseconds, as of the last tick; null on the server, whose clock is not the reader's. */
export const useNow = (): number | null =>
  useSyncExternalStore(
    subscribe,
    () => (now === 0 ? null : now),
    () => null,
  );
