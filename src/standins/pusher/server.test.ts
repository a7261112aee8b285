import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import {
  app,
  client,
  endAll,
  eventually,
  RawClient,
  rawRequest,
  sdk,
  start,
  TestClient,
} from "./test-clients.ts";

afterEach(endAll);

test("clients are back after a restart on the same port, on the channels that they had", async () => {
  const server = await start();
  const one = await client(server.port, { user: { id: "ada" } });
  await one.subscribe("private-a");
  const firstSocket = one.socketId;
  await server.close();
  await server.close();
  await start({}, server.port);
  await eventually(() => one.pusher.connection.state === "connected" && one.socketId !== firstSocket);
  await eventually(() => one.pusher.channel("private-a").subscribed);
  await sdk(server.port).trigger("private-a", "e", "x");
  await eventually(() => one.got("e").length > 0);
  expect(one.got("e")).toEqual(["x"]);
  expect(one.errors).toEqual([]);
});

test("a closing server does not wait for clients that do not answer", async () => {
  const server = await start();
  const raw = await new RawClient(server.port).opened();
  raw.socket.pause();
  const halfSent = rawRequest(
    server.port,
    "POST /apps/4711/events HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{",
  );
  await server.close();
  expect(await halfSent).not.toContain("200");
});

test("a second server on the same port is refused", async () => {
  const { port } = await start();
  await expect(start({}, port)).rejects.toThrow("EADDRINUSE");
});

test.each([
  ["/app/other?protocol=7", 4001],
  ["/apps/a-key?protocol=7", 4005],
  ["/", 4005],
  ["/app/a-key", 4008],
  ["/app/a-key?protocol=x", 4006],
  ["/app/a-key?protocol=4", 4007],
  ["/app/%ff?protocol=7", 4005],
])("a socket to %s is closed with %d", async (path, code) => {
  const { port } = await start();
  const raw = new RawClient(port, path);
  await eventually(() => raw.closed !== undefined);
  expect(raw.closed?.code).toBe(code);
});

test("pusher-js with an unknown key stays away", async () => {
  const { port } = await start();
  const one = new TestClient(port, { key: "other" });
  await eventually(() => one.pusher.connection.state === "disconnected");
  expect(one.errors[0]?.code).toBe(4001);
});

test("a silent client is pinged, and cut off with 4201 when it does not answer", async () => {
  const { port } = await start({ activityTimeout_s: 0.1, pongTimeout_s: 0.2 });
  const [dead, alive] = await Promise.all([new RawClient(port).opened(), new RawClient(port).opened()]);
  alive.socket.on("message", (data: Buffer) => {
    if (data.includes("pusher:ping")) alive.send("pusher:pong", {});
  });
  await eventually(() => dead.closed !== undefined);
  expect(dead.closed?.code).toBe(4201);
  expect(dead.frames.filter((frame) => frame.event === "pusher:ping")).toHaveLength(1);
  expect(alive.closed).toBeUndefined();
});

test("a client's ping is answered", async () => {
  const { port } = await start();
  const raw = await new RawClient(port).opened();
  raw.send("pusher:ping", {});
  expect(await raw.take("pusher:pong")).toEqual({ event: "pusher:pong", data: "{}" });
});

test("a client that does not read is cut off, and the others are served", async () => {
  const { port } = await start();
  const [slow, other] = await Promise.all([new RawClient(port).opened(), client(port)]);
  const channels = Array.from({ length: 100 }, (_, index) => `c-${index}`);
  for (const channel of channels) slow.send("pusher:subscribe", { channel });
  await eventually(() => slow.frames.length > channels.length);
  await other.subscribe("c-0");
  slow.socket.pause();
  const isCutOff = async (): Promise<boolean> => {
    await sdk(port).trigger(channels, "e", "x".repeat(10_240));
    const { channels: occupied } = (await (await sdk(port).get({ path: "/channels" })).json()) as {
      channels: object;
    };
    return Object.keys(occupied).length === 1;
  };
  await expect.poll(isCutOff, { interval: 1, timeout: 10_000 }).toBe(true);
  await sdk(port).trigger("c-0", "end", "x");
  await eventually(() => other.got("end").length === 1);
});

