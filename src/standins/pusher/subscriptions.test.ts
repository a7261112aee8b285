import { afterEach, expect, test } from "vitest";
import { app, client, endAll, eventually, RawClient, sdk, start } from "./test-clients.ts";

afterEach(endAll);

test("a message reaches each subscriber once, and nobody else", async () => {
  const { port } = await start();
  const [one, two, other] = await Promise.all([client(port), client(port), client(port)]);
  await Promise.all([one.subscribe("news"), two.subscribe("news"), other.subscribe("weather")]);
  const server = sdk(port);
  await server.trigger("news", "headline", { text: "snö ☃", n: 1 });
  await server.trigger(["news", "news"], "twice named", {});
  await server.trigger(["news", "weather"], "end", {});
  await eventually(() => [one, two, other].every((each) => each.got("end").length === 1));
  expect(one.got("headline")).toEqual([{ text: "snö ☃", n: 1 }]);
  expect(two.got("headline")).toEqual([{ text: "snö ☃", n: 1 }]);
  expect(one.got("twice named")).toEqual([{}]);
  expect(other.got("headline")).toEqual([]);
});

test("after unsubscribing nothing more arrives", async () => {
  const { port } = await start();
  const one = await client(port);
  await one.subscribe("news");
  await one.subscribe("weather");
  one.pusher.unsubscribe("news");
  await eventually(() => one.pusher.channel("news") === undefined);
  const raw = await new RawClient(port).opened();
  raw.send("pusher:subscribe", { channel: "news" });
  await raw.take("pusher_internal:subscription_succeeded");
  raw.send("pusher:unsubscribe", { channel: "news" });
  raw.send("pusher:ping", {});
  await raw.take("pusher:pong");
  await sdk(port).trigger(["news", "weather"], "headline", "x");
  await eventually(() => one.got("headline").length === 1);
  expect(raw.frames.filter((frame) => frame.event === "headline")).toEqual([]);
});

test("who has unsubscribed may subscribe again", async () => {
  const { port } = await start();
  const raw = await new RawClient(port).opened();
  for (let round = 0; round < 3; round += 1) {
    raw.send("pusher:subscribe", { channel: "news" });
    await raw.take("pusher_internal:subscription_succeeded");
    raw.send("pusher:unsubscribe", { channel: "news" });
  }
  raw.send("pusher:unsubscribe", { channel: "news" });
  const { data } = await raw.take("pusher:error");
  expect(data).toMatchObject({ message: expect.stringContaining("No current subscription to channel news") });
});

test("the socket that is excluded does not receive the message", async () => {
  const { port } = await start();
  const [one, two] = await Promise.all([client(port), client(port)]);
  await Promise.all([one.subscribe("news"), two.subscribe("news")]);
  await sdk(port).trigger("news", "headline", "x", { socket_id: one.socketId });
  await sdk(port).trigger("news", "end", "x");
  await eventually(() => one.got("end").length === 1 && two.got("end").length === 1);
  expect(one.got("headline")).toEqual([]);
  expect(two.got("headline")).toEqual(["x"]);
});

test("a private channel is joined with the app's signature", async () => {
  const { port } = await start();
  const one = await client(port);
  await one.subscribe("private-user@5f00000000000000000000aa");
  await sdk(port).trigger("private-user@5f00000000000000000000aa", "goal.ended", { goal_id: "g" });
  await eventually(() => one.got("goal.ended").length > 0);
  expect(one.got("goal.ended")).toEqual([{ goal_id: "g" }]);
});

test("a private channel without a valid signature is refused with 4009", async () => {
  const { port } = await start();
  const { auth } = sdk(port).authorizeChannel("1.1", "private-a");
  const forged = sdk(port, { secret: "wrong" });
  const cases: [(socketId: string) => string, RegExp][] = [
    [() => "", /Auth info required/],
    [() => "nonsense", /should be of format 'key:signature'/],
    [() => auth, /Invalid signature: Expected HMAC SHA256 hex digest of .*:private-a, but got/],
    [(socketId) => forged.authorizeChannel(socketId, "private-a").auth, /Invalid signature/],
    [(socketId) => sdk(port).authorizeChannel(socketId, "private-b").auth, /Invalid signature/],
    [
      (socketId) => sdk(port).authorizeChannel(socketId, "private-a").auth.replace(app.key, "other"),
      /Invalid key/,
    ],
  ];
  for (const [authorize, reason] of cases) {
    const one = await client(port, { authorize: (socketId) => ({ auth: authorize(socketId) }) });
    const channel = one.pusher.subscribe("private-a");
    await eventually(() => one.errors.length === 1);
    expect(one.errors[0]).toMatchObject({ code: 4009, message: expect.stringMatching(reason) });
    expect(channel.subscribed).toBe(false);
    expect(one.pusher.connection.state).toBe("connected");
  }
  expect(await (await sdk(port).get({ path: "/channels" })).json()).toEqual({ channels: {} });
});

