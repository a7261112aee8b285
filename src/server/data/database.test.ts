import { once } from "node:events";
import type { ServerHeartbeatStartedEvent } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStack, type TestStack } from "#src/testing/stack.ts";
import { keepConnecting, openMongo } from "./database.ts";

let stack: TestStack;
beforeAll(async () => (stack = await startTestStack()));
afterAll(() => stack.close());

test("a client whose monitor never hears of its heartbeat again is connected anew, and works", async () => {
  const client = openMongo(stack.settings.DATABASE_URL);
  const begun = once(client, "serverHeartbeatStarted") as Promise<[ServerHeartbeatStartedEvent]>;
  const connecting = keepConnecting(client, 300);
  try {
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
    const [heartbeat] = await begun;
    const opened = once(client, "topologyOpening");
    client.emit("serverHeartbeatStarted", heartbeat);
    await opened;
    await once(client, "serverHeartbeatSucceeded");
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
  } finally {
    connecting.stop();
    await client.close();
  }
});
