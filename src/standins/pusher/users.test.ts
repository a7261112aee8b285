import { afterEach, expect, test } from "vitest";
import {
  client,
  endAll,
  eventually,
  post,
  RawClient,
  refusal,
  sdk,
  start,
  type TestClient,
} from "./test-clients.ts";

afterEach(endAll);

async function signIn(one: TestClient): Promise<TestClient> {
  one.pusher.signin();
  await eventually(
    () => one.pusher.user.user_data !== null && one.pusher.user.serverToUserChannel.subscribed,
  );
  return one;
}

test("what is sent to a user reaches that user's sockets and no other's", async () => {
  const { port } = await start();
  const users = ["vic", "vic", "wen"].map((id) => client(port, { user: { id } }));
  const [phone, laptop, other] = await Promise.all(users.map(async (one) => signIn(await one)));
  const got: string[] = [];
  phone?.pusher.user.bind("note", () => got.push("phone"));
  laptop?.pusher.user.bind("note", () => got.push("laptop"));
  other?.pusher.user.bind("note", () => got.push("other"));
  await sdk(port).sendToUser("vic", "note", { n: 1 });
  await post(port, "/users/vic/events", { name: "note", data: "{}" });
  await eventually(() => got.length === 4);
  await sdk(port).sendToUser("wen", "note", {});
  await eventually(() => got.includes("other"));
  expect(got.filter((name) => name === "other")).toHaveLength(1);
});

test("terminating a user's connections closes that user's sockets with 4009, and no other's", async () => {
  const { port } = await start();
  const users = ["a/b c", "a/b c", "wen"].map((id) => client(port, { user: { id } }));
  const [phone, laptop, other] = await Promise.all(users.map(async (one) => signIn(await one)));
  const stranger = await client(port, { user: { id: "a/b c" } });
  await stranger.subscribe("presence-room");
  await post(port, `/users/${encodeURIComponent("a/b c")}/terminate_connections`, {});
  await eventually(() => [phone, laptop].every((one) => one?.pusher.connection.state === "disconnected"));
  expect(phone?.errors[0]?.code).toBe(4009);
  expect(laptop?.errors[0]?.code).toBe(4009);
  expect(other?.pusher.connection.state).toBe("connected");
  expect(stranger.pusher.connection.state).toBe("connected");
  expect(await refusal(() => sdk(port).terminateUserConnections("wen"))).toEqual({ status: 200, body: "" });
  await eventually(() => other?.pusher.connection.state === "disconnected");
  await sdk(port).terminateUserConnections("nobody at all");
});

test("a sign-in that the app did not sign ends the connection with 4009", async () => {
  const { port } = await start();
  const raw = await new RawClient(port).opened();
  const { auth } = sdk(port).authenticateUser(raw.socketId, { id: "vic" });
  raw.send("pusher:signin", { auth, user_data: '{"id":"root"}' });
  // What it sent right behind comes too late.
  raw.send("pusher:subscribe", { channel: "news" });
  await eventually(() => raw.closed !== undefined);
  expect(raw.closed?.code).toBe(4009);
  expect(await (await sdk(port).get({ path: "/channels" })).json()).toEqual({ channels: {} });
});

test("a user's channel is open to that user alone", async () => {
  const { port } = await start();
  const raw = await new RawClient(port).opened();
  raw.send("pusher:subscribe", { channel: "#server-to-user-vic" });
  expect((await raw.take("pusher:error")).data).toMatchObject({ code: 4009 });
  raw.send("pusher:signin", sdk(port).authenticateUser(raw.socketId, { id: "wen" }));
  await raw.take("pusher:signin_success");
  raw.send("pusher:subscribe", { channel: "#server-to-user-vic" });
  expect((await raw.take("pusher:error")).data).toMatchObject({ code: 4009 });
  raw.send("pusher:signin", sdk(port).authenticateUser(raw.socketId, { id: "vic" }));
  expect((await raw.take("pusher:error")).data).toMatchObject({
    message: expect.stringContaining("Another user"),
  });
});

test("a watchlist tells who comes online and who goes", async () => {
  const { port } = await start();
  const ada = await client(port, { user: { id: "ada", watchlist: ["vic", "wen"] } });
  const heard: unknown[] = [];
  ada.pusher.user.watchlist.bind("online", (event: { user_ids: string[] }) =>
    heard.push(["online", event.user_ids]),
  );
  ada.pusher.user.watchlist.bind("offline", (event: { user_ids: string[] }) =>
    heard.push(["offline", event.user_ids]),
  );
  const wen = await signIn(await client(port, { user: { id: "wen" } }));
  await signIn(ada);
  await eventually(() => heard.length === 2);
  const vic = await signIn(await client(port, { user: { id: "vic" } }));
  await signIn(await client(port, { user: { id: "vic" } }));
  await eventually(() => heard.length === 3);
  wen.pusher.disconnect();
  await eventually(() => heard.length === 4);
  vic.pusher.disconnect();
  expect(heard).toEqual([
    ["online", ["wen"]],
    ["offline", ["vic"]],
    ["online", ["vic"]],
    ["offline", ["wen"]],
  ]);
});

test("a watchlist of more than a hundred users is refused with 4302", async () => {
  const { port } = await start();
  const raw = await new RawClient(port).opened();
  const watchlist = Array.from({ length: 101 }, (_, index) => `user-${index}`);
  raw.send("pusher:signin", sdk(port).authenticateUser(raw.socketId, { id: "vic", watchlist }));
  expect((await raw.take("pusher:error")).data).toMatchObject({ code: 4302 });
});
