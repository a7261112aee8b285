import { afterEach, expect, test } from "vitest";

import { runOver, startApp, startRig, until, type Rig, type RunAnswer, type TestApp } from "./testing.ts";

let rig: Rig;
let app: TestApp;
afterEach(async () => {
  await app.kill();
  await rig.end();
});

async function statusOf(eventId: string | undefined): Promise<string | undefined> {
  const { body } = await rig.api<{ data: RunAnswer[] }>(`/v1/events/${eventId}/runs`);
  return body.data[0]?.status;
}

test("a step's late answer for a cancelled run is dropped, and the run starts nothing more", async () => {
  rig = await startRig();
  const inngest = rig.client();
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const calls: string[] = [];
  const fn = inngest.createFunction({ id: "fn", triggers: { event: "go" } }, async ({ step }) => {
    await step.run("one", async () => {
      started.resolve();
      await release.promise;
      calls.push("one");
    });
    await step.run("two", () => void calls.push("two"));
  });
  app = await startApp(inngest, [fn]);
  await app.register();
  const { ids } = await inngest.send({ name: "go" });
  await started.promise;
  const { body } = await rig.api<{ data: RunAnswer[] }>(`/v1/events/${ids[0]}/runs`);
  const runId = body.data[0]?.run_id;
  expect((await rig.api(`/v1/runs/${runId}`, "DELETE")).status).toBe(200);
  release.resolve();
  await until(() => calls.includes("one"));
  const marker = await inngest.send({ name: "go", data: {} });
  await runOver(rig, marker.ids[0]);
  expect(calls).toEqual(["one", "one", "two"]);
  expect((await rig.api<{ data: RunAnswer }>(`/v1/runs/${runId}`)).body.data.status).toBe("Cancelled");
});

test("an event that fits cancels the run, another one does not", async () => {
  rig = await startRig();
  const inngest = rig.client();
  const fn = inngest.createFunction(
    { id: "fn", triggers: { event: "go" }, cancelOn: [{ event: "stop", match: "data.k" }] },
    async ({ step }) => {
      await step.sleep("long", "1h");
    },
  );
  app = await startApp(inngest, [fn]);
  await app.register();
  const { ids } = await inngest.send({ name: "go", data: { k: "a" } });
  await inngest.send({ name: "stop", data: { k: "b" } });
  await until(async () => (await statusOf(ids[0])) === "Running");
  await inngest.send({ name: "stop", data: { k: "a" } });
  expect(await runOver(rig, ids[0])).toMatchObject({ status: "Cancelled" });
});
