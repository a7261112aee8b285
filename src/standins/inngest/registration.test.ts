import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";

import type { InngestFunction } from "inngest";
import { afterEach, expect, test } from "vitest";

import { hashedSigningKey, isSignedBy, sign, signingKeyProblem } from "./signature.ts";
import { startInngest } from "./server.ts";
import { runOver, startApp, startRig, until, type Rig, type RunAnswer, type TestApp } from "./testing.ts";

let rig: Rig;
const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.kill().catch(() => undefined);
  await rig.end();
});

async function appFor(functions: InngestFunction.Any[], id?: string): Promise<TestApp> {
  const app = await startApp(rig.client(id), functions);
  apps.push(app);
  return app;
}

function post(body: unknown, key = hashedSigningKey(rig.signingKey)) {
  return fetch(`${rig.url}/fn/register`, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { authorization: `Bearer ${key}` },
  });
}

const config = (more: object = {}) => ({
  url: "http://127.0.0.1:1/api/inngest",
  deployType: "ping",
  appName: "app",
  sdk: "js:v4",
  v: "0.1",
  functions: [
    {
      id: "app-fn",
      name: "fn",
      triggers: [{ event: "go" }],
      steps: { step: { id: "step", name: "step", runtime: { type: "http", url: "http://127.0.0.1:1/x" } } },
      ...more,
    },
  ],
});

test.each([
  [{ throttle: { limit: 1, period: "1s" } }, "throttle is not supported"],
  [{ triggers: [{ cron: "* * * * *", jitter: "5s" }] }, "jitter is not supported"],
  [{ triggers: [{ cron: "* * *" }] }, "five fields"],
  [{ triggers: [{ event: "go", expression: "event.data.(" }] }, "is invalid"],
  [{ triggers: [{ event: "go", expression: "evnt.data.x == 1" }] }, "Unknown variable"],
  [{ concurrency: [{ limit: 1 }, { limit: 2 }, { limit: 3 }] }, "concurrency"],
  [{ concurrency: { limit: 1, key: "event.data.(" } }, "is invalid"],
  [{ rateLimit: { limit: 1, period: "25h" } }, "out of bounds"],
  [{ batchEvents: { maxSize: 2, timeout: "1s" }, singleton: { mode: "skip" } }, "mutually exclusive"],
  [{ somethingNew: 1 }, "somethingNew"],
  [{ name: "" }, "name"],
  [{ steps: {} }, "steps"],
  [
    {
      steps: { step: { id: "step", name: "step", runtime: { type: "ws", url: "ws://127.0.0.1:1/x" } } },
    },
    "connect is not supported",
  ],
])("the configuration %j is refused, naming what", async (more, words) => {
  rig = await startRig();
  const response = await post(config(more));
  expect(response.status).toBe(400);
  const answer = (await response.json()) as { status: number; error: string };
  expect(answer.status).toBe(400);
  expect(answer.error).toContain("app-fn");
  expect(answer.error).toContain(words);
  expect(rig.lines.join("\n")).toContain(words);
});

test("a refusal reaches whoever made the app register", async () => {
  rig = await startRig();
  const inngest = rig.client();
  const fn = inngest.createFunction(
    { id: "fn", triggers: { event: "go" }, throttle: { limit: 1, period: "1s" } },
    () => undefined,
  );
  const app = await appFor([fn]);
  expect((await app.register()).message).toContain("throttle is not supported");
});

test("registration needs the signing key, and the body must be one", async () => {
  rig = await startRig();
  expect((await post(config(), "wrong")).status).toBe(401);
  expect((await post("{")).status).toBe(400);
  expect((await post({})).status).toBe(400);
  expect((await post(config())).status).toBe(200);
});

test("registering again changes nothing, and says so; a change counts from the next event on", async () => {
  rig = await startRig();
  const inngest = rig.client();
  const make = (event: string, answer: string) =>
    inngest.createFunction({ id: "fn", triggers: { event } }, () => answer);
  const first = await appFor([make("one", "first")]);
  expect((await first.register()).modified).toBe(true);
  expect((await first.register()).modified).toBe(false);
  const second = await appFor([make("two", "second")]);
  expect((await second.register()).modified).toBe(true);
  const { ids } = await inngest.send([{ name: "one" }, { name: "two" }]);
  expect(await runOver(rig, ids[1])).toMatchObject({ output: "second" });
  const none = await rig.api<{ data: unknown[] }>(`/v1/events/${ids[0]}/runs`);
  expect(none.body.data).toEqual([]);
});

