import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { findGoal } from "#src/server/data/goals.ts";
import { declineGoal } from "#src/server/operations/decline-goal.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { setExp } from "#src/testing/endings.ts";
import { makeScene } from "#src/testing/scene.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => {
  vi.useRealTimers();
  await app.close();
});

test("a decline that was accepted by a clock that is ahead does not wait for that time to come", async () => {
  const scene = await makeScene(app.services, ["vic"]);
  const goalId = await scene.invite("vic");
  // It must stand longer than that clock is ahead.
  await setExp(app.services, goalId, new Date(Date.now() + 24 * 3_600_000));
  const streamer = { id: scene.streamerId, name: "", email: "", role: "streamer" } as const;
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5 * 3_600_000 });
  const declined = await declineGoal(app.services, streamer, goalId);
  vi.useRealTimers();
  expect(declined).toMatchObject({ status: "accepted" });
  await vi.waitFor(async () => expect((await findGoal(app.services.db, goalId))?.active).toBe(false), {
    timeout: 5_000,
    interval: 20,
  });
});
