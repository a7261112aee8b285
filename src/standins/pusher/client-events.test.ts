import { afterEach, expect, test } from "vitest";
import { client, endAll, eventually, start } from "./test-clients.ts";

afterEach(endAll);

test("clients may not send events to each other unless the app's settings say so", async () => {
  const { port } = await start();
  const [one, two] = await Promise.all([client(port), client(port)]);
  const channel = await one.subscribe("private-room");
  await two.subscribe("private-room");
  channel.trigger("client-typing", {});
  await eventually(() => one.errors.length === 1);
  expect(one.errors[0]).toEqual({
    code: 4301,
    message: "To send client events, you must enable this feature in the Settings page of your dashboard.",
  });
  expect(two.got("client-typing")).toEqual([]);
});

test("a client event reaches the others on the channel, and on presence channels it says from whom", async () => {
  const { port } = await start({ clientEvents: true });
  const [one, two] = await Promise.all(["ada", "vic"].map((id) => client(port, { user: { id } })));
  if (!one || !two) throw new Error("too few clients");
  const channel = await one.subscribe("presence-room");
  const from: unknown[] = [];
  (await two.subscribe("presence-room")).bind("client-typing", (_: unknown, meta: object) => from.push(meta));
  channel.trigger("client-typing", { text: "hi" });
  await eventually(() => from.length === 1);
  expect(from).toEqual([{ user_id: "ada" }]);
  expect(two.got("client-typing")).toEqual([{ text: "hi" }]);
  expect(one.got("client-typing")).toEqual([]);
});

test("a client event is refused on a public channel, and by whoever is not subscribed", async () => {
  const { port } = await start({ clientEvents: true });
  const [one, two] = await Promise.all([client(port), client(port)]);
  (await one.subscribe("news")).trigger("client-typing", {});
  await two.subscribe("private-room");
  one.pusher.send_event("client-typing", {}, "private-room");
  one.pusher.send_event("client-typing", {});
  await eventually(() => one.errors.length === 3);
  expect(two.got("client-typing")).toEqual([]);
});

test("the eleventh client event of a second is refused with 4301", async () => {
  const { port } = await start({ clientEvents: true });
  const [one, two] = await Promise.all([client(port), client(port)]);
  const channel = await one.subscribe("private-room");
  await two.subscribe("private-room");
  // More than two seconds' worth, so that no turn of the clock in between lets all of them through.
  for (let n = 0; n < 40; n += 1) channel.trigger("client-typing", { n });
  await eventually(() => one.errors.length + two.got("client-typing").length === 40);
  expect(two.got("client-typing").length).toBeLessThanOrEqual(20);
  expect(one.errors.every((error) => error.code === 4301)).toBe(true);
});
