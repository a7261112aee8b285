import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createLiveClient, type Listener, type PusherLike } from "./client.ts";

/** A pusher-js as far as the client sees it, driven by hand. */
function fakePusher() {
  const bound = new Map<string, { subscribed: boolean; listeners: Listener[] }>();
  const calls: string[] = [];
  const bindings: { event: string; listener: (data: unknown) => void }[] = [];
  const emit = (name: string, data: unknown = {}) => {
    for (const { event, listener } of bindings) if (event === name) listener(data);
  };
  const connection = {
    state: "connecting",
    bind: (event: string, listener: (data: unknown) => void) => void bindings.push({ event, listener }),
  };
  const pusher: PusherLike = {
    connection,
    connect: () => void calls.push("connect"),
    disconnect: () => void calls.push("disconnect"),
    probe: () => Promise.resolve(false),
    subscribe(name) {
      calls.push(`subscribe ${name}`);
      const channel = bound.get(name) ?? { subscribed: false, listeners: [] };
      bound.set(name, channel);
      return {
        get subscribed() {
          return channel.subscribed;
        },
        subscriptionPending: true,
        bind_global: (listener) => channel.listeners.push(listener),
      };
    },
    unsubscribe(name) {
      calls.push(`unsubscribe ${name}`);
      bound.delete(name);
    },
  };
  return {
    pusher,
    calls,
    say: (name: string, event: string, data: unknown = {}) => {
      const channel = bound.get(name);
      if (channel && event === "pusher:subscription_succeeded") channel.subscribed = true;
      for (const listener of channel?.listeners ?? []) listener(event, data);
    },
    turn: (state: string) => {
      if (state !== "connected") for (const channel of bound.values()) channel.subscribed = false;
      connection.state = state;
      emit("state_change");
    },
    fail: (code: number) => emit("error", { type: "PusherError", data: { code } }),
  };
}

const succeeded = "pusher:subscription_succeeded";

describe("the live connection", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function connected() {
    const fake = fakePusher();
    const connect = vi.fn<() => Promise<PusherLike>>(() => Promise.resolve(fake.pusher));
    const client = createLiveClient(connect);
    const release = client.listen("a", () => {});
    await vi.advanceTimersByTimeAsync(0);
    fake.turn("connected");
    fake.say("a", succeeded);
    return { fake, connect, client, release };
  }

  test("nothing connects before a channel is asked for, and then once", async () => {
    const fake = fakePusher();
    const connect = vi.fn<() => Promise<PusherLike>>(() => Promise.resolve(fake.pusher));
    const client = createLiveClient(connect);
    await vi.advanceTimersByTimeAsync(10);
    expect(connect).not.toHaveBeenCalled();
    client.listen("a", () => {});
    client.listen("b", () => {});
    await vi.advanceTimersByTimeAsync(0);
    expect(connect).toHaveBeenCalledTimes(1);
    expect(fake.calls).toEqual(["subscribe a", "subscribe b"]);
  });

  test("one listener's leaving does not silence another", async () => {
    const { fake, client, release } = await connected();
    const heard: string[] = [];
    client.listen("a", (event) => heard.push(event));
    release();
    await vi.advanceTimersByTimeAsync(60_000);
    fake.say("a", "goal.created");
    expect(heard).toEqual([succeeded, "goal.created"]);
    expect(fake.calls).toEqual(["subscribe a"]);
  });

  test("a channel is given up some time after its last listener has left, unless another comes before", async () => {
    const { fake, client, release } = await connected();
    release();
    const again = client.listen("a", () => {});
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fake.calls).toEqual(["subscribe a"]);
    again();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fake.calls).toEqual(["subscribe a", "unsubscribe a"]);
  });

  test("is live only while every channel is subscribed, and says when it tries again", async () => {
    const fake = fakePusher();
    const client = createLiveClient(() => Promise.resolve(fake.pusher));
    const states: string[] = [client.state()];
    client.watch(() => states.push(client.state()));
    client.listen("a", () => {});
    await vi.advanceTimersByTimeAsync(0);
    fake.turn("connected");
    fake.say("a", succeeded);
    fake.turn("connecting");
    fake.turn("unavailable");
    fake.turn("connected");
    fake.say("a", succeeded);
    expect(states).toEqual(["connecting", "live", "reconnecting", "offline", "reconnecting", "live"]);
  });

  test("a refused subscription is tried again", async () => {
    const { fake, client } = await connected();
    client.listen("b", () => {});
    fake.say("b", "pusher:subscription_error", { status: 503 });
    expect(client.state()).toBe("reconnecting");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(fake.calls).toEqual(["subscribe a", "subscribe b", "subscribe b"]);
    fake.say("b", succeeded);
    expect(client.state()).toBe("live");
  });

  test("on a channel with too many listeners already, the page polls, and tries again later", async () => {
    const { fake, client } = await connected();
    client.listen("presence-stream@1", () => {});
    fake.fail(4100);
    expect(client.state()).toBe("polling");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fake.calls.filter((call) => call === "subscribe presence-stream@1")).toHaveLength(2);
    fake.say("presence-stream@1", succeeded);
    expect(client.state()).toBe("live");
  });

  test("a library that does not load leaves the page offline, and is asked for again by the next page", async () => {
    const fake = fakePusher();
    const connect = vi
      .fn<() => Promise<PusherLike>>(() => Promise.resolve(fake.pusher))
      .mockRejectedValueOnce(new Error("no such chunk"));
    const client = createLiveClient(connect);
    client.listen("a", () => {});
    await vi.advanceTimersByTimeAsync(0);
    expect(client.state()).toBe("offline");
    client.listen("b", () => {});
    await vi.advanceTimersByTimeAsync(0);
    expect(fake.calls).toEqual(["subscribe a", "subscribe b"]);
  });
});
