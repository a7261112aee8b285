"use client";

import { createContext, type ReactNode, use, useState, useSyncExternalStore } from "react";
import { createLiveClient, type LiveClient, type LiveState } from "./client.ts";
import { connectPusher } from "./pusher.ts";
import type { LiveSettings } from "./settings.ts";

const LiveContext = createContext<LiveClient | null>(null);

// One connection for one browser page, however often React mounts the provider.
let browserClient: LiveClient | undefined;

function clientFor(settings: LiveSettings): LiveClient {
  const make = () => createLiveClient(() => connectPusher(settings));
  return typeof window === "undefined" ? make() : (browserClient ??= make());
}

/** Gives the pages below it the one live connection; nothing connects before a channel is asked for. */
export function LiveProvider({ settings, children }: { settings: LiveSettings; children: ReactNode }) {
  const [client] = useState(() => clientFor(settings));
  return <LiveContext value={client}>{children}</LiveContext>;
}

export function useLiveClient(): LiveClient {
  const client = use(LiveContext);
  if (client === null) throw new Error("There is no LiveProvider above this component.");
  return client;
}

const beforeHydration = (): LiveState => "connecting";

/** The connection's state, as it changes. */
export function useLiveState(): LiveState {
  const client = useLiveClient();
  return useSyncExternalStore(client.watch, client.state, beforeHydration);
}
