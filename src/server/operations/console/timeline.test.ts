import { randomUUID } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { goalDeactivate, goalEndedId } from "#src/contract/events.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { writeEndedGoals } from "#src/testing/ended-goals.ts";
import { makeScene, type Scene, sendTo } from "#src/testing/scene.ts";
import { findDeactivation, recordDeactivation } from "../../data/deactivation-runs.ts";
import type { GoalDocument } from "../../data/documents.ts";
import { findGoal } from "../../data/goals.ts";
import { runsOfGoal } from "../../data/receiver-runs.ts";
import { signalOfEndedGoal } from "../end-goal.ts";
import { goalDetail } from "./goal-page.ts";
import { inngestRun, timelineOf } from "./timeline.ts";

let app: TestApp;
let scene: Scene;
let goalId: string;
const eventId = randomUUID();
const runs = (id = goalId) => runsOfGoal(app.services.db, id);
const allSettled = () =>
  vi.waitFor(
    async () => {
      const settled = (await runs()).filter(({ status }) => ["done", "returned", "failed"].includes(status));
      expect(settled).toHaveLength(receiverIds.length);
    },
    { timeout: 15_000, interval: 20 },
  );

/** One goal that was declined while Pusher was away, so that its push fails for good after its retries. */
beforeAll(async () => {
  app = await startTestApp({ PUSHER_HOST: "127.0.0.1", PUSHER_PORT: "1" });
  scene = await makeScene(app.services, ["vic"]);
  goalId = await scene.invite("vic");
  const { streamerId } = scene;
  await app.services.inngest.send(
    goalDeactivate.create(
      {
        goal_id: goalId,
        filters: { active: true, metadata__user_id: streamerId },
        triggerer: streamerId,
        metadata: null,
      },
      { id: eventId },
    ),
  );
  await allSettled();
});
afterAll(async () => app.close());

describe("a decline's timeline", () => {
  test("goes from the request to the last receiver, each bar beginning no sooner than the one it waits for", async () => {
    const { bars } = (await goalDetail(app.services, goalId)).timeline;
    const [request, task, signal, ...received] = bars;
    expect([request?.kind, task?.kind, signal?.kind]).toEqual(["request", "task", "signal"]);
    expect(request).toMatchObject({ name: "goal.deactivate", event_id: eventId, status: "done" });
    expect(task).toMatchObject({
      name: "deactivate_goal",
      start: request?.end,
      run_id: expect.stringMatching(/^[0-9A-Z]{26}$/) as string,
      input: { goal_id: goalId, triggerer: scene.streamerId, reason: "declined" },
    });
    expect(signal).toMatchObject({
      name: "goal.ended",
      start: task?.end,
      end: received[0]?.start,
      event_id: goalEndedId(goalId, eventId),
      input: { goal_id: goalId, session_id: scene.sessionId, exclusive_to: scene.viewers["vic"] },
    });
    const starts = [request, task, signal].map((bar) => Date.parse(bar?.start ?? ""));
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(received.map(({ name }) => name).toSorted()).toEqual([...receiverIds].toSorted());
    expect(received.every(({ kind, run_id }) => kind === "receiver" && run_id !== null)).toBe(true);
  });

  test("shows how often a receiver was tried, and why it failed", async () => {
    const { timeline, pushes } = await goalDetail(app.services, goalId);
    const push = timeline.bars.find(({ receiver }) => receiver === "notify_goal_ended");
    expect(push).toMatchObject({ status: "failed", attempts: 9 });
    expect(push?.error).toBeTruthy();
    expect(pushes).toEqual([]);
  });

  test("shows a receiver that was run again as a retry, with a push that was sent", async () => {
    const [id = ""] = (await writeEndedGoals(app.services, 1)).goalIds;
    const goal = await findGoal(app.services.db, id);
    const signal = goal && signalOfEndedGoal(goal);
    if (signal === null) throw new Error("no signal");
    await (await sendTo(app.services, "track_goals", signal)).settled();
    const { bars } = (await goalDetail(app.services, id)).timeline;
    expect(bars.map(({ kind, name }) => [kind, name])).toEqual([
      ["task", "deactivate_goal"],
      ["signal", "goal.ended"],
      ["receiver", "notify_goal_ended"],
      ["retry", "track_goals"],
    ]);
  });

  test("of a goal from before its task kept a record begins with the write of its end", async () => {
    const [id = ""] = (await writeEndedGoals(app.services, 1)).goalIds;
    const goal = await findGoal(app.services.db, id);
    const { bars } = (await goalDetail(app.services, id)).timeline;
    const at = goal?.deactivated?.at.toISOString();
    expect(bars[0]).toMatchObject({ kind: "task", start: at, end: at, status: "done", run_id: null });
    expect(bars[1]).toMatchObject({ kind: "signal", start: at, status: "done" });
  });

  test("of a goal that has ended and is not yet signalled shows the task as going on", async () => {
    const goal = await findGoal(app.services.db, goalId);
    if (goal === null) throw new Error("no goal");
    expect(timelineOf(goal, null, []).bars).toMatchObject([{ kind: "task", status: "running", end: null }]);
  });

  test("of a goal that goes on is empty", async () => {
    const goal = await findGoal(app.services.db, goalId);
    if (goal === null) throw new Error("no goal");
    const { deactivated: _, ...rest } = goal;
    const pending: GoalDocument = { ...rest, active: true };
    expect(timelineOf(pending, null, [])).toEqual({ bars: [] });
  });
});

