import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { MongoNetworkError, MongoServerError } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createServices } from "#src/server/services.ts";
import { startTestStack, type TestStack } from "#src/testing/stack.ts";
import { checkDatabase, checkPusher, isStandalone, mongoTrouble } from "./check-services.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

test("a database that answers is taken, and one that stands alone on this machine is told of", async () => {
  const said: string[] = [];
  await checkDatabase(stack.settings, { within_ms: 0, say: (line) => void said.push(line) });
  expect(said.every((line) => line.includes("a server on its own"))).toBe(true);
});

test("a database that does not answer is waited for, and then named without its password", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const said: string[] = [];
  const looking = checkDatabase(
    { DATABASE_URL: `mongodb://goalkeeper:hunter2hunter2@127.0.0.1:${port}/goalkeeper` },
    { within_ms: 1, say: (line) => void said.push(line) },
  );
  await expect(looking).rejects.toThrow(`MongoDB at 127.0.0.1:${port}: `);
  expect([...said, String(await looking.catch(String))].join()).not.toContain("hunter2");
});

test("what MongoDB refuses is told in the words of the settings, and waited for only where that may help", () => {
  const refusal = (code: number) => new MongoServerError({ message: "no", code });
  expect(mongoTrouble(refusal(18))).toMatchObject({
    reason: expect.stringContaining("password"),
    mayPass: false,
  });
  expect(mongoTrouble(refusal(8_000))).toEqual(mongoTrouble(refusal(18)));
  expect(mongoTrouble(refusal(13))).toMatchObject({
    reason: expect.stringContaining("readWrite"),
    mayPass: false,
  });
  expect(mongoTrouble(new MongoNetworkError("connect ECONNREFUSED"))).toMatchObject({ mayPass: true });
});

test("members of a replica set and routers of shards do not stand alone", () => {
  expect(isStandalone({ isWritablePrimary: true })).toBe(true);
  expect(isStandalone({ isWritablePrimary: true, setName: "rs0" })).toBe(false);
  expect(isStandalone({ isWritablePrimary: true, msg: "isdbgrid" })).toBe(false);
});

test("a Pusher that refuses our keys ends the start; one that is away does not", async () => {
  const pinged = async (changed: object) => {
    const services = createServices({ ...stack.settings, ...changed });
    const said: string[] = [];
    try {
      await checkPusher(services.live, (line) => void said.push(line));
      return said;
    } finally {
      await services.close();
    }
  };
  expect(await pinged({})).toEqual([]);
  await expect(pinged({ PUSHER_SECRET: "another" })).rejects.toThrow("Pusher refuses");
  expect(await pinged({ PUSHER_PORT: 1 })).toEqual(["Pusher does not answer yet"]);
});
