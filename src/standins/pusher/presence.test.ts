import type { PresenceChannel } from "pusher-js";
import { afterEach, expect, test } from "vitest";
import { app, client, endAll, eventually, RawClient, sdk, start } from "./test-clients.ts";

afterEach(endAll);

/** Joins a presence channel with a bare socket. */
async function join(
  raw: RawClient,
  channel: string,
  data: { user_id: string; user_info?: object },
): Promise<void> {
  const { auth, channel_data } = sdk(0).authorizeChannel(raw.socketId, channel, data);
  raw.send("pusher:subscribe", { channel, auth, channel_data });
}

test("presence joins and leaves are by user, not by socket", async () => {
  const { port } = await start();
  const ada = await client(port, { user: { id: "ada", info: { name: "Ada" } } });
  const room = (await ada.subscribe("presence-room")) as PresenceChannel;
  expect(room.members.me).toEqual({ id: "ada", info: { name: "Ada" } });
  const [phone, laptop] = await Promise.all([
    client(port, { user: { id: "vic", info: { name: "Vic" } } }),
    client(port, { user: { id: "vic", info: { name: "Vic" } } }),
  ]);
  await phone.subscribe("presence-room");
  await laptop.subscribe("presence-room");
  phone.pusher.disconnect();
  const ask = { path: "/channels/presence-room", params: { info: "user_count,subscription_count" } };
  const counts = async (): Promise<unknown> => (await sdk(port).get(ask)).json();
  await expect.poll(counts).toEqual({ occupied: true, user_count: 2, subscription_count: 2 });
  expect(room.members.count).toBe(2);
  laptop.pusher.unsubscribe("presence-room");
  await eventually(() => ada.got("pusher:member_removed").length === 1);
  expect(ada.got("pusher:member_added")).toEqual([{ id: "vic", info: { name: "Vic" } }]);
  expect(ada.got("pusher:member_removed")).toEqual([{ id: "vic", info: { name: "Vic" } }]);
  expect(room.members.count).toBe(1);
  expect(phone.got("pusher:member_added")).toEqual([]);
});

test("a newcomer is told of everybody who is there", async () => {
  const { port } = await start();
  for (const id of ["ada", "bea", "__proto__"]) {
    await (await client(port, { user: { id } })).subscribe("presence-room");
  }
  const vic = await client(port, { user: { id: "vic" } });
  const room = (await vic.subscribe("presence-room")) as PresenceChannel;
  expect(room.members.count).toBe(4);
  const { users } = (await (await sdk(port).get({ path: "/channels/presence-room/users" })).json()) as {
    users: { id: string }[];
  };
  expect(users.map(({ id }) => id)).toEqual(["ada", "bea", "__proto__", "vic"]);
});

test("a socket that dies without a word leaves its channels", async () => {
  const { port } = await start();
  const ada = await client(port, { user: { id: "ada" } });
  await ada.subscribe("presence-room");
  const raw = await new RawClient(port).opened();
  await join(raw, "presence-room", { user_id: "vic" });
  await eventually(() => ada.got("pusher:member_added").length === 1);
  raw.socket.terminate();
  await eventually(() => ada.got("pusher:member_removed").length > 0);
  expect(ada.got("pusher:member_removed")).toEqual([{ id: "vic" }]);
});

test("the hundredth member is let in, the hundred and first is not, and a second socket of a member is", async () => {
  const { port } = await start();
  const sockets = await Promise.all(Array.from({ length: 102 }, () => new RawClient(port).opened()));
  for (const [index, raw] of sockets.slice(0, 100).entries()) {
    await join(raw, "presence-room", { user_id: `user-${index}` });
    await raw.take("pusher_internal:subscription_succeeded");
  }
  const [late, again] = sockets.slice(100);
  if (!late || !again) throw new Error("too few sockets");
  await join(late, "presence-room", { user_id: "user-100" });
  expect((await late.take("pusher:error")).data).toMatchObject({
    message: expect.stringContaining("is full"),
  });
  await join(again, "presence-room", { user_id: "user-7" });
  await again.take("pusher_internal:subscription_succeeded");
});

test("member data beyond the limits is refused", async () => {
  const { port } = await start();
  const raw = await new RawClient(port).opened();
  // {"a":"…"} is eight bytes longer than its text.
  await join(raw, "presence-a", { user_id: "u", user_info: { a: "x".repeat(1016) } });
  await raw.take("pusher_internal:subscription_succeeded");
  await join(raw, "presence-b", { user_id: "u", user_info: { a: "x".repeat(1017) } });
  expect((await raw.take("pusher:error")).data).toMatchObject({
    message: expect.stringContaining("1024 bytes"),
  });
  await join(raw, "presence-b", { user_id: "u".repeat(128) });
  await raw.take("pusher_internal:subscription_succeeded");
  await join(raw, "presence-c", { user_id: "u".repeat(129) });
  expect((await raw.take("pusher:error")).data).toMatchObject({ message: expect.stringContaining("128") });
  await join(raw, "presence-c", { user_id: "" });
  await raw.take("pusher:error");
});

test("a presence channel needs to know who joins", async () => {
  const { port } = await start();
  const raw = await new RawClient(port).opened();
  const { auth } = sdk(port).authorizeChannel(raw.socketId, "presence-a");
  raw.send("pusher:subscribe", { channel: "presence-a", auth });
  expect((await raw.take("pusher:error")).data).toMatchObject({
    message: expect.stringContaining("channel_data"),
  });
  raw.send("pusher:signin", sdk(port).authenticateUser(raw.socketId, { id: "vic" }));
  await raw.take("pusher:signin_success");
  raw.send("pusher:subscribe", { channel: "presence-a", auth });
  const { data } = await raw.take("pusher_internal:subscription_succeeded");
  expect(JSON.parse(String(data))).toMatchObject({ presence: { ids: ["vic"], count: 1 } });
  expect(auth.startsWith(app.key)).toBe(true);
});
