import Pusher, { type Options } from "pusher-js";
import type { AppSettings } from "#src/config/env.ts";

/** A real pusher-js client of the server that the settings name, as a page opens it; whoever opens it disconnects it. */
export const openPusherPage = (settings: AppSettings, options: Partial<Options>): Pusher =>
  new Pusher(settings.PUSHER_KEY, {
    cluster: settings.PUSHER_CLUSTER,
    wsHost: settings.PUSHER_HOST ?? "",
    wsPort: settings.PUSHER_PORT ?? 80,
    wssPort: settings.PUSHER_PORT ?? 443,
    forceTLS: settings.PUSHER_TLS,
    enabledTransports: ["ws", "wss"],
    ...options,
  });
