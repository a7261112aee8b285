import { once } from "node:events";
import { request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, vi } from "vitest";
import { doorCounts, type Lane } from "#src/contract/door.ts";
import { openAdmission, type Patience } from "#src/door/admission.ts";
import { answerHeaders } from "#src/door/answer-headers.ts";
import { startHttpServer, type HttpServer } from "#src/door/http-server.ts";

const open: HttpServer[] = [];
/** Closes what `openDoor` has opened. */
export const closeDoors = async () => void (await Promise.all(open.splice(0).map((one) => one.close(0))));

/** What every answer carries. */
export const headers = answerHeaders(
  {
    APP_URL: "http://localhost:3000",
    PUSHER_HOST: undefined,
    PUSHER_PORT: undefined,
    PUSHER_TLS: true,
    PUSHER_CLUSTER: "mt1",
  },
  { dev: false },
);
/** Nobody is refused for having waited. */
export const long = {
  burst_ms: 60_000,
  flood_ms: 60_000,
  slow_ms: 60_000,
  late_ms: 60_000,
  abandoned_ms: 60_000,
};
/** Whoever waits is refused a moment later. */
export const short = { ...long, burst_ms: 1, flood_ms: 1 };

/** How long a test waits for what is to come: the machine may be busy with others. */
export const patient = { timeout: 10_000, interval: 5 };

interface Asked {
  readonly path: string;
  readonly response: ServerResponse;
  /** Ends the work, and with it the answer, unless that has been ended. */
  finish(): void;
}

/** A server with two places for people and two for Inngest, whose answers wait until the test finishes them. */
export async function openDoor(
  patience: Patience,
  given: { INNGEST_DEV?: string; MAX_IN_FLIGHT?: number; MAX_INNGEST_IN_FLIGHT?: number } = {},
) {
  const asked: Asked[] = [];
  let isOpen = false;
  const http = await startHttpServer(["127.0.0.1"], 0, {
    listeners: 1,
    isTrusted: () => false,
    headers,
    admission: openAdmission(
      { MAX_IN_FLIGHT: 2, MAX_INNGEST_IN_FLIGHT: 2, INNGEST_DEV: undefined, ...given },
      patience,
    ),
    handler: async (incoming, response) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      asked.push({ path: incoming.url ?? "", response, finish: resolve });
      if (!isOpen) await promise;
      if (!response.writableEnded) response.end("served");
    },
  });
  open.push(http);
  // Listening on a TCP port, the address is never a path.
  const { port } = http.server.address() as AddressInfo;
  return {
    asked,
    port,
    /** From here on everything is answered at once. */
    goOn: () => {
      isOpen = true;
      for (const one of asked) one.finish();
    },
    until: (count: number) => vi.waitFor(() => expect(asked).toHaveLength(count), patient),
    get: (path: string, more: Record<string, string> = {}) => get(port, path, more),
    decline: (goalId: string) => get(port, `/goals/${goalId}`, {}, "DELETE"),
  };
}

/** Begins a request; `answer` is its end, `leave` breaks it off. */
function get(port: number, path: string, more: Record<string, string>, method = "GET") {
  const outgoing = request({ host: "127.0.0.1", port, path, method, headers: more, agent: false }).end();
  const answer = (async () => {
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  })();
  answer.catch(() => undefined);
  return { answer, leave: () => void outgoing.destroy() };
}

/** Whether all of these were answered, by what they asked for. */
export const areServed = async (asked: readonly ReturnType<typeof get>[]) =>
  (await Promise.all(asked.map(({ answer }) => answer))).every(({ status }) => status === 200);

/** What a call of Inngest carries; whether it is right is not for the door to say. */
export const signed = { "x-inngest-signature": "t=1&s=0" };
/** Waits until so many wait in a lane. */
export const untilWaiting = (count: number, lane: Lane = "pages") =>
  vi.waitFor(() => expect(doorCounts().waiting[lane]).toBe(count), patient);
/** How many were refused since the process began. */
export const refusedSoFar = () => doorCounts().refused.full + doorCounts().refused.waited;
