import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { expect, test, vi } from "vitest";
import { appSettings } from "#src/config/env.ts";
import { attributeOf, startCollector } from "#src/testing/collector.ts";
import { openLog } from "./log.ts";
import { openScopes } from "./scopes.ts";
import { openTraces, traceIdOf } from "./traces.ts";

function traces(extra: Record<string, string>) {
  const settings = appSettings({
    APP_URL: "http://localhost:3000",
    DATABASE_URL: "mongodb://127.0.0.1:9/none",
    PUSHER_APP_ID: "1",
    PUSHER_KEY: "key",
    PUSHER_SECRET: "secret",
    AUTH_SECRET: "a".repeat(32),
    ...extra,
  });
  const to = new PassThrough();
  const scopes = openScopes();
  const opened = openTraces(settings, scopes, openLog("info", { to }));
  return { ...opened, scopes, logged: () => String(to.read() ?? "") };
}

test("without an endpoint there are no spans, and the work is done all the same", async () => {
  const none = traces({});
  expect(none.on).toBe(false);
  expect(await none.start("nothing")).toBeNull();
  expect(await none.span("nothing", {}, async (open) => [open, "done"])).toEqual([null, "done"]);
});

test("a span within another is its child, and says what went wrong", async () => {
  const collector = await startCollector();
  const traced = traces({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/` });
  const work = traced.span("outer", { place: { traceId: traceIdOf("x") } }, () =>
    traced.span("inner", { kind: "client", attributes: { n: 1, absent: undefined } }, () =>
      Promise.reject(new TypeError("It did not work.")),
    ),
  );
  await expect(work).rejects.toThrow("It did not work.");
  await traced.close();
  const [inner, outer] = collector.spans;
  expect([inner?.name, outer?.name]).toEqual(["inner", "outer"]);
  expect([inner?.traceId, inner?.parentSpanId]).toEqual([traceIdOf("x"), outer?.spanId]);
  expect(outer?.parentSpanId).toBeUndefined();
  expect(inner?.status).toEqual({ code: 2, message: "It did not work." });
  expect(inner && attributeOf(inner, "error.type")).toBe("TypeError");
  await collector.close();
});

test("which traces are kept is told by their ids, the same in every process", async () => {
  const collector = await startCollector();
  const keys = Array.from({ length: 200 }, (_, n) => String(n));
  for (let run = 0; run < 2; run++) {
    const traced = traces({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER_ARG: "0.5",
    });
    for (const key of keys)
      await traced.span(key, { place: { traceId: traceIdOf(key) } }, async () => undefined);
    await traced.close();
  }
  const kept = collector.spans.map(({ name }) => name);
  const once = kept.slice(0, kept.length / 2);
  expect(kept).toEqual([...once, ...once]);
  expect(once.length).toBeGreaterThan(60);
  expect(once.length).toBeLessThan(140);
  await collector.close();
});

test("a collector that is away fails no work, is told of once, and holds up no end", async () => {
  const away = traces({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" });
  const place = { traceId: traceIdOf("x") };
  let said = "";
  const work = async (n: number) => {
    expect(await away.span("work", { place }, async () => n)).toBe(n);
    said += away.logged();
  };
  await work(1);
  await vi.waitFor(async () => {
    await work(2);
    expect(said).toContain("traces are not delivered");
  }, 15_000);
  await work(3);
  const began = performance.now();
  await away.close();
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(said.trim().split("\n")).toHaveLength(1);
});

test("a collector that hangs holds up no end for longer than it may", async () => {
  const hanging = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(hanging, "listening");
  const { port } = hanging.address() as AddressInfo;
  const traced = traces({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
  await traced.span("work", { place: { traceId: traceIdOf("x") } }, async () => undefined);
  const began = performance.now();
  await traced.close();
  expect(performance.now() - began).toBeLessThan(3_000);
  hanging.closeAllConnections();
  hanging.close();
});

test("work that belongs to no trace makes none", async () => {
  const collector = await startCollector();
  const traced = traces({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  expect(await traced.span("work", {}, async (open) => open)).toBeNull();
  await traced.close();
  expect(collector.spans).toEqual([]);
  await collector.close();
});

test("what work belongs to is known wherever it awaits, and nowhere else", async () => {
  const scopes = openScopes();
  const seen = await scopes.run({ fields: { ending_id: "a" } }, async () => {
    await Promise.resolve();
    scopes.become({ fields: { function: "f" } });
    return scopes.run({ fields: { attempt: 1 } }, async () => scopes.current().fields);
  });
  expect(seen).toEqual({ ending_id: "a", function: "f", attempt: 1 });
  expect(scopes.current().fields).toEqual({});
});