test("channel data that was changed after signing is refused", async () => {
  const { port } = await start();
  const one = await client(port, {
    authorize: (socketId, channel) => ({
      ...sdk(port).authorizeChannel(socketId, channel, { user_id: "vic" }),
      channel_data: '{"user_id":"root"}',
    }),
  });
  one.pusher.subscribe("presence-stream@a");
  await eventually(() => one.errors.length === 1);
  expect(one.errors[0]?.code).toBe(4009);
});

test("an illegal channel name is refused, and the connection goes on", async () => {
  const { port } = await start();
  const raw = await new RawClient(port).opened();
  for (const name of ["", "a:b", "#private", "x".repeat(165), "ö", "#server-to-user-"]) {
    raw.send("pusher:subscribe", { channel: name });
    await raw.take("pusher:error");
  }
  const channel = "x".repeat(164);
  raw.send("pusher:subscribe", { channel });
  expect(await raw.take("pusher_internal:subscription_succeeded")).toMatchObject({ channel, data: "{}" });
});

test("subscribing twice is refused and changes nothing", async () => {
  const { port } = await start();
  const raw = await new RawClient(port).opened();
  raw.send("pusher:subscribe", { channel: "news" });
  raw.send("pusher:subscribe", { channel: "news" });
  const error = await raw.take("pusher:error");
  expect(error.data).toEqual({ code: null, message: "Existing subscription to channel news" });
  await sdk(port).trigger("news", "headline", "x");
  await sdk(port).trigger("news", "end", "x");
  await raw.take("end");
  expect(raw.frames.filter((frame) => frame.event === "headline")).toHaveLength(1);
});

test("an encrypted channel passes on what only the clients can read", async () => {
  const { port } = await start();
  const key = Buffer.alloc(32, 7).toString("base64");
  const server = sdk(port, { encryptionMasterKeyBase64: key });
  const one = await client(port, {
    authorize: (socketId, channel) => server.authorizeChannel(socketId, channel),
  });
  const raw = await new RawClient(port).opened();
  const { auth } = server.authorizeChannel(raw.socketId, "private-encrypted-a");
  raw.send("pusher:subscribe", { channel: "private-encrypted-a", auth });
  await raw.take("pusher_internal:subscription_succeeded");
  await one.subscribe("private-encrypted-a");
  await server.trigger("private-encrypted-a", "secret", { text: "clear" });
  await eventually(() => one.got("secret").length === 1);
  expect(one.got("secret")).toEqual([{ text: "clear" }]);
  expect((await raw.take("secret")).data).not.toContain("clear");
});

test("a cache channel hands its last event to a newcomer, and says so when it has none", async () => {
  const { port } = await start();
  const early = await client(port);
  await early.subscribe("cache-score");
  await eventually(() => early.got("pusher:cache_miss").length === 1);
  await sdk(port).trigger("cache-score", "goal", { home: 1 });
  await sdk(port).trigger("cache-score", "goal", { home: 2 });
  const late = await client(port);
  await late.subscribe("cache-score");
  await eventually(() => late.got("goal").length > 0);
  expect(late.got("goal")).toEqual([{ home: 2 }]);
  expect(late.got("pusher:cache_miss")).toEqual([]);
});

test("the number of subscribers is told only where the app's settings say so", async () => {
  const quiet = await start();
  const telling = await start({ subscriptionCounts: true });
  const [one, two, three] = await Promise.all([
    client(quiet.port),
    client(telling.port),
    client(telling.port),
  ]);
  await one.subscribe("news");
  const channel = await two.subscribe("news");
  await three.subscribe("news");
  await eventually(() => Number(channel.subscriptionCount) === 2);
  three.pusher.disconnect();
  await eventually(() => Number(channel.subscriptionCount) === 1);
  expect(one.got("pusher:subscription_count")).toEqual([]);
});
