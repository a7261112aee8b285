"use client";

import { useSyncExternalStore } from "react";

// Whether this page's session is known to have ended. One for the page: whoever hears of it first says so for all.
let ended = false;
let leaving = false;
const watchers = new Set<() => void>();
const restorers = new Set<() => void>();

function set(next: boolean): void {
  if (ended === next) return;
  ended = next;
  for (const changed of watchers) changed();
}

/** Says that a request was answered `unauthenticated`: the page asks the person to sign in again, on top of itself. */
export const noteSessionEnded = (): void => set(!leaving);

/** Says that the person signs out (or, after all, does not): what is refused from here on is no surprise to anyone. */
export function noteSigningOut(signingOut: boolean): void {
  leaving = signingOut;
}

/** Whether the person is signing out just now: what the server takes away from the page need not come back. */
export const isSigningOut = (): boolean => leaving;

/** Says that the person has put signing in again off; what asks next brings it back. */
export const noteSignInPutOff = (): void => set(false);

/** Says that the same person is signed in again. */
export function noteSessionRestored(): void {
  set(false);
  for (const restored of restorers) restored();
}

/** Calls `restored` whenever the person has signed in again, until the answer is called: what waited for it may go on. */
export function onSessionRestored(restored: () => void): () => void {
  restorers.add(restored);
  return () => void restorers.delete(restored);
}

function watch(changed: () => void): () => void {
  watchers.add(changed);
  return () => void watchers.delete(changed);
}

/** Whether the page's session is known to have ended. */
export const useSessionEnded = (): boolean =>
  useSyncExternalStore(
    watch,
    () => ended,
    () => false,
  );
