import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Inngest } from "inngest";
import { serve } from "inngest/node";
import { syncWithInngest } from "#src/launcher/sync.ts";

/**
 * Forked by `decline.ts`: the floor of a decline. Eleven functions that do nothing are triggered by one event, through
 * the same Inngest server as the app's, by the same SDK. `POST /` sends the event, as the app's own route does.
 */

/** What the floor's app is told at its start. */
export interface FloorOrder {
  readonly inngest: string;
  readonly eventKey: string;
  readonly signingKey: string;
  readonly functions: number;
}

/** When the last of the functions of each event ran, in milliseconds since 1970, in the order of the requests. */
export type FloorTimes = readonly (number | null)[];

async function startFloor({ inngest: baseUrl, eventKey, signingKey, functions }: FloorOrder) {
  const sent: string[] = [];
  const runs = new Map<string, number[]>();
  const inngest = new Inngest({ id: "floor", isDev: false, baseUrl, eventKey, signingKey });
  const empty = Array.from({ length: functions }, (_, n) =>
    inngest.createFunction({ id: `empty_${n}`, triggers: [{ event: "floor.sent" }] }, ({ event }) => {
      const times = runs.get(event.id ?? "") ?? [];
      runs.set(event.id ?? "", [...times, Date.now()]);
    }),
  );
  const handle = serve({ client: inngest, functions: empty });
  const send = async (id: string) => {
    await inngest.send({ id, name: "floor.sent", data: {} });
  };
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/api/inngest")) {
      handle(request, response);
      return;
    }
    const id = randomUUID();
    sent.push(id);
    request.resume();
    void send(id).then(() => response.writeHead(202).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await syncWithInngest(
    { host: "127.0.0.1", port, appUrl: `http://127.0.0.1:${port}`, signingKey },
    { signal: AbortSignal.timeout(30_000), log: (line) => console.error(line) },
  );
  return {
    url: `http://127.0.0.1:${port}`,
    times: (): FloorTimes =>
      sent.map((id) => {
        const times = runs.get(id) ?? [];
        return times.length < functions ? null : Math.max(...times);
      }),
  };
}

process.once("message", (order: FloorOrder) => {
  void startFloor(order).then(({ url, times }) => {
    process.send?.(url);
    process.on("message", () => process.send?.(times()));
  });
});
process.once("disconnect", () => process.exit(0));
