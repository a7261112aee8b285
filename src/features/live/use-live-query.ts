"use client";

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import type { LiveEventName } from "#src/contract/channels.ts";
import { isPassing, problemOf } from "../api/problem.ts";
import { useLiveClient, useLiveState } from "./live-provider.tsx";
import { createReader, type Reader } from "./reader.ts";
import { createSignalMemory } from "./signals.ts";

/** Between two reads of one query, whatever hints come. */
const gap_ms = 150;
/** The net below the hints, and how often a page reads that hears none. */
const net_ms = 60_000;
const polling_ms = 3_000;

/**
 * How often a live query reads of itself, in milliseconds, for its `refetchInterval`: rarely while hints come, often
 * while they do not, and no more once the server has said that asking is in vain.
 */
export function useNet(): (query: { readonly state: { readonly error: unknown } }) => number | false {
  const every_ms = useLiveState() === "live" ? net_ms : polling_ms;
  return ({ state: { error } }) => (error === null || isPassing(problemOf(error)) ? every_ms : false);
}

/** Which channels speak of a query, and by which events. */
export interface Hints {
  /** Always the same array: it decides what is subscribed. */
  readonly channels: readonly string[];
  readonly events: readonly LiveEventName[];
}

/**
 * Keeps a query as fresh as its channels allow. A message is never taken for the truth: it makes the page read again,
 * as does every subscription that succeeds, since what was said before it is lost. So does coming back to the page, by
 * any way; the net is TanStack's.
 */
export function useLiveQuery(queryKey: QueryKey, { channels, events }: Hints): void {
  const client = useLiveClient();
  const queryClient = useQueryClient();
  const [signals] = useState(createSignalMemory);
  const read = useEffectEvent(() => queryClient.invalidateQueries({ queryKey }));
  const hears = useEffectEvent((event: string, data: unknown) => {
    if (event === "pusher:subscription_succeeded") return true;
    return events.some((name) => name === event) && !signals.isRepeat(event, data);
  });
  useEffect(() => {
    const reader: Reader = createReader(() => read(), gap_ms);
    const releases = channels.map((channel) =>
      client.listen(channel, (event, data) => {
        if (hears(event, data)) reader.request();
      }),
    );
    const returns = ["focus", "online", "pageshow"] as const;
    const again = () => reader.request();
    for (const way of returns) window.addEventListener(way, again);
    return () => {
      for (const way of returns) window.removeEventListener(way, again);
      reader.stop();
      for (const release of releases) release();
    };
  }, [client, channels]);
}
