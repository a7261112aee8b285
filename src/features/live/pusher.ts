import type Pusher from "pusher-js";
import type { LiveSettings } from "./settings.ts";

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/**
 * Loads pusher-js and connects. The library comes in a chunk of its own, after the page can be used, and never reaches
 * the server. Only web sockets: the library's other transports would ask hosts of pusher.com.
 */
export async function connectPusher({ key, cluster, host, port, tls }: LiveSettings): Promise<Pusher> {
  const { default: Client } = await import("pusher-js");
  return new Client(key, {
    cluster,
    forceTLS: tls,
    // After the browser's word that it is offline, or a long silence, an answer has to come within this time.
    pongTimeout: 6_000,
    enabledTransports: host !== null && loopback.test(host) && !tls ? ["ws"] : ["ws", "wss"],
    channelAuthorization: { endpoint: "/api/pusher/auth", transport: "ajax" },
    ...(host !== null && { wsHost: host }),
    ...(port !== null && { wsPort: port, wssPort: port }),
  });
}
