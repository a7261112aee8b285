import { setTimeout as wait } from "node:timers/promises";
import Pusher from "pusher-js";
import type { StackDescription } from "#src/launcher/stack-file.ts";

/** A message as a real pusher-js client received it. */
interface Heard {
  readonly channel: string;
  readonly event: string;
  readonly data: unknown;
}

export interface Listener {
  /** All messages of all channels so far, in the order of their coming; Pusher's own are left out. */
  readonly heard: readonly Heard[];
  /** Waits until `count` messages of this event have come. */
  until(event: string, count: number): Promise<readonly Heard[]>;
  close(): void;
}

/**
 * Listens to channels as the account behind `authorization`. Comes back when every channel is subscribed, so that no
 * message of what follows is missed.
 */
export async function listen(
  { app, pusher }: StackDescription,
  authorization: string,
  channels: readonly string[],
): Promise<Listener> {
  const client = new Pusher(pusher.key, {
    cluster: "mt1",
    wsHost: pusher.host,
    wsPort: pusher.port,
    wssPort: pusher.port,
    forceTLS: pusher.port === 443,
    enabledTransports: ["ws", "wss"],
    channelAuthorization: {
      endpoint: `${app}/api/pusher/auth`,
      transport: "ajax",
      headers: { authorization },
    },
  });
  const heard: Heard[] = [];
  try {
    await Promise.all(
      channels.map(
        (name) =>
          new Promise<void>((resolve, reject) => {
            const channel = client.subscribe(name);
            channel.bind_global((event: string, data: unknown) => {
              if (event === "pusher:subscription_succeeded") resolve();
              else if (event === "pusher:subscription_error")
                reject(new Error(`${name} refuses the subscription: ${JSON.stringify(data)}`));
              else if (!event.startsWith("pusher")) heard.push({ channel: name, event, data });
            });
          }),
      ),
    );
  } catch (error) {
    client.disconnect();
    throw error;
  }
  return {
    heard,
    until: async (event, count) => {
      for (const deadline = Date.now() + 15_000; Date.now() < deadline; await wait(20)) {
        const matching = heard.filter((message) => message.event === event);
        if (matching.length >= count) return matching;
      }
      throw new Error(`${count} of ${event} were expected, and these came: ${JSON.stringify(heard)}`);
    },
    close: () => client.disconnect(),
  };
}
