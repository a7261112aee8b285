import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { syncWithInngest } from "./sync.ts";

let app: Server | undefined;
afterEach(() => {
  app?.close();
  app = undefined;
});

async function serve(listener: RequestListener) {
  app = createServer(listener).listen(0, "127.0.0.1");
  await once(app, "listening");
  // Listening on a TCP port, the address is never a path.
  return {
    host: "127.0.0.1",
    port: (app.address() as AddressInfo).port,
    appUrl: "https://goalkeeper.example",
    signingKey: "signkey-prod-0123",
  };
}

test("registers under the app's own name, and tries until Inngest has said yes", async () => {
  const answers = [
    { status: 500, body: '{"message":"Failed to register"}' },
    { status: 200, body: '{"message":"app not found","modified":false}' },
    { status: 200, body: '{"message":"Successfully registered","modified":true}' },
  ];
  const hosts: (string | undefined)[] = [];
  const target = await serve((request, response) => {
    const answer = answers[hosts.length];
    hosts.push(`${request.method} ${request.headers.host}${request.url}`);
    response.writeHead(answer?.status ?? 404).end(answer?.body);
  });
  await syncWithInngest(target, { signal: AbortSignal.timeout(10_000), log: () => undefined });
  expect(hosts).toEqual(Array(3).fill("PUT goalkeeper.example/api/inngest"));
});

test("ends when it is told to", async () => {
  const target = await serve((_request, response) => void response.writeHead(500).end());
  const stop = new AbortController();
  const syncing = syncWithInngest(target, { signal: stop.signal, log: () => undefined });
  stop.abort();
  await expect(syncing).resolves.toBeUndefined();
});
