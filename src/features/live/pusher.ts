import { isSigningOut } from "../api/session.ts";
import type { PusherLike } from "./client.ts";
import type { LiveSettings } from "./settings.ts";

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/**
 * Loads pusher-js and connects. The library comes in a chunk of its own, after the page can be used, and never reaches
 * the server. Only web sockets: the library's other transports would ask hosts of pusher.com.
 */
export async function connectPusher({ key, cluster, host, port, tls }: LiveSettings): Promise<PusherLike> {
  const { default: Client } = await import("pusher-js");
  const client = new Client(key, {
    cluster,
    forceTLS: tls,
    // After the browser's word that it is offline, or a long silence, an answer has to come within this time.
    pongTimeout: 6_000,
    enabledTransports: host !== null && loopback.test(host) && !tls ? ["ws"] : ["ws", "wss"],
    channelAuthorization: { endpoint: "/api/pusher/auth", transport: "ajax" },
    userAuthentication: { endpoint: "/api/pusher/auth", transport: "ajax" },
    ...(host !== null && { wsHost: host }),
    ...(port !== null && { wsPort: port, wssPort: port }),
  });
  // So that signing out ends this connection, wherever it is done.
  client.signin();
  const origin = `${tls ? "https" : "http"}://${host ?? `ws-${cluster}.pusher.com`}${port === null ? "" : `:${port}`}`;
  return {
    connection: client.connection,
    subscribe: (channel) => client.subscribe(channel),
    unsubscribe: (channel) => client.unsubscribe(channel),
    connect: () => client.connect(),
    disconnect: () => client.disconnect(),
    // Signing out ends this connection before the page is left: nobody would be let in again.
    probe: async () => !isSigningOut() && (await answers(origin)),
  };
}

/** Whether anything answers under this origin. What it says cannot be read from here, and does not matter. */
const answers = (origin: string): Promise<boolean> =>
  fetch(origin, {
    mode: "no-cors",
    cache: "no-store",
    credentials: "omit",
    signal: AbortSignal.timeout(5_000),
  }).then(
    () => true,
    () => false,
  );
