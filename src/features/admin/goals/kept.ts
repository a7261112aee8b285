"use client";

import { useSyncExternalStore } from "react";
import type { z } from "zod";

/** A choice that is kept on this device. */
export interface Kept<T> {
  readonly get: () => T;
  readonly set: (value: T) => void;
  /** Calls `changed` whenever the choice is another one, here or in another tab, until the answer is called. */
  readonly watch: (changed: () => void) => () => void;
  readonly fallback: T;
}

/** Keeps a choice under `key`. What was kept and no longer makes sense is `fallback`; without storage it holds for this visit. */
export function createKept<T>(key: string, schema: z.ZodType<T>, fallback: T): Kept<T> {
  const watchers = new Set<() => void>();
  let known: T | undefined;

  function read(): T {
    try {
      const text = localStorage.getItem(key);
      const found = text === null ? undefined : schema.safeParse(JSON.parse(text)).data;
      return found ?? fallback;
    } catch {
      return fallback;
    }
  }

  const tell = () => {
    for (const changed of watchers) changed();
  };
  const fromElsewhere = (event: StorageEvent) => {
    if (event.key !== key && event.key !== null) return;
    known = undefined;
    tell();
  };

  return {
    fallback,
    get: () => (known ??= read()),
    set(value) {
      known = value;
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // It holds for this visit.
      }
      tell();
    },
    watch(changed) {
      if (watchers.size === 0) window.addEventListener("storage", fromElsewhere);
      watchers.add(changed);
      return () => {
        watchers.delete(changed);
        if (watchers.size === 0) window.removeEventListener("storage", fromElsewhere);
      };
    },
  };
}

/** A kept choice, as it changes; the server, which cannot know it, takes the fallback. */
export const useKept = <T>(kept: Kept<T>): T =>
  useSyncExternalStore(kept.watch, kept.get, () => kept.fallback);
