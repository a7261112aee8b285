import { afterAll, beforeAll, expect, test } from "vitest";

import { runOver, startApp, startRig, type Rig, type TestApp } from "./testing.ts";

let rig: Rig;
let app: TestApp;
let eventIds: string[] = [];

interface Page {
  data: {
    id: string;
    status: string;
    function: { id: string; name: string };
    app: { id: string };
    output?: object;
  }[];
  page: { hasMore: boolean; cursor?: string; limit: number };
}

beforeAll(async () => {
  rig = await startRig();
  const inngest = rig.client();
  const fn = inngest.createFunction(
    { id: "fn", name: "The function", retries: 0, triggers: { event: "go" } },
    async ({ event, step }) => {
      const n = await step.run("double", () => Number(event.data["n"]) * 2);
      if (event.data["sleep"] === true) await step.sleep("long", "1h");
      if (event.data["fail"] === true) throw new Error("wanted");
      return { n };
    },
  );
  app = await startApp(inngest, [fn]);
  await app.register();
  ({ ids: eventIds } = await inngest.send([
    { name: "go", data: { n: 1 } },
    { name: "go", data: { n: 2, fail: true } },
    { name: "go", data: { n: 3 } },
  ]));
  for (const id of eventIds) await runOver(rig, id);
});

afterAll(async () => {
  await app.kill();
  await rig.end();
});

test("nothing is told to who does not show the signing key", async () => {
  for (const path of ["/v1/events", "/v1/runs/x", "/v2/runs", "/v0/runs/x/batch"]) {
    const response = await fetch(rig.url + path);
    expect(response.status).toBe(401);
  }
});

test("events are found by their internal id and by name, newest first", async () => {
  const one = await rig.api<{ data: { internal_id: string; name: string; data: object } }>(
    `/v1/events/${eventIds[0]}`,
  );
  expect(one.body.data).toMatchObject({ internal_id: eventIds[0], name: "go", data: { n: 1 } });
  const list = await rig.api<{ data: { internal_id: string }[] }>("/v1/events?name=go&limit=2");
  expect(list.body.data.map((event) => event.internal_id)).toEqual([eventIds[2], eventIds[1]]);
  const rest = await rig.api<{ data: { internal_id: string }[] }>(`/v1/events?name=go&cursor=${eventIds[1]}`);
  expect(rest.body.data.map((event) => event.internal_id)).toEqual([eventIds[0]]);
});

test("runs are listed by status, in pages", async () => {
  const failed = await rig.api<Page>("/v2/runs?status=FAILED&includeOutput=true");
  expect(failed.body.data).toHaveLength(1);
  expect(failed.body.data[0]).toMatchObject({
    status: "FAILED",
    function: { id: "fn", name: "The function" },
    app: { id: "app" },
    trigger: { eventIds: [eventIds[1]], eventName: "go", isBatch: false },
    output: { message: "wanted" },
  });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await rig.api<Page>(
      `/v2/runs?limit=2${cursor === undefined ? "" : `&cursor=${cursor}`}`,
    );
    seen.push(...body.data.map((run) => run.id));
    cursor = body.page.cursor;
  } while (cursor !== undefined);
  expect(new Set(seen).size).toBe(3);
  expect(seen).toEqual(seen.toSorted().toReversed());
  const ofFn = await rig.api<Page>("/api/v2/runs?appId=app&functionId=fn&order=ASC");
  expect(ofFn.body.data.map((run) => run.id)).toEqual(seen.toReversed());
});

test.each([
  ["/v2/runs?status=DONE", 400],
  ["/v2/runs?limit=0", 400],
  ["/v2/runs?limit=101", 400],
  ["/v2/runs?cursor=x", 400],
  ["/v2/runs?from=2026-01-01", 501],
  ["/v2/runs/x", 400],
  ["/v2/account", 501],
  ["/v1/cancellations", 501],
])("%s is answered with %d and words", async (path, status) => {
  const answer = await rig.api<{ errors?: { code: string; message: string }[]; error?: string }>(path);
  expect(answer.status).toBe(status);
  expect(answer.body.errors?.[0]?.message ?? answer.body.error).toBeTruthy();
});

test("a trace shows the steps with what they gave", async () => {
  const [run] = (await rig.api<Page>(`/v2/events/${eventIds[2]}/runs`)).body.data;
  const { body } = await rig.api<{ data: { rootSpan: { status: string; children: object[] } } }>(
    `/v2/runs/${run?.id}/trace?includeOutput=true`,
  );
  expect(body.data.rootSpan.status).toBe("COMPLETED");
  expect(body.data.rootSpan.children).toMatchObject([
    { name: "double", status: "COMPLETED", stepOp: "RUN", output: { data: 6 } },
  ]);
});

test("a run is cancelled once, and an ended one not at all", async () => {
  const { ids } = await rig.client().send({ name: "go", data: { n: 4, sleep: true } });
  const [run] = (await rig.api<Page>(`/v2/events/${ids[0]}/runs`)).body.data;
  expect((await rig.api(`/v2/runs/${run?.id}/cancel`, "POST")).status).toBe(200);
  const again = await rig.api<{ errors: { code: string }[] }>(`/v2/runs/${run?.id}/cancel`, "POST");
  expect(again).toMatchObject({ status: 409, body: { errors: [{ code: "run_already_cancelled" }] } });
  const done = (await rig.api<Page>(`/v2/events/${eventIds[0]}/runs`)).body.data[0];
  const ended = await rig.api<{ errors: { code: string }[] }>(`/v2/runs/${done?.id}/cancel`, "POST");
  expect(ended).toMatchObject({ status: 409, body: { errors: [{ code: "run_already_ended" }] } });
});

test("a rerun is a new run of the same event", async () => {
  const [run] = (await rig.api<Page>(`/v2/events/${eventIds[0]}/runs`)).body.data;
  const { status, body } = await rig.api<{ data: { runId: string } }>(`/v2/runs/${run?.id}/rerun`, "POST");
  expect(status).toBe(200);
  expect(body.data.runId).not.toBe(run?.id);
  const runs = await rig.api<Page>(`/v2/events/${eventIds[0]}/runs`);
  expect(runs.body.data.map(({ id }) => id)).toContain(body.data.runId);
  const fromStep = { fromStep: { stepId: "double" } };
  expect((await rig.api(`/v2/runs/${run?.id}/rerun`, "POST", fromStep)).status).toBe(501);
});
