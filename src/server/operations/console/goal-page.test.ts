import { randomUUID } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goalEndedTargets } from "#src/contract/channels.ts";
import { effectIds } from "#src/contract/console.ts";
import type { Caller, Role } from "#src/contract/roles.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { writeEndedGoals } from "#src/testing/ended-goals.ts";
import { endUnsignalled, makeScene } from "#src/testing/scene.ts";
import { insertGoal } from "../../data/goals.ts";
import { recordRun } from "../../data/receiver-runs.ts";
import { insertRefundHold } from "../../data/refund-holds.ts";
import { audited } from "./audit.ts";
import { startBulk } from "./bulk.ts";
import { goalDetail } from "./goal-page.ts";
import { newGoal } from "../invite.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

async function account(role: Role): Promise<Caller> {
  const _id = new ObjectId();
  const person = { name: `${role} ${_id.toHexString()}`, email: `${_id.toHexString()}@example.com`, role };
  await app.services.db.driver.collection("user").insertOne({ _id, ...person });
  return { id: _id.toHexString(), ...person };
}

describe("a goal's detail", () => {
  test("has the goal, its session, pair, runs and ledger, as JSON has them", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    const { metadata } = await endUnsignalled(app.services, scene, goalId);
    const started = new Date();
    const run = { goalId, receiver: "notify_goal_ended", eventId: "e" } as const;
    await recordRun(app.services.db, run, { status: "failed", attempt: 4, error: "no" }, started);
    const detail = await goalDetail(app.services, goalId);
    const vic = scene.viewers["vic"];
    expect(detail).toMatchObject({
      view: {
        goal_id: goalId,
        streamer: { id: scene.streamerId, name: "ada" },
        viewer: { id: vic, name: "vic" },
        state: "declined",
        cooldown_until: metadata.cooldown,
        amount: 1_200,
        refund: "due",
      },
      goal: { _id: goalId, active: false, metadata: { user_id: scene.streamerId } },
      session: { _id: scene.sessionId },
      pair: { trigger_exclusive_goal: goalId },
      receiver_runs: [
        {
          receiver: "notify_goal_ended",
          event_id: "e",
          status: "failed",
          reason: null,
          error: "no",
          attempt: 4,
          started: started.toISOString(),
          finished: started.toISOString(),
        },
      ],
      ledger: [{ reason: "prepayment", amount: 1_200, userId: scene.streamerId }],
    });
    expect(JSON.parse(JSON.stringify(detail))).toEqual(detail);
  });

  test("has what became of each effect, what was pushed, and who holds its refund back", async () => {
    const { db } = app.services;
    const { streamerId, goalIds } = await writeEndedGoals(app.services, 1, { status: "done" });
    const [goalId = ""] = goalIds;
    const admin = await account("admin");
    const hold = {
      audit_id: new ObjectId(),
      by: new ObjectId(admin.id),
      reason: "Disputed.",
      at: new Date(),
    };
    await insertRefundHold(db, { _id: new ObjectId(goalId), ...hold });
    const detail = await goalDetail(app.services, goalId);
    expect(detail.effects.map(({ effect }) => effect)).toEqual(effectIds);
    expect(detail.effects.filter(({ status }) => status !== "none")).toMatchObject([
      { effect: "notify_goal_ended", status: "done", runs: 1 },
    ]);
    const [run] = detail.receiver_runs;
    expect(detail.pushes).toEqual(
      goalEndedTargets(streamerId).map((channel) => ({
        channel,
        event: "goal.ended",
        at: run?.finished,
      })),
    );
    expect(detail.held_back).toEqual({ by: admin.name, reason: "Disputed.", at: hold.at.toISOString() });
  });

  test("has what was done to it by hand, alone or among many, the newest first", async () => {
    const admin = await account("admin");
    const { streamerId, goalIds } = await writeEndedGoals(app.services, 2);
    const [goalId = "", otherId = ""] = goalIds;
    const reason = "Pusher was away.";
    const by = (requestId = randomUUID()) => ({ caller: admin, reason, requestId });
    const nothing = () => Promise.resolve({ result: null, after: null });
    for (const id of [goalId, otherId]) {
      await audited(app.services, { ...by(), action: "goal.retry", target: `goal:${id}` }, nothing);
    }
    const { bulk_id } = await startBulk(app.services, admin, {
      filter: { streamer: streamerId },
      what: { kind: "failed" },
      confirmation: "2",
      ...by(),
    });
    const { audit } = await goalDetail(app.services, goalId);
    expect(audit.map(({ action, target, actor }) => [action, target, actor.name])).toEqual([
      ["bulk.start", `bulk:${bulk_id}`, admin.name],
      ["goal.retry", `goal:${goalId}`, admin.name],
    ]);
  });

  test("goes without its session, its pair and its people when they are gone", async () => {
    const [sessionId, streamerId, viewerId] = [new ObjectId(), new ObjectId(), new ObjectId()];
    const goal = newGoal({ sessionId, streamerId, viewerId, prepaid_s: 60, now: new Date() });
    await insertGoal(app.services.db, goal);
    expect(await goalDetail(app.services, goal._id.toHexString())).toMatchObject({
      view: { viewer: { name: viewerId.toHexString() }, amount: 0, refund: "none" },
      session: null,
      pair: null,
      receiver_runs: [],
      ledger: [],
    });
  });

  test("of a goal that does not exist is goal_not_found", async () => {
    await expect(goalDetail(app.services, "0".repeat(24))).rejects.toMatchObject({ code: "goal_not_found" });
  });
});