test("a function that is gone starts no runs, and its runs go on when it is back", async () => {
  rig = await startRig();
  const inngest = rig.client();
  const keeper = inngest.createFunction({ id: "keeper", triggers: { event: "other" } }, () => "kept");
  const fn = inngest.createFunction({ id: "fn", triggers: { event: "go" } }, async ({ step }) => {
    await step.sleep("nap", "1s");
    return "woken";
  });
  const whole = await appFor([keeper, fn]);
  await whole.register();
  const before = await inngest.send({ name: "go" });
  await until(async () => {
    const { body } = await rig.api<{ data: RunAnswer[] }>(`/v1/events/${before.ids[0]}/runs`);
    return body.data[0]?.status === "Running";
  });
  const part = await appFor([keeper]);
  await part.register();
  const during = await inngest.send([{ name: "go" }, { name: "other" }]);
  await runOver(rig, during.ids[1]);
  await whole.register();
  expect(await runOver(rig, before.ids[0])).toMatchObject({ output: "woken" });
  const { body } = await rig.api<{ data: unknown[] }>(`/v1/events/${during.ids[0]}/runs`);
  expect(body.data).toEqual([]);
});

test("two apps keep to their own functions", async () => {
  rig = await startRig();
  const one = rig.client("one");
  const two = rig.client("two");
  const first = await startApp(one, [
    one.createFunction({ id: "fn", triggers: { event: "go" } }, () => "one"),
  ]);
  const second = await startApp(two, [
    two.createFunction({ id: "fn", triggers: { event: "go" } }, () => "two"),
  ]);
  apps.push(first, second);
  await first.register();
  await second.register();
  const { ids } = await one.send({ name: "go" });
  const runs = await until(async () => {
    const { body } = await rig.api<{ data: RunAnswer[] }>(`/v1/events/${ids[0]}/runs`);
    return body.data.length === 2 && body.data.every((run) => run.ended_at !== null) && body.data;
  });
  expect(new Set(runs.map(({ output }) => output))).toEqual(new Set(["one", "two"]));
});

test("a cron tick that was missed while the server was down comes once at its start", async () => {
  rig = await startRig({ holdMs: 10 });
  const inngest = rig.client();
  const seen: unknown[] = [];
  const fn = inngest.createFunction(
    { id: "fn", triggers: { cron: "TZ=Europe/Berlin 0 0 1 1 *" } },
    ({ event }) => {
      seen.push({ name: event.name, data: event.data });
    },
  );
  const app = await appFor([fn]);
  await app.register();
  expect((await app.register()).modified).toBe(false);
  await rig.stop();
  const db = new DatabaseSync(join(rig.dataDir, "inngest.sqlite"));
  expect(db.prepare("SELECT kind FROM queue").all()).toHaveLength(1);
  db.exec("UPDATE queue SET due_ms = 1000");
  db.close();
  await rig.restart();
  await until(() => seen.length > 0);
  expect(seen).toEqual([{ name: "inngest/scheduled.timer", data: { cron: "TZ=Europe/Berlin 0 0 1 1 *" } }]);
  const { body } = await rig.api<{ data: { trigger: object }[] }>("/v2/runs");
  expect(body.data).toHaveLength(1);
  expect(body.data[0]?.trigger).toMatchObject({ cronSchedule: "TZ=Europe/Berlin 0 0 1 1 *" });
});

test("dev mode asks for no keys and signs nothing", async () => {
  rig = await startRig();
  const lines: string[] = [];
  const dev = await startInngest({
    host: "127.0.0.1",
    port: 0,
    dataDir: join(rig.dataDir, "dev"),
    log: (line) => void lines.push(line),
    eventKey: "unused",
    retryScale: 1,
  });
  const url = `http://127.0.0.1:${dev.port}`;
  const { Inngest } = await import("inngest");
  const inngest = new Inngest({ id: "app", baseUrl: url, isDev: true });
  const fn = inngest.createFunction({ id: "fn", triggers: { event: "go" } }, ({ event }) => event.data["n"]);
  const app = await startApp(inngest, [fn]);
  apps.push(app);
  await app.register();
  const { ids } = await inngest.send({ name: "go", data: { n: 5 } });
  const run = await until(async () => {
    const response = await fetch(`${url}/v1/events/${ids[0]}/runs`);
    const { data } = (await response.json()) as { data: RunAnswer[] };
    return data[0]?.ended_at !== null && data[0];
  });
  expect(run).toMatchObject({ status: "Completed", output: 5 });
  await dev.close();
  await dev.close();
});

test("a second server on the same data is refused, and the first goes on", async () => {
  rig = await startRig();
  const { dataDir, eventKey } = rig;
  const log = () => undefined;
  const second = startInngest({ host: "127.0.0.1", port: 0, dataDir, eventKey, retryScale: 1, log });
  await expect(second).rejects.toThrow("cannot be opened");
  expect((await rig.api("/v1/events")).status).toBe(200);
});

test("signatures fit their text and their time only", async () => {
  rig = await startRig();
  const key = `signkey-prod-${"0f".repeat(16)}`;
  const now = 1_800_000_000_000;
  const signature = sign(key, "text", now);
  expect(isSignedBy(key, "text", signature, now)).toBe(true);
  expect(isSignedBy(key, "other", signature, now)).toBe(false);
  expect(isSignedBy(key, "text", signature, now + 301_000)).toBe(false);
  expect(isSignedBy(key, "text", "nonsense", now)).toBe(false);
  expect(signingKeyProblem(key)).toBeUndefined();
  expect(signingKeyProblem("signkey-prod-xyz")).toBeDefined();
});
