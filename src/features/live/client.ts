import { keepTrying } from "./reconnect.ts";

/**
 * How live a page is: what is shown follows what happens, or tries to again, or does not. `polling`: there is a
 * connection, but a channel takes no more listeners, so the page looks for itself.
 */
export type LiveState = "connecting" | "live" | "reconnecting" | "polling" | "offline";

/** Hears everything of one channel: Pusher's own events (`pusher:…`) and ours. */
export type Listener = (event: string, data: unknown) => void;

/** What is needed of a pusher-js channel. */
interface ChannelLike {
  readonly subscribed: boolean;
  subscriptionPending: boolean;
  bind_global(listener: Listener): unknown;
}

/** What is needed of a pusher-js client. */
export interface PusherLike {
  readonly connection: {
    readonly state: string;
    bind(event: "state_change" | "error", listener: (data: unknown) => void): unknown;
  };
  connect(): void;
  disconnect(): void;
  /** Whether the server answers at all, asked in the cheapest way. Never rejects. */
  probe(): Promise<boolean>;
  subscribe(channel: string): ChannelLike;
  unsubscribe(channel: string): void;
}

/** The page's one connection: who needs a channel takes it and gives it back. */
export interface LiveClient {
  /** Listens to a channel until the answer is called. A channel that is subscribed already says so to who comes later. */
  listen(channel: string, listener: Listener): () => void;
  readonly state: () => LiveState;
  /** Calls `changed` when the state may have changed, until the answer is called. */
  readonly watch: (changed: () => void) => () => void;
}

interface Subscription {
  readonly listeners: Set<Listener>;
  channel: ChannelLike | undefined;
  release: ReturnType<typeof setTimeout> | undefined;
  retry: ReturnType<typeof setTimeout> | undefined;
  refusals: number;
  /** The channel has as many listeners as it may (presence: 100), and said so. */
  isFull: boolean;
}

/** How long a channel that nobody needs is kept: going from page to page, or React's mounting twice, costs nothing. */
const keep_ms = 1_500;
/** The first wait before a refused subscription is tried again; it doubles up to the last. */
const firstRetry_ms = 2_000;
const lastRetry_ms = 60_000;
/** What a server answers to one listener too many. It does not say on which channel. */
const fullCodes: readonly unknown[] = [4004, 4100];

/** Makes a client that connects on the first channel asked for, by `connect`; made on the server, it does nothing. */
export function createLiveClient(connect: () => Promise<PusherLike>): LiveClient {
  const subscriptions = new Map<string, Subscription>();
  const watchers = new Set<() => void>();
  let pusher: PusherLike | undefined;
  let connecting = false;
  let failed = false;
  let wasLive = false;
  let state: LiveState = "connecting";

  function currentState(): LiveState {
    const trying = wasLive ? "reconnecting" : "connecting";
    if (pusher === undefined) return failed ? "offline" : "connecting";
    switch (pusher.connection.state) {
      case "connected": {
        // A connection without its channels hears nothing.
        const all = [...subscriptions.values()];
        if (all.every(({ channel }) => channel?.subscribed === true)) return "live";
        if (all.some(({ isFull }) => isFull)) return "polling";
        return all.some(({ refusals }) => refusals > 1) ? "offline" : trying;
      }
      case "initialized":
      case "connecting":
        return trying;
      default:
        return "offline";
    }
  }

  function noteState(): void {
    const next = currentState();
    if (next === "live") wasLive = true;
    if (next === state) return;
    state = next;
    for (const changed of watchers) changed();
  }

  async function start(): Promise<void> {
    if (connecting) return;
    connecting = true;
    try {
      const connected = await connect();
      pusher = connected;
      failed = false;
      connected.connection.bind("state_change", noteState);
      connected.connection.bind("error", (error) => noteError(connected, error));
      keepTrying(connected);
      for (const [name, subscription] of subscriptions) subscribe(connected, name, subscription);
    } catch {
      // The library itself did not load; polling goes on, and the next page that asks tries again.
      failed = true;
      connecting = false;
    }
    noteState();
  }

  function subscribe(to: PusherLike, name: string, subscription: Subscription): void {
    const channel = to.subscribe(name);
    if (subscription.channel !== undefined) return;
    subscription.channel = channel;
    channel.bind_global((event, data) => {
      if (event === "pusher:subscription_succeeded") {
        subscription.refusals = 0;
        subscription.isFull = false;
      }
      if (event === "pusher:subscription_error") retryLater(to, name, subscription);
      if (event.startsWith("pusher:")) noteState();
      for (const listener of subscription.listeners) listener(event, data);
    });
  }

  /** pusher-js does not ask again for an authorization that failed, until the next connection. */
  function retryLater(to: PusherLike, name: string, subscription: Subscription): void {
    clearTimeout(subscription.retry);
    const wait_ms = Math.min(lastRetry_ms, firstRetry_ms * 2 ** subscription.refusals);
    subscription.refusals += 1;
    subscription.retry = setTimeout(() => {
      if (subscriptions.get(name) === subscription) to.subscribe(name);
    }, wait_ms);
  }

  /** A full channel is refused by an error of the connection, and pusher-js goes on waiting for it. */
  function noteError(to: PusherLike, error: unknown): void {
    if (to.connection.state !== "connected" || !fullCodes.includes(codeOf(error))) return;
    for (const [name, subscription] of subscriptions) {
      const { channel } = subscription;
      if (!name.startsWith("presence-") || channel === undefined || channel.subscribed) continue;
      channel.subscriptionPending = false;
      subscription.isFull = true;
      // Somebody may leave; until then the page looks for itself.
      clearTimeout(subscription.retry);
      subscription.retry = setTimeout(() => {
        if (subscriptions.get(name) === subscription) to.subscribe(name);
      }, lastRetry_ms);
    }
    noteState();
  }

  function drop(name: string, subscription: Subscription): void {
    clearTimeout(subscription.retry);
    subscriptions.delete(name);
    if (subscription.channel !== undefined) pusher?.unsubscribe(name);
    noteState();
  }

  function take(name: string): Subscription {
    const known = subscriptions.get(name);
    if (known !== undefined) {
      clearTimeout(known.release);
      return known;
    }
    const fresh: Subscription = {
      listeners: new Set(),
      channel: undefined,
      release: undefined,
      retry: undefined,
      refusals: 0,
      isFull: false,
    };
    subscriptions.set(name, fresh);
    if (pusher !== undefined) subscribe(pusher, name, fresh);
    else void start();
    return fresh;
  }

  return {
    listen(name, listener) {
      const subscription = take(name);
      subscription.listeners.add(listener);
      if (subscription.channel?.subscribed === true) listener("pusher:subscription_succeeded", {});
      noteState();
      return () => {
        subscription.listeners.delete(listener);
        if (subscription.listeners.size > 0) return;
        clearTimeout(subscription.release);
        subscription.release = setTimeout(() => drop(name, subscription), keep_ms);
      };
    },
    state: () => state,
    watch(changed) {
      watchers.add(changed);
      return () => void watchers.delete(changed);
    },
  };
}

/** The code in an error as pusher-js passes it on. */
function codeOf(error: unknown): unknown {
  const inner = (value: unknown, name: string): unknown =>
    typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return inner(inner(error, "data"), "code") ?? inner(inner(inner(error, "error"), "data"), "code");
}
