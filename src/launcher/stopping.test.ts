import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterEach, expect, test, vi } from "vitest";
import { beginStop, closeAtTheEnd, closeEverything } from "#src/server/stopping.ts";
import { headers } from "#src/testing/door.ts";
import { openAdmission } from "#src/door/admission.ts";
import { trustedProxies } from "#src/door/client-address.ts";
import { startHttpServer } from "#src/door/http-server.ts";
import { forkChild } from "./parent.ts";
import { stopSignal } from "./stop-signals.ts";

const cleanup: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0)) await clean();
});

/** This process' own listeners for a signal, called as the signal would. */
const raise = (signal: "SIGTERM" | "SIGINT") => void process.emit(signal, signal);

function listening() {
  vi.useFakeTimers();
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const before = signals.map((name) => [name, process.listeners(name)] as const);
  cleanup.push(() => {
    for (const [name, listeners] of before)
      for (const listener of process.listeners(name))
        if (!listeners.includes(listener)) process.off(name, listener);
    vi.useRealTimers();
    exit.mockRestore();
  });
  return { stop: stopSignal({ underNpm: false }), exit };
}

test("SIGTERM stops once, and cuts nothing off however often it comes", () => {
  const { stop, exit } = listening();
  raise("SIGTERM");
  expect(stop.aborted).toBe(true);
  vi.advanceTimersByTime(5_000);
  raise("SIGTERM");
  expect(exit).not.toHaveBeenCalled();
});

test("Ctrl-C is taken once although npm passes it on, and a second time for impatience", () => {
  const { stop, exit } = listening();
  raise("SIGINT");
  raise("SIGINT");
  expect([stop.aborted, exit.mock.calls]).toEqual([true, []]);
  vi.advanceTimersByTime(5_000);
  raise("SIGINT");
  expect(exit).toHaveBeenCalledWith(130);
});

test("a child that does not stop when it is asked is killed after its time", async () => {
  const dir = mkdtempSync(join(tmpdir(), "goalkeeper-hanging-"));
  cleanup.push(() => rm(dir, { recursive: true }));
  const file = join(dir, "hanging.mjs");
  // Not even a timer runs in it any more: only somebody else can end it.
  writeFileSync(
    file,
    `import { runAsChild } from ${JSON.stringify(new URL("./child.ts", import.meta.url).href)};
     const hang = async () => { for (;;); };
     runAsChild({ start: async () => ({ ready: undefined, close: hang }), closeWithin_ms: 100 });`,
  );
  const child = await forkChild({ file, order: {}, env: {}, stopWithin_ms: 200 });
  await child.stop();
  expect(await child.exited).toEqual({ code: null, signal: "SIGKILL" });
});

test("what is closed at the end is closed once, side by side, and one that fails keeps no other from it", async () => {
  const closed: string[] = [];
  closeAtTheEnd(async () => {
    throw new Error("no");
  });
  closeAtTheEnd(async () => void closed.push("database"));
  expect(await closeEverything()).toEqual([new Error("no")]);
  expect(await closeEverything()).toEqual([]);
  expect(closed).toEqual(["database"]);
});

test("when it is to stop, connections that are kept are sent away; once it closes, what comes by them is refused", async () => {
  const arrived = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const http = await startHttpServer(["127.0.0.1"], 0, {
    isTrusted: trustedProxies(""),
    headers,
    admission: openAdmission({ MAX_IN_FLIGHT: 8, MAX_INNGEST_IN_FLIGHT: 2, INNGEST_DEV: undefined }),
    handler: async (incoming, response) => {
      if (incoming.url === "/slow") {
        arrived.resolve();
        await goOn.promise;
      }
      response.end("fine");
    },
  });
  const { port } = http.server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  cleanup.push(() => agent.destroy());
  const get = async () => {
    const [response] = await once(request({ port, host: "127.0.0.1", agent, path: "/" }).end(), "response");
    return { connection: response.headers.connection as string, body: await text(response) };
  };
  expect(await get()).toEqual({ connection: "keep-alive", body: "fine" });
  const socket = connect(port, "127.0.0.1");
  const said = text(socket);
  socket.write("GET /slow HTTP/1.1\r\nhost: a\r\n\r\n");
  await arrived.promise;

  beginStop();
  expect(await get()).toEqual({ connection: "close", body: "fine" });
  const closed = http.close(5_000);
  const heard = once(http.server, "request");
  socket.write("GET /next HTTP/1.1\r\nhost: a\r\n\r\n");
  await heard;
  goOn.resolve();
  const [first, second] = (await said).split("fine");
  expect(first).toMatch(/^HTTP\/1\.1 200 /);
  expect(second).toMatch(
    /^HTTP\/1\.1 503 [^]*\r\nconnection: close\r\n[^]*\r\nretry-after: \d[^]*"unavailable"/i,
  );
  await closed;
});
