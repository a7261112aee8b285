import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { conservation, requestCheck } from "#src/server/operations/console/conservation.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeScene } from "#src/testing/scene.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

test("a check that was asked for, however often it is sent, is one entry, and the light says what it found", async () => {
  const { services } = app;
  const scene = await makeScene(services, ["vic"]);
  await scene.invite("vic");
  const caller = { id: scene.streamerId, name: "root", email: "root@example.com", role: "admin" } as const;
  const request = { reason: "A viewer asks for money.", requestId: randomUUID() };
  const { audit_id } = await requestCheck(services, caller, request);
  expect(await requestCheck(services, caller, request)).toEqual({ audit_id });
  await vi.waitFor(async () => {
    const light = await conservation(services);
    expect(light).toMatchObject({ light: "green", transfers: 1, checking: false });
    expect(light.checked_whole).not.toBeNull();
  }, 10_000);
  const entries = await services.db.driver.collection("audit_log").find({}).toArray();
  expect(entries).toMatchObject([
    { action: "ledger.check", target: "ledger", status: "completed", reason: request.reason },
  ]);
});
