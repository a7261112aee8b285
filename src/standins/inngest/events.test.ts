import { request } from "node:http";

import { afterAll, beforeAll, expect, test } from "vitest";

import { runOver, runsOver, startApp, startRig, until, type Rig, type TestApp } from "./testing.ts";

let rig: Rig;
let app: TestApp;
let starts: { id: string | undefined; name: string; at: number }[] = [];

beforeAll(async () => {
  rig = await startRig();
  const inngest = rig.client();
  const seen = inngest.createFunction({ id: "seen", triggers: { event: "seen" } }, ({ event }) => {
    starts.push({ id: event.id, name: event.name, at: Date.now() });
  });
  const also = inngest.createFunction({ id: "also", triggers: { event: "seen" } }, ({ event }) => {
    starts.push({ id: event.id, name: "also", at: Date.now() });
  });
  app = await startApp(inngest, [seen, also]);
  await app.register();
});

afterAll(async () => {
  await app.kill();
  await rig.end();
});

async function post(body: string, headers: Record<string, string> = {}, key = rig.eventKey) {
  const response = await fetch(`${rig.url}/e/${key}`, { method: "POST", body, headers });
  const answer = (await response.json()) as { ids: string[]; status: number; error?: string };
  expect(answer.status).toBe(response.status);
  return answer;
}

test("an event sent twice with the same id starts one run of each function, and both sends are answered", async () => {
  starts = [];
  const event = { id: "custom-1", name: "seen", data: {} };
  const first = await rig.client().send(event);
  await runsOver(rig, first.ids[0], 2);
  const second = await rig.client().send([event, { name: "seen", id: "custom-2", data: {} }]);
  await runsOver(rig, second.ids[1], 2);
  expect(second.ids[0]).not.toBe(first.ids[0]);
  expect(starts.filter(({ id }) => id === "custom-1")).toHaveLength(2);
  expect((await rig.api<{ data: unknown[] }>(`/v1/events/${second.ids[0]}/runs`)).body.data).toEqual([]);
});

test("a request that is sent again with its seed makes no second event", async () => {
  starts = [];
  const seed = `${Date.now()},${Buffer.from("0123456789").toString("base64")}`;
  const body = JSON.stringify([{ name: "seen" }, { name: "seen" }]);
  const first = await post(body, { "x-inngest-event-id-seed": seed });
  const second = await post(body, { "x-inngest-event-id-seed": seed });
  expect(second.ids).toEqual(first.ids);
  expect(new Set(first.ids).size).toBe(2);
  for (const id of first.ids) await runsOver(rig, id, 2);
  expect(starts).toHaveLength(4);
});

test("an event in the future starts its run then, not earlier", async () => {
  starts = [];
  const ts = Date.now() + 300;
  const { ids } = await rig.client().send({ name: "seen", ts, data: {} });
  await runOver(rig, ids[0]);
  await until(() => starts.length === 2);
  expect(Math.min(...starts.map(({ at }) => at))).toBeGreaterThanOrEqual(ts);
});

test("an event without an id is known to functions by the id that the sender was given", async () => {
  starts = [];
  const { ids } = await rig.client().send({ name: "seen", data: {} });
  await runsOver(rig, ids[0], 2);
  expect(starts.map(({ id }) => id)).toEqual([ids[0], ids[0]]);
});

test.each([
  ["{", "invalid JSON"],
  ["7", "invalid event"],
  ["null", "invalid event"],
  ['{"data": {}}', "name"],
  ['{"name": ""}', "event name is empty"],
  ['{"name": 1}', "name"],
  ['{"name": "a", "data": []}', "data"],
  ['{"name": "a", "ts": "now"}', "ts"],
  ['{"name": "a", "ts": 1}', "timestamp"],
  ['{"name": "inngest/function.failed"}', "reserved"],
  ['[{"name": "seen"}, {"name": ""}]', "event name is empty"],
])("the event %s is refused with 400", async (body, words) => {
  starts = [];
  const answer = await post(body);
  expect(answer).toMatchObject({ status: 400, ids: [] });
  expect(answer.error).toContain(words);
  expect(starts).toEqual([]);
});

test("an empty body is no event and no error", async () => {
  expect(await post("")).toEqual({ ids: [], status: 200 });
});

test("text that is no Unicode arrives mended and signed", async () => {
  starts = [];
  const answer = await post('{"name": "seen", "data": {"text": "a\\ud800b", "\\udc00": 1, "toJSON": null}}');
  const runs = await runsOver(rig, answer.ids[0], 2);
  expect(runs.map(({ status }) => status)).toEqual(["Completed", "Completed"]);
});

test("a wrong event key is refused with 401", async () => {
  expect(await post('{"name": "seen"}', {}, "wrong")).toMatchObject({
    status: 401,
    error: "Event key not found",
  });
  await expect(rig.client().send({ name: "seen" })).resolves.toBeDefined();
});

test("a refusal arrives though the body was not asked for", async () => {
  const body = JSON.stringify({ name: "seen", data: { text: "x".repeat(300_000) } });
  for (let n = 0; n < 10; n += 1) expect((await post(body, {}, "wrong")).status).toBe(401);
});

/** Sends a request with a path as it is, which `fetch` would mend. */
function raw(
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(
      rig.url,
      { method, path, headers: { authorization: `Bearer ${rig.signingKey}`, ...headers } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    sent.on("error", reject);
    sent.end();
  });
}

test("malformed requests are answered and do not end the server", async () => {
  expect(await raw("GET", "//")).toBe(404);
  expect(await raw("GET", "//e/key?%")).toBe(404);
  expect(await raw("POST", "/e/%zz")).toBe(400);
  expect(await raw("PATCH", "/v1/runs/x")).toBe(405);
  expect(await raw("GET", "/v1/runs/x")).toBe(400);
  expect(await raw("GET", "/v1/runs/01ARZ3NDEKTSV4RRFFQ69G5FAV")).toBe(404);
  expect(await raw("POST", "/v1/signals")).toBe(501);
  expect(await raw("POST", "/v1/checkpoint")).toBe(501);
  expect(await raw("POST", "/v1/checkpoint/x/async")).toBe(400);
  expect(await raw("POST", `/e/${rig.eventKey}`, { "content-length": "999999999" })).toBe(413);
  const huge = JSON.stringify({ name: "a", data: { text: "x".repeat(40_000_000) } });
  const answer = await fetch(`${rig.url}/e/${rig.eventKey}`, { method: "POST", body: huge }).then(
    ({ status }) => status,
    () => "connection ended",
  );
  expect([413, "connection ended"]).toContain(answer);
  expect(await raw("GET", "/health")).toBe(200);
});
