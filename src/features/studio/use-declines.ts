"use client";

import { useEffect, useEffectEvent, useState, useSyncExternalStore } from "react";
import { noteSessionEnded, onSessionRestored } from "../api/session.ts";
import { useLiveState } from "../live/live-provider.tsx";
import { sendDecline } from "./decline.ts";
import type { Declines, Outcome } from "./declines.ts";
import { keepDeclines } from "./kept-declines.ts";
import { createOutbox, type Outbox } from "./outbox.ts";

const none: Declines = new Map();

/** Lets one page at a time send a goal's decline, where the browser can tell (over http it cannot, but on loopback). */
async function exclusively(name: string, act: () => Promise<Outcome>): Promise<Outcome> {
  const locks = (navigator as Partial<Navigator>).locks;
  if (locks === undefined) return await act();
  return await locks.request(name, { ifAvailable: true }, async (lock) =>
    lock === null ? { kind: "busy" } : await act(),
  );
}

async function send(goalId: string, keepalive: boolean): Promise<Outcome> {
  const outcome = await sendDecline(goalId, keepalive);
  if (outcome.kind === "refused" && outcome.problem === "unauthenticated") noteSessionEnded();
  return outcome;
}

/** An outbox in the browser's storage; on the server, where nothing ever begins, one that keeps nothing. */
const makeOutbox = (accountId: string): Outbox =>
  createOutbox({
    now: () => Date.now(),
    chance: () => Math.random(),
    send,
    exclusively: (goalId, act) => exclusively(`goalkeeper.decline.${accountId}.${goalId}`, act),
    kept: typeof window === "undefined" ? null : keepDeclines(accountId, () => window.localStorage),
  });

/**
 * The declines of this account on this page. They go out when their grace ends, at once when the page is left or put
 * away (a phone may never wake it again), and again when the network, the session or the live connection is back.
 * `onSettled` is called when the server has spoken.
 */
export function useDeclines(accountId: string, onSettled: () => void) {
  const [outbox] = useState(() => makeOutbox(accountId));
  const settled = useEffectEvent(onSettled);
  useEffect(() => {
    const ends = [
      outbox.start(),
      outbox.whenSettled(() => settled()),
      onSessionRestored(outbox.hurry),
      on(window, "pagehide", outbox.leave),
      on(window, "online", outbox.hurry),
      on(window, "storage", outbox.adopt),
      on(document, "visibilitychange", () => {
        if (document.visibilityState === "hidden") outbox.leave();
        else outbox.hurry();
      }),
    ];
    return () => {
      outbox.leave();
      for (const end of ends) end();
    };
  }, [outbox]);

  const isLive = useLiveState() === "live";
  useEffect(() => {
    if (isLive) outbox.hurry();
  }, [isLive, outbox]);

  const declines = useSyncExternalStore(outbox.watch, outbox.declines, () => none);
  return { outbox, declines };
}

function on(target: EventTarget, event: string, listener: () => void): () => void {
  target.addEventListener(event, listener);
  return () => target.removeEventListener(event, listener);
}
