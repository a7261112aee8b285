import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { openAdmission } from "#src/door/admission.ts";
import { startHttpServer } from "#src/door/http-server.ts";
import type { PartBenchmark } from "./benchmark.ts";
import { type Figure, figureOf } from "./figures.ts";
import { paced, type PacedAnswer } from "./load.ts";

const seconds = 3;
/** How long the work for one request takes, while nothing else is worked on: 200 and 40 requests a second. */
const costs_ms = [5, 25];

const took = (answers: readonly PacedAnswer[], status: number) =>
  answers.filter((answer) => answer.status === status).map(({ took_ms }) => took_ms);

/** The app's own server before work that is done one after the other, and takes no CPU: its speed is known, and no other's. */
async function openServer(cost_ms: number) {
  let free = 0;
  const http = await startHttpServer(["127.0.0.1"], 0, {
    isTrusted: () => false,
    headers: { for: () => ({}), plain: {} },
    admission: openAdmission({ MAX_IN_FLIGHT: 32, MAX_INNGEST_IN_FLIGHT: 16, INNGEST_DEV: undefined }),
    handler: async (_request, response) => {
      free = Math.max(performance.now(), free) + cost_ms;
      await wait(free - performance.now());
      response.end();
    },
  });
  // Listening on a TCP port, the address is never a path.
  const { port } = http.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => http.close(1_000) };
}

async function figuresOf(cost_ms: number): Promise<Figure[]> {
  await using server = await openServer(cost_ms);
  const figures: Figure[] = [];
  for (const times of [1, 3]) {
    const perSecond = (times * 1_000) / cost_ms;
    const requests = Array.from(
      { length: perSecond * seconds },
      () => ({ method: "GET", path: "/" }) as const,
    );
    const answers = await paced(server.url, perSecond, requests);
    const name = `${times}x of ${1_000 / cost_ms}/s`;
    const served = took(answers, 200);
    figures.push(
      figureOf(`${name}, accepted`, served, { targets: [{ of: "p99", most: 1_000 }] }),
      figureOf(`${name}, refused`, took(answers, 503), {
        targets: times === 3 ? [{ of: "p99", most: 500 }] : [],
      }),
      figureOf(`${name}, served`, [served.length / seconds], { unit: "/s" }),
    );
  }
  const after = await paced(
    server.url,
    10,
    Array.from({ length: 10 }, () => ({ method: "GET", path: "/" }) as const),
  );
  return [...figures, figureOf(`after 3x of ${1_000 / cost_ms}/s`, took(after, 200))];
}

/** Who is let in, by work of a known speed: it tells the door's own doing from that of a machine that others use too. */
export const door: PartBenchmark = {
  name: "door",
  of: "part",
  about:
    "The app's own server alone, before work of a known speed (200/s, 40/s): once and three times as many requests as it can do.",
  async run() {
    const figures: Figure[] = [];
    for (const cost_ms of costs_ms) figures.push(...(await figuresOf(cost_ms)));
    return { figures, notes: [] };
  },
};
