import type { InngestFunction } from "inngest";
import { afterEach, expect, test } from "vitest";

import { runOver, startApp, startRig, type Rig, type RunAnswer, type TestApp } from "./testing.ts";

let rig: Rig;
let app: TestApp;
afterEach(async () => {
  await app.kill();
  await rig.end();
});

/** One function `fn` on the event `go` with these options, registered. */
async function serveFn(
  options: Partial<InngestFunction.Options>,
  handler: (data: Record<string, unknown>, all: unknown[]) => unknown,
) {
  rig = await startRig();
  const inngest = rig.client();
  const fn = inngest.createFunction(
    { ...options, id: "fn", triggers: [{ event: "go" }] },
    ({ event, events }) => handler(event.data as Record<string, unknown>, events),
  );
  app = await startApp(inngest, [fn]);
  expect((await app.register()).message).toBe("Successfully registered");
  return async (events: Record<string, unknown>[]) => {
    const { ids } = await inngest.send(events.map((data) => ({ name: "go", data })));
    return ids;
  };
}

async function statusOf(eventId: string | undefined): Promise<string | undefined> {
  const { body } = await rig.api<{ data: RunAnswer[] }>(`/v1/events/${eventId}/runs`);
  return body.data[0]?.status;
}

test("no more runs of a function are in flight than its concurrency allows", async () => {
  let inside = 0;
  let most = 0;
  const both = Promise.withResolvers<void>();
  const send = await serveFn({ concurrency: 2 }, async () => {
    inside += 1;
    most = Math.max(most, inside);
    if (inside === 2) both.resolve();
    await both.promise;
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside -= 1;
  });
  const ids = await send(Array.from({ length: 10 }, (_, n) => ({ n })));
  for (const id of ids) await runOver(rig, id);
  expect(most).toBe(2);
});

test("a concurrency key limits each of its values by itself", async () => {
  const inside = new Set<unknown>();
  const all = Promise.withResolvers<void>();
  const send = await serveFn({ concurrency: [{ limit: 1, key: "event.data.k" }] }, async ({ k }) => {
    if (inside.has(k)) return "two at once";
    inside.add(k);
    if (inside.size === 3) all.resolve();
    await all.promise;
    inside.delete(k);
    return "alone";
  });
  const ids = await send(["a", "a", "b", "b", "c"].map((k) => ({ k })));
  for (const id of ids) expect(await runOver(rig, id)).toMatchObject({ output: "alone" });
});

test("an idempotency key starts one run a day", async () => {
  const send = await serveFn({ idempotency: "event.data.k" }, ({ k }) => k);
  const ids = await send([{ k: "a" }, { k: "a" }, { k: "b" }]);
  await runOver(rig, ids[0]);
  await runOver(rig, ids[2]);
  expect(await statusOf(ids[1])).toBeUndefined();
});

test("a rate limit drops what is too much, by key", async () => {
  const send = await serveFn({ rateLimit: { limit: 1, period: "1h", key: "event.data.k" } }, ({ k }) => k);
  const ids = await send([{ k: 1 }, { k: 1 }, { k: 2 }]);
  await runOver(rig, ids[0]);
  await runOver(rig, ids[2]);
  expect(await statusOf(ids[1])).toBeUndefined();
});

test("a singleton that skips starts nothing while a run is active", async () => {
  const send = await serveFn({ singleton: { mode: "skip" } }, () => "done");
  const [first] = await send([{}, {}]);
  await runOver(rig, first);
  const [third] = await send([{}]);
  await runOver(rig, third);
  const { body } = await rig.api<{ data: unknown[] }>("/v2/runs");
  expect(body.data).toHaveLength(2);
});

test("a singleton that cancels goes on with the newest", async () => {
  const send = await serveFn({ singleton: { mode: "cancel", key: "event.data.k" } }, ({ n }) => n);
  const [first, second, other] = await send([
    { k: 1, n: 1 },
    { k: 1, n: 2 },
    { k: 2, n: 3 },
  ]);
  expect(await runOver(rig, second)).toMatchObject({ output: 2 });
  expect(await runOver(rig, other)).toMatchObject({ output: 3 });
  expect(await statusOf(first)).toBe("Cancelled");
});

test("a debounced function runs once, with the newest event", async () => {
  const send = await serveFn({ debounce: { period: "1s" } }, ({ n }) => n);
  const start = Date.now();
  await send([{ n: 1 }, { n: 2 }]);
  const [last] = await send([{ n: 3 }]);
  expect(await runOver(rig, last)).toMatchObject({ output: 3 });
  expect(Date.now() - start).toBeGreaterThanOrEqual(1000);
  const { body } = await rig.api<{ data: unknown[] }>("/v2/runs");
  expect(body.data).toHaveLength(1);
});

test("a batch runs when it is full, and what is left over when its time is up", async () => {
  const send = await serveFn({ batchEvents: { maxSize: 2, timeout: "1s" } }, (_, events) => events.length);
  const [first, , third] = await send([{}, {}, {}]);
  expect(await runOver(rig, first)).toMatchObject({ output: 2 });
  expect(await statusOf(third)).toBeUndefined();
  expect(await runOver(rig, third)).toMatchObject({ output: 1 });
});

test("of runs that wait together, the one with the higher priority goes first", async () => {
  const order: unknown[] = [];
  const send = await serveFn(
    { concurrency: 1, priority: { run: "event.data.first ? 600 : 0" } },
    async ({ n }) => {
      order.push(n);
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
  );
  const ids = await send([
    { n: 1, first: false },
    { n: 2, first: false },
    { n: 3, first: true },
  ]);
  for (const id of ids) await runOver(rig, id);
  expect(order.indexOf(3)).toBeLessThan(order.indexOf(2));
});

test("a run that takes longer than its finish timeout is cancelled", async () => {
  rig = await startRig();
  const inngest = rig.client();
  const fn = inngest.createFunction(
    { id: "fn", triggers: { event: "go" }, timeouts: { finish: "1s" } },
    async ({ step }) => {
      await step.sleep("long", "1h");
    },
  );
  app = await startApp(inngest, [fn]);
  await app.register();
  const { ids } = await inngest.send({ name: "go" });
  expect(await runOver(rig, ids[0])).toMatchObject({ status: "Cancelled" });
});
