import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { goalEnded, goalEndedId } from "#src/contract/events.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { type LocalServicesPlan, planLocalServices } from "#src/launcher/local-services.ts";
import { runsOfGoal } from "#src/server/data/receiver-runs.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene, sendTo } from "#src/testing/scene.ts";

/** A Pusher that is planned, so that the app knows where it will be, and started when a test wants it back. */
let pusher: LocalServicesPlan;
let dataDir: string;
let app: TestApp;
let stopPusher = () => Promise.resolve();
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "goalkeeper-test-"));
  pusher = await planLocalServices({ dataDir, services: ["pusher"], env: {} });
  const { AUTH_SECRET: _, ...settings } = pusher.settings;
  app = await startTestApp(settings);
});
afterAll(async () => {
  await app.close();
  await stopPusher();
  await rm(dataDir, { recursive: true, force: true });
});

const settledStatuses = ["done", "returned", "failed"];

/** Waits until all eleven have settled for this event; gives their records, and how far the failing one was seen. */
async function allSettled(goalId: string, eventId: string) {
  const attempts = new Set<number>();
  const runs = await vi.waitFor(
    async () => {
      const found = (await runsOfGoal(app.services.db, goalId)).filter(
        ({ event_id }) => event_id === eventId,
      );
      for (const { receiver, attempt, error } of found) {
        if (receiver === "notify_goal_ended" && error !== undefined) attempts.add(attempt);
      }
      expect(found.filter(({ status }) => settledStatuses.includes(status))).toHaveLength(receiverIds.length);
      return found;
    },
    { timeout: 15_000, interval: 5 },
  );
  return { runs, attempts: [...attempts] };
}

describe("a receiver", () => {
  test("that fails is recorded with its error and every attempt, holds up no other, and can be run again", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    const signal = await endUnsignalled(app.services, scene, goalId);
    const eventId = goalEndedId(goalId, "test");
    await app.services.inngest.send(goalEnded.create(signal, { id: eventId }));
    const { runs, attempts } = await allSettled(goalId, eventId);

    const notify = runs.find(({ receiver }) => receiver === "notify_goal_ended");
    expect(notify).toMatchObject({ status: "failed", attempt: 8, finished: expect.any(Date) as Date });
    expect(notify?.error).toMatch(/./);
    expect(attempts).toEqual(attempts.toSorted((a, b) => a - b));
    const others = runs.filter(({ receiver }) => receiver !== "notify_goal_ended");
    expect(others.filter(({ status }) => status === "failed")).toEqual([]);
    for (const { receiver, error } of others) expect([receiver, error]).toEqual([receiver, undefined]);

    const running = await pusher.start();
    stopPusher = () => running.stop();
    const again = await sendTo(app.services, "notify_goal_ended", signal);
    expect(await again.settled()).toMatchObject({ status: "done", attempt: 0, event_id: again.eventId });
    const [failed, ...rest] = (await runsOfGoal(app.services.db, goalId)).filter(
      ({ receiver }) => receiver === "notify_goal_ended",
    );
    expect(failed).toEqual(notify);
    expect(rest.map(({ event_id }) => event_id)).toEqual([again.eventId]);
  });

  test("shows its error while it still tries, and keeps none once it has come through", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const signal = await endUnsignalled(app.services, scene, await scene.invite("vic"));
    const sessions = app.services.db.driver.collection("sessions");
    const session = await sessions.findOneAndDelete({ _id: new ObjectId(scene.sessionId) });
    if (session === null) throw new Error("There is no session to take away.");
    const { run, settled } = await sendTo(app.services, "trigger_exclusive_goal_escrow_refund", signal);
    const error = `Session ${scene.sessionId} is gone.`;
    const tried = await vi.waitFor(
      async () => {
        const now = await run();
        expect(now).toMatchObject({ status: "running", error });
        expect(now?.attempt).toBeGreaterThan(0);
        return now;
      },
      { timeout: 10_000, interval: 5 },
    );
    expect(tried).not.toHaveProperty("finished");
    await sessions.insertOne(session);
    const done = await settled();
    expect(done.status).toBe("done");
    expect(done.attempt).toBeGreaterThanOrEqual(tried?.attempt ?? 1);
    expect(done).not.toHaveProperty("error");
  });

  test("leaves a failed record of a signal that is none, without trying again", async () => {
    const goalId = new ObjectId().toHexString();
    const id = randomUUID();
    await app.services.inngest.send({ name: "goal.ended", id, data: { goal_id: goalId, active: true } });
    const { runs } = await allSettled(goalId, id);
    expect(runs.map(({ receiver }) => receiver).toSorted()).toEqual([...receiverIds].toSorted());
    for (const run of runs) expect(run).toMatchObject({ status: "failed", attempt: 0, event_id: id });
    for (const run of runs) expect(run.error).toMatch(/./);
  });

  test("of a signal that names no goal leaves no record, and of the next one does", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const signal = await endUnsignalled(app.services, scene, await scene.invite("vic"));
    const before = await app.services.db.driver.collection("receiver_runs").countDocuments();
    await app.services.inngest.send({ name: "goal.ended", id: randomUUID(), data: { goal_id: "x" } });
    const run = await (await sendTo(app.services, "track_goals", signal)).settled();
    expect(run.status).toBe("done");
    expect(await app.services.db.driver.collection("receiver_runs").countDocuments()).toBe(before + 1);
  });

  test("retried by name runs alone", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    const signal = await endUnsignalled(app.services, scene, goalId);
    for (const receiver of ["snapshot_rtc_sources", "track_goals"] as const) {
      await (await sendTo(app.services, receiver, signal)).settled();
    }
    const runs = await runsOfGoal(app.services.db, goalId);
    expect(runs.map(({ receiver }) => receiver)).toEqual(["snapshot_rtc_sources", "track_goals"]);
  });
});
