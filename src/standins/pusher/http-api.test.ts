import { createHash, createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { app, client, endAll, eventually, post, refusal, sdk, start } from "./test-clients.ts";

afterEach(endAll);

interface Changes {
  readonly key?: string;
  readonly secret?: string;
  readonly timestamp_s?: number;
  readonly version?: string;
  /** Changes the query after signing. */
  readonly tamper?: (query: string) => string;
  /** The body that is really sent. */
  readonly sentBody?: string;
  readonly path?: string;
}

/** A request signed by hand, so that it can be signed wrongly. */
async function postSigned(port: number, changes: Changes = {}): Promise<{ status: number; body: string }> {
  const body = JSON.stringify({ name: "headline", channel: "news", data: "x" });
  const query = [
    `auth_key=${changes.key ?? app.key}`,
    `auth_timestamp=${changes.timestamp_s ?? Math.floor(Date.now() / 1000)}`,
    `auth_version=${changes.version ?? "1.0"}`,
    `body_md5=${createHash("md5").update(body).digest("hex")}`,
  ].join("&");
  const text = `POST\n/apps/${app.appId}/events\n${query}`;
  const signature = createHmac("sha256", changes.secret ?? app.secret)
    .update(text)
    .digest("hex");
  const sent = (changes.tamper ?? String)(`${query}&auth_signature=${signature}`);
  const answer = await fetch(
    `http://127.0.0.1:${port}${changes.path ?? `/apps/${app.appId}/events`}?${sent}`,
    {
      method: "POST",
      body: changes.sentBody ?? body,
    },
  );
  return { status: answer.status, body: await answer.text() };
}

const now_s = (): number => Math.floor(Date.now() / 1000);

test("a request that is tampered with, old or signed with a wrong key is refused, and sends nothing", async () => {
  const { port } = await start();
  const one = await client(port);
  await one.subscribe("news");
  const refused: Changes[] = [
    { key: "other" },
    { secret: "other" },
    { version: "2.0" },
    { timestamp_s: now_s() - 605 },
    { timestamp_s: now_s() + 605 },
    { timestamp_s: Number.NaN },
    { sentBody: JSON.stringify({ name: "headline", channel: "news", data: "y" }) },
    { sentBody: "" },
    { path: `/apps/${app.appId}/batch_events` },
    { path: "/apps/4712/events" },
    { tamper: (query) => query.replace(/body_md5=\w+&/, "") },
    { tamper: (query) => query.replace(/auth_signature=\w+/, "") },
    { tamper: (query) => query.replace(/auth_signature=\w+/, "auth_signature=") },
    { tamper: (query) => query.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")) },
    { tamper: (query) => query.replace("auth_version=1.0&", "") },
    { tamper: (query) => `${query}&info=user_count` },
    { tamper: () => "" },
  ];
  for (const changes of refused) {
    const answer = await postSigned(port, changes);
    expect({ ...answer, changes }).toEqual({ status: 401, body: expect.stringMatching(/\w/), changes });
  }
  expect((await postSigned(port, { tamper: (query) => `${query}&auth_key=${app.key}` })).status).toBe(400);
  expect(await postSigned(port)).toEqual({ status: 200, body: "{}" });
  expect((await postSigned(port, { timestamp_s: now_s() - 590 })).status).toBe(200);
  await eventually(() => one.got("headline").length === 2);
});

test("another app's id is not found", async () => {
  const { port } = await start();
  expect((await refusal(() => sdk(port, { appId: "4712" }).trigger("news", "e", "x"))).status).toBe(404);
});

test("a batch delivers in order", async () => {
  const { port } = await start();
  const one = await client(port);
  await one.subscribe("news");
  const server = sdk(port);
  const batch = (from: number) =>
    Array.from({ length: 10 }, (_, index) => ({ channel: "news", name: "n", data: from + index }));
  await server.triggerBatch(batch(0));
  await server.triggerBatch(batch(10));
  await eventually(() => one.got("n").length === 20);
  expect(one.got("n")).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test("a batch with one event that is refused delivers none", async () => {
  const { port } = await start();
  const one = await client(port);
  await one.subscribe("news");
  const good = { channel: "news", name: "n", data: "x" };
  const { status } = await refusal(() => sdk(port).triggerBatch([good, { ...good, channel: "a:b" }]));
  expect(status).toBe(400);
  const eleven = Array.from({ length: 11 }, () => good);
  expect(await refusal(() => sdk(port).triggerBatch(eleven))).toMatchObject({ status: 400 });
  await sdk(port).trigger("news", "end", "x");
  await eventually(() => one.got("end").length === 1);
  expect(one.got("n")).toEqual([]);
});

test("one event goes to 100 channels, not to 101", async () => {
  const { port } = await start();
  const one = await client(port);
  await one.subscribe("c-99");
  const channels = Array.from({ length: 101 }, (_, index) => `c-${index}`);
  await sdk(port).trigger(channels.slice(0, 100), "e", "x");
  await eventually(() => one.got("e").length === 1);
  const body = { name: "e", data: "x", channels };
  expect((await refusal(() => post(port, "/events", body))).status).toBe(400);
});

test("an event's data may have 10,240 bytes, not 10,241", async () => {
  const { port } = await start();
  const one = await client(port);
  await one.subscribe("news");
  await sdk(port).trigger("news", "e", "é".repeat(5120));
  await eventually(() => one.got("e").length === 1);
  const { status, body } = await refusal(() => sdk(port).trigger("news", "e", `${"é".repeat(5120)}x`));
  expect(status).toBe(413);
  expect(body).toContain("exceeds the allowed maximum (10240 bytes)");
  expect((await refusal(() => sdk(port).trigger("news", "e", "x".repeat(2_000_000)))).status).toBe(413);
});

test("what is no event is refused with the reason", async () => {
  const { port } = await start();
  const event = { name: "e", data: "x", channels: ["news"] };
  const refused = [
    { ...event, name: "" },
    { ...event, name: "n".repeat(201) },
    { ...event, name: 1 },
    { ...event, name: "pusher:error" },
    { ...event, data: {} },
    { ...event, channels: [] },
    { ...event, channels: "news" },
    { ...event, channels: ["x".repeat(165)] },
    { ...event, channels: ["#other"] },
    { ...event, channels: ["private-encrypted-a", "b"] },
    { ...event, socket_id: "x" },
    { ...event, info: "user_count" },
    { ...event, info: "colour" },
    { name: "e", data: "x" },
  ];
  for (const body of refused) {
    const answer = await refusal(() => post(port, "/events", body));
    expect({ ...answer, sent: body }).toEqual({ status: 400, body: expect.stringMatching(/\w/), sent: body });
  }
  const longest = { ...event, name: "n".repeat(200), channels: ["x".repeat(164)], socket_id: null };
  expect((await refusal(() => post(port, "/events", longest))).status).toBe(200);
});

test("channels and members can be asked for", async () => {
  const { port } = await start();
  const [one, two] = await Promise.all([
    client(port, { user: { id: "ada" } }),
    client(port, { user: { id: "ada" } }),
  ]);
  for (const name of ["news", "presence-room"]) await Promise.all([one.subscribe(name), two.subscribe(name)]);
  const get = async (path: string, params = {}): Promise<unknown> =>
    (await sdk(port).get({ path, params })).json();
  expect(await get("/channels")).toEqual({ channels: { news: {}, "presence-room": {} } });
  expect(await get("/channels", { filter_by_prefix: "presence-", info: "user_count" })).toEqual({
    channels: { "presence-room": { user_count: 1 } },
  });
  expect(await get("/channels/presence-room", { info: "user_count,subscription_count" })).toEqual({
    occupied: true,
    user_count: 1,
    subscription_count: 2,
  });
  expect(await get("/channels/empty")).toEqual({ occupied: false });
  expect(await get("/channels/presence-room/users")).toEqual({ users: [{ id: "ada" }] });
  const refused: [string, object][] = [
    ["/channels", { info: "user_count" }],
    ["/channels/news", { info: "user_count" }],
    ["/channels/news/users", {}],
    ["/channels/presence-room/users", { info: "user_count" }],
    ["/channels/a:b", {}],
  ];
  for (const [path, params] of refused) {
    expect({ path, ...(await refusal(() => sdk(port).get({ path, params }))) }).toMatchObject({
      path,
      status: 400,
    });
  }
  expect((await refusal(() => sdk(port).get({ path: "/channels/news/webhooks" }))).status).toBe(404);
});

test("an event answers with the attributes asked for", async () => {
  const { port } = await start();
  const one = await client(port, { user: { id: "ada" } });
  await one.subscribe("presence-room");
  const params = { info: "user_count,subscription_count" };
  const answer = await sdk(port).trigger(["presence-room", "presence-empty"], "e", "x", params);
  expect(await answer.json()).toEqual({
    channels: {
      "presence-room": { user_count: 1, subscription_count: 1 },
      "presence-empty": { user_count: 0, subscription_count: 0 },
    },
  });
  const batch = await sdk(port).triggerBatch([
    { channel: "presence-room", name: "e", data: "x", info: "user_count" },
    { channel: "news", name: "e", data: "x" },
  ]);
  expect(await batch.json()).toEqual({ batch: [{ user_count: 1 }, {}] });
});