test("anyone may ask whether it is alive", async () => {
  const { port } = await start();
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  expect([answer.status, await answer.text()]).toEqual([200, "ok"]);
});

test("a request that arrives too slowly is given up", async () => {
  const { port } = await start({ requestTimeout_s: 0.2 });
  const head = "POST /apps/4711/events HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{";
  expect(await rawRequest(port, head)).toContain("408");
  await rawRequest(port, "GET / HTTP/1.1\r\nhost");
});

test("requests that no client sends are answered, and do not end the process", async () => {
  const { port } = await start();
  const targets = [
    "//",
    "http://[",
    "http://x/",
    "*",
    "/%",
    "/apps/%zz/events",
    "/?a=%",
    "/apps//events",
    "/../..",
    "?",
  ];
  for (const method of ["GET", "POST", "DELETE", "OPTIONS"]) {
    for (const target of targets) {
      const answer = await rawRequest(
        port,
        `${method} ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      );
      expect(answer, `${method} ${target}`).toMatch(/^HTTP\/1\.1 4\d\d /);
    }
  }
  for (const target of ["//", "http://["]) {
    const answer = await rawRequest(port, `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    expect(answer).toContain("400 Bad Request");
    const upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 1";
    await rawRequest(port, `GET ${target} HTTP/1.1\r\nhost: x\r\n${upgrade}\r\n\r\n`);
  }
  await client(port);
});

test("frames that no client sends do not end the process", async () => {
  const { port } = await start({ clientEvents: true });
  const json = fc.jsonValue({ maxDepth: 3 });
  const event = fc.constantFrom(
    "pusher:subscribe",
    "pusher:unsubscribe",
    "pusher:signin",
    "pusher:ping",
    "client-x",
    "pusher_internal:member_added",
  );
  const data = fc.oneof(
    json,
    fc.record({ channel: json, auth: json, channel_data: json, user_data: json }, { requiredKeys: [] }),
    fc.record({
      channel: fc.constantFrom("a", "private-a", "presence-a", "cache-a", "#server-to-user-a"),
      auth: json,
    }),
  );
  const frame = fc.oneof(
    json.map((value) => JSON.stringify(value)),
    fc.string(),
    fc.record({ event, data, channel: json }).map((value) => JSON.stringify(value)),
  );
  // A forged sign-in ends its socket, so many sockets take a few frames each.
  for (let round = 0; round < 50; round += 1) {
    const raw = await new RawClient(port).opened();
    for (const text of fc.sample(frame, 40)) raw.socket.send(text);
    raw.send("pusher:ping", {});
    await eventually(
      () => raw.closed !== undefined || raw.frames.some(({ event: name }) => name === "pusher:pong"),
    );
  }
  for (const text of [
    "[".repeat(60_000),
    `{"event":"client-x","channel":"a","data":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
  ]) {
    const other = await new RawClient(port).opened();
    other.socket.send(text);
    await other.take("pusher:error");
    other.socket.send(Buffer.from([1, 2, 3]));
    await other.take("pusher:error");
    other.socket.send("x".repeat(200_000));
    await eventually(() => other.closed !== undefined);
    expect(other.closed?.code).toBe(1009);
  }
  const one = await client(port);
  await one.subscribe("news");
  await sdk(port).trigger("news", "e", "x");
  await eventually(() => one.got("e").length > 0);
  expect(one.got("e")).toEqual(["x"]);
});

test("requests with fuzzed bodies are refused, and do not end the process", async () => {
  const { port } = await start();
  const paths = ["/events", "/batch_events", "/users/u/events", "/users/u/terminate_connections"];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.object({ maxDepth: 2 }), async (path, body) => {
      const query = sdk(port).createSignedQueryString({
        method: "POST",
        path: `/apps/${app.appId}${path}`,
        body: JSON.stringify(body),
        params: {},
      });
      const answer = await fetch(`http://127.0.0.1:${port}/apps/${app.appId}${path}?${query}`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      expect([200, 400]).toContain(answer.status);
      await answer.text();
    }),
    { numRuns: 200 },
  );
});
