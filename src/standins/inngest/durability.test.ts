import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { Inngest } from "inngest";
import { afterEach, expect, test } from "vitest";

import { runOver, startApp, startRig, until, type Rig, type RunAnswer, type TestApp } from "./testing.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function defer<T>() {
  return Promise.withResolvers<T>();
}

async function rigFor(options: Parameters<typeof startRig>[0] = {}): Promise<Rig> {
  const rig = await startRig(options);
  cleanups.push(() => rig.end());
  return rig;
}

async function appFor(...args: Parameters<typeof startApp>): Promise<TestApp> {
  const app = await startApp(...args);
  cleanups.push(() => app.kill().catch(() => undefined));
  return app;
}

/** The server in a process of its own, which can be killed. */
async function spawnServer(dataDir: string, signingKey: string, port = 0) {
  const fixture = fileURLToPath(new URL("./testing-process.ts", import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [fixture, dataDir, signingKey, String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  cleanups.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  if (!child.stdout) throw new Error("no output");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    port: Number(line),
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

test(
  "a run survives SIGKILL of the server while sleeping, and wakes in time",
  { timeout: 30_000 },
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "inngest-"));
    cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const signingKey = `signkey-test-${"ab".repeat(32)}`;
    const server = await spawnServer(dataDir, signingKey);
    const url = `http://127.0.0.1:${server.port}`;
    const inngest = new Inngest({ id: "app", baseUrl: url, eventKey: "key", signingKey, isDev: false });
    const calls: string[] = [];
    const fn = inngest.createFunction({ id: "sleeper", triggers: { event: "sleep" } }, async ({ step }) => {
      const untilMs = await step.run("before", () => {
        calls.push("before");
        return Date.now() + 2500;
      });
      await step.sleepUntil("nap", new Date(untilMs));
      const wokenMs = await step.run("after", () => {
        calls.push("after");
        return Date.now();
      });
      return { untilMs, wokenMs };
    });
    const app = await appFor(inngest, [fn]);
    await app.register();
    const { ids } = await inngest.send({ name: "sleep" });
    const api = async <T>(path: string) => {
      const response = await fetch(url + path, { headers: { authorization: `Bearer ${signingKey}` } });
      return (await response.json()) as T;
    };
    const runId = await until(
      async () => (await api<{ data: RunAnswer[] }>(`/v1/events/${ids[0]}/runs`)).data[0]?.run_id,
    );
    await until(async () => {
      const { data } = await api<{ data: { rootSpan: { children: unknown[] } } }>(`/v2/runs/${runId}/trace`);
      return data.rootSpan.children.length === 2;
    });
    await server.kill();
    const again = await spawnServer(dataDir, signingKey, server.port);
    expect(again.port).toBe(server.port);
    await app.register();
    const run = await until(async () => {
      const { data } = await api<{ data: RunAnswer }>(`/v1/runs/${runId}`);
      return data.ended_at !== null && data;
    });
    expect(run.status).toBe("Completed");
    expect(calls).toEqual(["before", "after"]);
    const { untilMs, wokenMs } = run.output as { untilMs: number; wokenMs: number };
    expect(wokenMs).toBeGreaterThanOrEqual(untilMs);
    expect(wokenMs).toBeLessThan(untilMs + 6000);
  },
);

test("no acknowledged event is lost by SIGKILL right after its answer", { timeout: 30_000 }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "inngest-"));
  cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const signingKey = `signkey-test-${"cd".repeat(32)}`;
  let server = await spawnServer(dataDir, signingKey);
  const url = `http://127.0.0.1:${server.port}`;
  const inngest = new Inngest({ id: "app", baseUrl: url, eventKey: "key", signingKey, isDev: false });
  const seen = new Set<unknown>();
  const fn = inngest.createFunction(
    { id: "count", triggers: { event: "count" } },
    ({ event }) => void seen.add(event.data["n"]),
  );
  const app = await appFor(inngest, [fn]);
  await app.register();
  const sent: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (let n = round * 20; n < round * 20 + 20; n += 1) {
      await inngest.send({ name: "count", data: { n } });
      sent.push(n);
    }
    await server.kill();
    server = await spawnServer(dataDir, signingKey, server.port);
    await app.register();
  }
  await until(() => seen.size === sent.length);
  expect(seen).toEqual(new Set(sent));
});

test("an app that was away takes its runs up again at registration, with the attempt unspent", async () => {
  const rig = await rigFor({ retryScale: 1 });
  const inngest = rig.client();
  const attempts: number[] = [];
  const fn = inngest.createFunction({ id: "fn", retries: 0, triggers: { event: "go" } }, ({ attempt }) => {
    attempts.push(attempt);
    return "done";
  });
  const first = await appFor(inngest, [fn]);
  await first.register();
  await first.kill();
  const { ids } = await inngest.send({ name: "go" });
  await until(() => rig.lines.some((line) => line.includes("waits for the app")));
  const second = await appFor(inngest, [fn]);
  await second.register();
  expect(await runOver(rig, ids[0])).toMatchObject({ status: "Completed", output: "done" });
  expect(attempts).toEqual([0]);
});

test("an app killed in the middle of a step runs that step again and the finished ones not", async () => {
  const rig = await rigFor({ retryScale: 1 });
  const inngest = rig.client();
  const calls: string[] = [];
  const started = defer<void>();
  let isStuck = true;
  const fn = inngest.createFunction(
    { id: "fn", retries: 0, triggers: { event: "go" } },
    async ({ step, attempt }) => {
      await step.run("one", () => void calls.push("one"));
      return step.run("two", async () => {
        calls.push(`two ${attempt}`);
        started.resolve();
        if (isStuck) await new Promise(() => undefined);
        return "done";
      });
    },
  );
  const first = await appFor(inngest, [fn]);
  await first.register();
  const { ids } = await inngest.send({ name: "go" });
  await started.promise;
  await first.kill();
  isStuck = false;
  const second = await appFor(inngest, [fn]);
  await until(() => rig.lines.some((line) => line.includes("waits for the app")));
  await second.register();
  expect(await runOver(rig, ids[0])).toMatchObject({ status: "Completed", output: "done" });
  expect(calls).toEqual(["one", "two 0", "two 0"]);
});

test("a restarted server goes on with an app that still runs, though it does not register", async () => {
  const rig = await rigFor({ holdMs: 100 });
  const inngest = rig.client();
  const fn = inngest.createFunction({ id: "fn", triggers: { event: "go" } }, async ({ step }) => {
    await step.sleep("nap", "1s");
    return "done";
  });
  const app = await appFor(inngest, [fn]);
  await app.register();
  const { ids } = await inngest.send({ name: "go" });
  await until(
    async () =>
      (await rig.api<{ data: RunAnswer[] }>(`/v1/events/${ids[0]}/runs`)).body.data[0]?.status === "Running",
  );
  await rig.restart();
  expect(await runOver(rig, ids[0])).toMatchObject({ status: "Completed" });
});

test("until its app has registered, nothing is sent to it after a restart", async () => {
  const rig = await rigFor();
  const inngest = rig.client();
  let calls = 0;
  const fn = inngest.createFunction({ id: "fn", triggers: { event: "go" } }, () => void (calls += 1));
  const app = await appFor(inngest, [fn]);
  await app.register();
  await rig.restart();
  const { ids } = await inngest.send({ name: "go" });
  const { body } = await rig.api<{ data: RunAnswer[] }>(`/v1/events/${ids[0]}/runs`);
  expect(body.data[0]?.status).toBe("Scheduled");
  expect(calls).toBe(0);
  await app.register();
  await runOver(rig, ids[0]);
  expect(calls).toBe(1);
});
