"use client";

import { useSyncExternalStore } from "react";

/** Where the choice of going without single keys is kept: speech input and stray fingers set them off. */
const key = "goalkeeper.keys-off";
const watchers = new Set<() => void>();
let chosen: boolean | undefined;

function isOn(): boolean {
  try {
    return (chosen ??= localStorage.getItem(key) === null);
  } catch {
    return true;
  }
}

/** Turns the single keys on or off, on this device. */
export function turnKeys(on: boolean): void {
  chosen = on;
  try {
    if (on) localStorage.removeItem(key);
    else localStorage.setItem(key, "");
  } catch {
    // It holds for this visit.
  }
  for (const changed of watchers) changed();
}

function watch(changed: () => void): () => void {
  watchers.add(changed);
  return () => void watchers.delete(changed);
}

/** Whether single keys act. */
export const useKeysOn = (): boolean => useSyncExternalStore(watch, isOn, () => true);
