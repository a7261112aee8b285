import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Inngest, type InngestFunction } from "inngest";
import { serve } from "inngest/node";

import type { Standin } from "../standin.ts";
import { startInngest, type InngestOptions } from "./server.ts";

const silent = { info() {}, warn() {}, error() {}, debug() {} };

/** A server for a test, which can be stopped and started again on its data and its port. */
export interface Rig {
  readonly url: string;
  readonly eventKey: string;
  readonly signingKey: string;
  readonly dataDir: string;
  readonly lines: string[];
  client(id?: string): Inngest;
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** Asks the REST API, authorized; its status and the parsed answer, believed to be a `T`. */
  api<T = unknown>(path: string, method?: string, body?: object): Promise<{ status: number; body: T }>;
  end(): Promise<void>;
}

/** A run as `GET /v1/runs/<id>` shows it. */
export interface RunAnswer {
  run_id: string;
  status: string;
  output?: unknown;
  ended_at: string | null;
  event_id: string;
  cron?: string;
}

/** Starts a server on a free port, in the cloud mode of the SDK. */
export async function startRig(options: Partial<InngestOptions> = {}): Promise<Rig> {
  const dataDir = mkdtempSync(join(tmpdir(), "inngest-"));
  const eventKey = "test-event-key";
  const signingKey = `signkey-test-${randomBytes(32).toString("hex")}`;
  const lines: string[] = [];
  let port = 0;
  let standin: Standin | undefined;

  async function start(): Promise<void> {
    const log = (line: string) => void lines.push(line);
    const base = { host: "127.0.0.1", port, dataDir, log, eventKey, signingKey, retryScale: 0.001 };
    standin = await startInngest({ ...base, ...options });
    port = standin.port;
  }
  await start();
  const url = `http://127.0.0.1:${port}`;

  return {
    url,
    eventKey,
    signingKey,
    dataDir,
    lines,
    client: (id = "app") =>
      new Inngest({ id, baseUrl: url, eventKey, signingKey, isDev: false, logger: silent }),
    async restart() {
      await standin?.close();
      await start();
    },
    async stop() {
      await standin?.close();
    },
    async api<T>(path: string, method = "GET", body?: object) {
      const headers = { authorization: `Bearer ${signingKey}` };
      const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
      const ask = () => fetch(url + path, init);
      // A connection that was kept from before a restart fails once.
      const response = await (method === "GET" ? ask().catch(ask) : ask());
      return { status: response.status, body: (await response.json()) as T };
    },
    async end() {
      await standin?.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** An app that serves functions over HTTP with the real SDK. */
export interface TestApp {
  readonly port: number;
  /** Registers, as the launcher does; what the SDK answers. */
  register(): Promise<{ message: string; modified: boolean }>;
  /** Goes away at once, as a killed process does. */
  kill(): Promise<void>;
}

/** Starts an app on a port (a free one by default). */
export async function startApp(
  client: Inngest,
  functions: InngestFunction.Any[],
  port = 0,
): Promise<TestApp> {
  const server: Server = createServer(serve({ client, functions }));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const taken = typeof address === "object" && address !== null ? address.port : 0;
  return {
    port: taken,
    async register() {
      const response = await fetch(`http://127.0.0.1:${taken}/api/inngest`, { method: "PUT" });
      return (await response.json()) as { message: string; modified: boolean };
    },
    async kill() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Waits until a question has an answer that is not false or undefined; fails after ten seconds. */
export async function until<T>(
  question: () => T | false | undefined | Promise<T | false | undefined>,
): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answer = await question();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`it did not happen: ${question.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Waits until an event has so many runs and all are over; them, as the REST API shows them. */
export async function runsOver(rig: Rig, eventId: string | undefined, count = 1): Promise<RunAnswer[]> {
  return until(async () => {
    const { body } = await rig.api<{ data: RunAnswer[] }>(`/v1/events/${eventId}/runs`);
    return body.data.length >= count && body.data.every((run) => run.ended_at !== null) && body.data;
  });
}

/** Waits until the one run of an event is over; it. */
export async function runOver(rig: Rig, eventId: string | undefined): Promise<RunAnswer> {
  const [run] = await runsOver(rig, eventId);
  if (!run) throw new Error("no run");
  return run;
}
