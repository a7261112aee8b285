import { randomUUID } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Caller, Role } from "#src/contract/roles.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene } from "#src/testing/scene.ts";
import { recordRun } from "../../data/receiver-runs.ts";
import { findBulk, listBulk, previewBulk, startBulk } from "./bulk.ts";
import { refreshSummaries } from "./summaries.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

const person = (role: Role): Caller => ({
  id: new ObjectId().toHexString(),
  name: role,
  email: `${role}@example.com`,
  role,
});

/** Goals of one streamer that ended, whose push then failed. */
async function failedGoals(viewers: readonly string[]) {
  const scene = await makeScene(app.services, viewers);
  const goalIds: string[] = [];
  for (const viewer of viewers) {
    const goalId = await scene.invite(viewer);
    await endUnsignalled(app.services, scene, goalId);
    const run = { goalId, receiver: "notify_goal_ended", eventId: `test:${goalId}` } as const;
    await recordRun(app.services.db, run, { status: "failed", attempt: 4, error: "no" }, new Date());
    goalIds.push(goalId);
  }
  await refreshSummaries(app.services, goalIds);
  return { filter: { streamer: scene.streamerId }, goalIds };
}

describe("an action on many goals", () => {
  test("runs again what failed, and counts what became of it", async () => {
    const { filter } = await failedGoals(["vic", "wen", "xan"]);
    const what = { kind: "failed" } as const;
    const preview = await previewBulk(app.services, filter, what);
    expect(preview).toEqual({
      goals: 3,
      items: 3,
      amounts: [{ currency: "USD", amount: 3_600 }],
      too_many: false,
      needs_approval: false,
      confirmation: "3",
    });
    const started = await startBulk(app.services, person("moderator"), {
      filter,
      what,
      confirmation: "3",
      reason: "Pusher was away",
      requestId: randomUUID(),
    });
    expect(started.status).toBe("running");
    await vi.waitFor(
      async () =>
        expect(await findBulk(app.services, started.bulk_id)).toMatchObject({
          status: "done",
          sent: 3,
          skipped: 0,
          settled: { done: 3 },
        }),
      { timeout: 10_000, interval: 20 },
    );
    expect((await listBulk(app.services, null, 10)).actions).toHaveLength(1);
  });
});
