import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { findInngestRun } from "./inngest-api.ts";

const runId = "01K0000000000000000000000A";
const key = "signkey-test-0123456789abcdef0123456789abcdef";
const servers: Server[] = [];

/** A server in Inngest's place; gives the settings by which it is asked. */
async function standing(answer: RequestListener) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { INNGEST_BASE_URL: url, INNGEST_DEV: undefined, INNGEST_SIGNING_KEY: key };
}
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

const json =
  (bodyOf: (path: string) => unknown): RequestListener =>
  (request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(bodyOf(request.url ?? "")));
  };
const status =
  (code: number): RequestListener =>
  (_, response) =>
    void response.writeHead(code).end(`{"error": "${key}"}`);

/** A run as the real service tells it, with fields that nobody here knows. */
const real = json((path) =>
  path.includes("/trace")
    ? {
        data: {
          runId,
          rootSpan: {
            id: "a",
            name: "function",
            status: "FAILED",
            children: [
              {
                id: "b",
                name: "read the session",
                status: "COMPLETED",
                stepOp: "RUN",
                queuedAt: "2026-11-22T12:00:00Z",
                startedAt: "2026-11-22T12:00:00.100Z",
                endedAt: "2026-11-22T12:00:00.200Z",
                output: { data: 6 },
                metadata: [{ scope: "step" }],
              },
              {
                id: "c",
                name: "tell the pages",
                status: "FAILED",
                stepOp: "RUN",
                queuedAt: "2026-11-22T12:00:01Z",
                output: { name: "Error", message: "wanted", stack: "at /somewhere" },
                children: [
                  { id: "d", name: "Attempt 0", status: "FAILED" },
                  { id: "e", name: "Attempt 1", status: "FAILED" },
                ],
              },
              { id: "f", name: "until it is due", status: "WAITING", stepOp: "SLEEP" },
            ],
          },
        },
        metadata: {},
      }
    : {
        data: {
          id: runId,
          function: { id: "track_goals", name: "track_goals" },
          app: { id: "goalkeeper" },
          status: "FAILED",
          queuedAt: "2026-11-22T12:00:00Z",
          startedAt: "2026-11-22T12:00:00.050Z",
          durationMs: "12",
          output: { name: "Error", message: "wanted", stack: "at /somewhere" },
          unheardOf: true,
        },
      },
);

describe("a run, asked of Inngest", () => {
  test("has its steps with times, attempts, output and error, and no stack", async () => {
    expect(await findInngestRun(await standing(real), runId)).toEqual({
      reachable: true,
      run_id: runId,
      function_id: "track_goals",
      status: "FAILED",
      queued: "2026-11-22T12:00:00Z",
      started: "2026-11-22T12:00:00.050Z",
      ended: null,
      output: { name: "Error", message: "wanted" },
      steps: [
        {
          name: "read the session",
          kind: "RUN",
          status: "COMPLETED",
          start: "2026-11-22T12:00:00.100Z",
          end: "2026-11-22T12:00:00.200Z",
          attempts: 1,
          output: { data: 6 },
          error: null,
        },
        {
          name: "tell the pages",
          kind: "RUN",
          status: "FAILED",
          start: "2026-11-22T12:00:01Z",
          end: null,
          attempts: 2,
          output: null,
          error: "wanted",
        },
        {
          name: "until it is due",
          kind: "SLEEP",
          status: "WAITING",
          start: null,
          end: null,
          attempts: 1,
          output: null,
          error: null,
        },
      ],
    });
  });

  test("is asked for with the hashed key, and a dev server without one", async () => {
    const heard: (string | undefined)[] = [];
    const settings = await standing((request, response) => {
      heard.push(request.headers.authorization);
      real(request, response);
    });
    await findInngestRun(settings, runId);
    const dev = settings.INNGEST_BASE_URL;
    await findInngestRun(
      { INNGEST_BASE_URL: undefined, INNGEST_DEV: dev, INNGEST_SIGNING_KEY: undefined },
      runId,
    );
    expect(heard).toHaveLength(4);
    expect(heard[0]).toMatch(/^Bearer signkey-test-[0-9a-f]{64}$/);
    expect(heard.slice(2)).toEqual([undefined, undefined]);
  });
});

describe("when Inngest gives no answer, a moderator learns why, and nothing secret", () => {
  test.each<[string, RequestListener, string]>([
    ["does not know the run", status(404), "Inngest does not know this run."],
    ["refuses the key", status(401), "Inngest does not accept our signing key."],
    ["fails", status(500), "Inngest answered with status 500."],
    ["answers a page", (_, response) => void response.end("<html>"), "Inngest's answer could not be read."],
    ["answers another shape", json(() => ({ data: {} })), "Inngest's answer is not what we know of it."],
    ["hangs", () => undefined, "Inngest did not answer in time."],
    ["hangs midway", (_, response) => void response.write("{"), "Inngest did not answer in time."],
    ["hangs up", (request) => void request.socket.destroy(), "Inngest cannot be reached."],
  ])("%s", async (_, answer, why) => {
    expect(await findInngestRun(await standing(answer), runId, 200)).toEqual({ reachable: false, why });
  });

  test("is away", async () => {
    const settings = { INNGEST_BASE_URL: "http://127.0.0.1:1", INNGEST_DEV: undefined };
    expect(await findInngestRun({ ...settings, INNGEST_SIGNING_KEY: key }, runId)).toEqual({
      reachable: false,
      why: "Inngest cannot be reached.",
    });
  });

  test("is at an address that is none", async () => {
    const settings = { INNGEST_BASE_URL: "nowhere", INNGEST_DEV: undefined, INNGEST_SIGNING_KEY: key };
    expect(await findInngestRun(settings, runId)).toEqual({
      reachable: false,
      why: "Inngest cannot be reached.",
    });
  });
});
