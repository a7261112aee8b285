import { Agent, request as httpRequest } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import autocannon from "autocannon";
import type { Flooded, Load, PacedAnswer, PacedRequest } from "./load.ts";

/** Forked by `load.ts`, so that making the load and waiting for answers takes no turn from whoever measures. */

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Sends one request and reads its answer to the end. What fails on the way has status 0. */
function send(url: string, { method, path, headers, body }: PacedRequest): Promise<number> {
  // Node itself frames no body of a DELETE.
  const framed =
    body === undefined ? headers : { ...headers, "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve) => {
    const outgoing = httpRequest(new URL(path, url), { method, agent, headers: { ...framed } }, (answer) => {
      answer.on("end", () => resolve(answer.statusCode ?? 0)).on("error", () => resolve(0));
      answer.resume();
    });
    outgoing.on("error", () => resolve(0)).end(body);
  });
}

/** An open loop: each request goes at its time, whether or not those before it have been answered. */
async function paced({ url, perSecond, requests }: Extract<Load, { kind: "paced" }>): Promise<PacedAnswer[]> {
  const began = performance.now();
  return await Promise.all(
    requests.map(async (request, place) => {
      const due = began + (place * 1_000) / perSecond;
      await wait(Math.max(0, due - performance.now()));
      const sent = performance.now();
      const status = await send(url, request);
      return { sent: performance.timeOrigin + sent, took_ms: performance.now() - sent, status };
    }),
  );
}

/** A closed loop by autocannon: each connection asks again as soon as it is answered. */
function flood({ url, connections, seconds, requests }: Extract<Load, { kind: "flood" }>): Promise<Flooded> {
  const statuses: Record<string, number> = {};
  const latencies: number[] = [];
  const perSecond: number[] = [];
  let failed = 0;
  let next = 0;
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const running = autocannon(
      {
        url,
        connections,
        duration: seconds,
        // Each connection goes its own way through the requests, so that no two begin with the same one.
        setupClient: (client) => {
          const first = next++;
          client.setRequests(
            requests.filter((_, place) => place % connections === first).map((one) => ({ ...one })),
          );
        },
      },
      (error: unknown) => {
        if (error) return reject(error instanceof Error ? error : new Error("autocannon failed"));
        // What came after the last whole second has no second of its own.
        resolve({ statuses, latencies, perSecond: perSecond.slice(0, seconds), failed });
      },
    );
    running.on("reqError", () => (failed += 1));
    running.on("response", (_client, status, _bytes, took_ms) => {
      statuses[status] = (statuses[status] ?? 0) + 1;
      latencies.push(took_ms);
      const second = Math.floor((performance.now() - began) / 1_000);
      for (let n = perSecond.length; n <= second; n++) perSecond.push(0);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    });
  });
}

process.once("message", (load: Load) => {
  const running: Promise<unknown> = load.kind === "paced" ? paced(load) : flood(load);
  void running.then((result) => process.send?.(result, () => process.exit(0)));
});
// Whoever ordered the load is gone: nobody wants it any more.
process.once("disconnect", () => process.exit(1));
