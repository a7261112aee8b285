"use client";

import { useEffect, useEffectEvent } from "react";
import { useLiveClient } from "../../live/live-provider.tsx";
import { createReader } from "../../live/reader.ts";
import type { Hints } from "../../live/use-live-query.ts";

/**
 * Reads again upon hints, one read at a time and never sooner than `gap_ms` after the last: the console sees everybody's
 * goals, so hints come by the hundred, and what it reads is long. What `read` does must not reject.
 */
export function useHints(read: () => Promise<unknown>, { channels, events }: Hints, gap_ms: number): void {
  const client = useLiveClient();
  const again = useEffectEvent(read);
  const hears = useEffectEvent(
    (event: string) => event === "pusher:subscription_succeeded" || events.some((name) => name === event),
  );
  useEffect(() => {
    const reader = createReader(() => again(), gap_ms);
    const request = () => reader.request();
    const releases = channels.map((channel) =>
      client.listen(channel, (event) => {
        if (hears(event)) request();
      }),
    );
    const returns = ["focus", "online", "pageshow"] as const;
    for (const way of returns) window.addEventListener(way, request);
    return () => {
      for (const way of returns) window.removeEventListener(way, request);
      reader.stop();
      for (const release of releases) release();
    };
  }, [client, channels, gap_ms]);
}