test("when a goal was ended is recorded once: a second run changes nothing", async () => {
  const { db } = app.services;
  const first = await findDeactivation(db, goalId);
  expect(first).toMatchObject({ event_id: eventId });
  const later = new Date();
  await recordDeactivation(db, goalId, {
    event_id: "another",
    run_id: "another",
    requested: later,
    started: later,
    signalled: later,
  });
  expect(await findDeactivation(db, goalId)).toEqual(first);
});

describe("what Inngest knows", () => {
  const runOf = async (receiver: string) =>
    (await runs()).find((run) => run.receiver === receiver)?.run_id ?? "";

  test("of a run that went through: its steps, one after the other", async () => {
    const runId = await runOf("trigger_exclusive_goal_escrow_refund");
    const run = await inngestRun(app.services, goalId, runId);
    if (!run.reachable) throw new Error(run.why);
    expect(run).toMatchObject({
      run_id: runId,
      function_id: "trigger_exclusive_goal_escrow_refund",
      status: "COMPLETED",
      output: { status: "done" },
    });
    expect(run.steps.map(({ name, kind, status }) => [name, kind, status])).toEqual([
      ["set the refund's time", "RUN", "COMPLETED"],
      ["until the refund is due", "SLEEP", "COMPLETED"],
      ["begin", "RUN", "COMPLETED"],
      ["check", "INVOKE", "COMPLETED"],
      ["read the session", "RUN", "COMPLETED"],
      ["refund", "INVOKE", "COMPLETED"],
      ["tell the pages", "RUN", "COMPLETED"],
    ]);
    expect(run.steps.every(({ start, end }) => start !== null && end !== null && start <= end)).toBe(true);
  });

  test("of a run that was tried again and failed: that it did, and its error without a stack", async () => {
    const run = await inngestRun(app.services, goalId, await runOf("notify_goal_ended"));
    expect(run).toMatchObject({ reachable: true, status: "FAILED" });
    expect(JSON.stringify(run)).not.toContain("stack");
    expect(run.reachable && (run.output as { message: string }).message).toBeTruthy();
  });

  test("of the task that ended the goal", async () => {
    const record = await findDeactivation(app.services.db, goalId);
    expect(await inngestRun(app.services, goalId, record?.run_id ?? "")).toMatchObject({
      function_id: "deactivate_goal",
      output: { ended: true },
      steps: [{ name: "end the goal" }, { name: "set the cooldown" }, { name: "send the signal" }],
    });
  });

  test("of a run of another goal is not told", async () => {
    const runId = await runOf("track_goals");
    for (const other of ["0".repeat(24), new ObjectId().toHexString()]) {
      await expect(inngestRun(app.services, other, runId)).rejects.toMatchObject({ code: "goal_not_found" });
    }
    await expect(inngestRun(app.services, goalId, "0".repeat(26))).rejects.toMatchObject({
      code: "goal_not_found",
    });
  });

  test("is that it cannot be reached when it is away", async () => {
    const settings = { ...app.services.settings, INNGEST_BASE_URL: "http://127.0.0.1:1" };
    const run = await inngestRun({ ...app.services, settings }, goalId, await runOf("track_goals"));
    expect(run).toEqual({ reachable: false, why: "Inngest cannot be reached." });
  });
});
