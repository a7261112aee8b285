import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { goalEnded, goalEndedRetry } from "#src/contract/events.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { type ReceiverId, receiverIds } from "#src/contract/receivers.ts";
import type { Caller } from "#src/contract/roles.ts";
import { balanceOf, escrowAccount, viewerAccount } from "#src/domain/ledger.ts";
import { findGoal } from "#src/server/data/goals.ts";
import { transfersOf } from "#src/server/data/ledger.ts";
import { runsOfGoal } from "#src/server/data/receiver-runs.ts";
import { findSession } from "#src/server/data/sessions.ts";
import { declineGoal } from "#src/server/operations/decline-goal.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeScene, type Scene } from "#src/testing/scene.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

const streamer = (scene: Scene): Caller => ({
  id: scene.streamerId,
  name: "ada",
  email: "",
  role: "streamer",
});
const decline = (scene: Scene, goalId: string) => declineGoal(app.services, streamer(scene), goalId);
const settledRuns = async (goalId: string) =>
  (await runsOfGoal(app.services.db, goalId)).filter(
    ({ status }) => status === "done" || status === "returned",
  );

const settled = (goalId: string, runs: number = receiverIds.length) =>
  vi.waitFor(async () => expect(await settledRuns(goalId)).toHaveLength(runs), {
    timeout: 15_000,
    interval: 20,
  });

/** Everything that a decline may write, to be compared as a whole. */
async function everything(scene: Scene, goalId: string) {
  const { db } = app.services;
  return {
    goal: await findGoal(db, goalId),
    session: await findSession(db, scene.sessionId),
    ledger: await transfersOf(db, escrowIdOf(goalId)),
    tracks: await db.driver
      .collection("goal_tracks")
      .countDocuments({ _id: (await findGoal(db, goalId))?._id ?? ("" as never) }),
  };
}

describe("a decline", () => {
  test("ends the goal, cools down the pair, removes the other invitations, and refunds the viewer", async () => {
    const scene = await makeScene(app.services, ["vic", "wen", "xan"]);
    const goalId = await scene.invite("vic");
    await scene.invite("wen");
    await scene.invite("xan");
    const asked = new Date();
    expect(await decline(scene, goalId)).toMatchObject({ status: "accepted", goal_id: goalId });
    await settled(goalId);

    const { goal, session, ledger, tracks } = await everything(scene, goalId);
    const vic = scene.viewers["vic"] ?? "";
    const ended = goal?.deactivated?.at ?? asked;
    expect(goal).toMatchObject({ active: false, deactivated: { reason: "declined" } });
    expect(goal?.exp.getTime()).toBeLessThanOrEqual(Date.now());
    expect(goal?.exp).toEqual(ended);
    expect(goal?.metadata.cooldown).toEqual(new Date(ended.getTime() + 600_000));

    const cooldown = goal?.metadata.cooldown;
    const end = {
      trigger_exclusive_goal_ended: expect.any(Date) as Date,
      trigger_exclusive_goal_cooldown: cooldown,
    };
    expect(session?.exclusive_goal_pairs).toEqual({
      [vic]: { created: expect.any(Date) as Date, trigger_exclusive_goal: goal?._id, ...end },
    });
    expect(session?.trigger_private_goals?.[vic]).toEqual({ goal: goal?._id, ...end });
    // The record of the others' invitations stays: only their live pairs go.
    expect(Object.keys(session?.trigger_private_goals ?? {})).toHaveLength(3);

    expect(ledger.map(({ reason, amount }) => [reason, amount])).toEqual([
      ["prepayment", 1_200],
      ["refund", 1_200],
    ]);
    expect(balanceOf(escrowAccount(escrowIdOf(goalId)), ledger)).toBe(0);
    expect(balanceOf(viewerAccount(vic), ledger)).toBe(0);
    expect(tracks).toBe(1);
  });

  test("leaves one record for each of the eleven receivers, five of them returned with a reason", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    await decline(scene, goalId);
    await settled(goalId);
    const runs = await runsOfGoal(app.services.db, goalId);
    expect(runs.map(({ receiver }) => receiver).toSorted()).toEqual([...receiverIds].toSorted());
    const returned = runs.filter(({ status }) => status === "returned");
    expect(returned.map(({ receiver }) => receiver).toSorted()).toEqual(receiverIds.slice(0, 5).toSorted());
    for (const { reason } of returned) expect(reason).toMatch(/^Serves /);
    const goal = await findGoal(app.services.db, goalId);
    expect(new Set(runs.map(({ event_id }) => event_id))).toEqual(
      new Set([`goal.ended:${goalId}:${goal?.deactivated?.event_id}`]),
    );
  });

  test("said again answers already_ended, and changes nothing", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    await decline(scene, goalId);
    await settled(goalId);
    const before = await everything(scene, goalId);
    expect(await decline(scene, goalId)).toEqual({
      status: "already_ended",
      goal_id: goalId,
      ended: before.goal?.deactivated?.at.toISOString(),
    });
    expect(await everything(scene, goalId)).toEqual(before);
  });

  test("asked for twenty times at once gives one signal and one refund", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    await Promise.all(Array.from({ length: 20 }, () => decline(scene, goalId)));
    await settled(goalId);
    const runs = await runsOfGoal(app.services.db, goalId);
    expect(new Set(runs.map(({ event_id }) => event_id)).size).toBe(1);
    expect((await everything(scene, goalId)).ledger).toHaveLength(2);
  });

  test("does not wait for the task, and is refused to others like a goal that does not exist", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    const bea: Caller = { id: scene.viewers["vic"] ?? "", name: "bea", email: "", role: "streamer" };
    await expect(declineGoal(app.services, bea, goalId)).rejects.toMatchObject({ code: "goal_not_found" });
    await expect(declineGoal(app.services, bea, "0".repeat(24))).rejects.toMatchObject({
      code: "goal_not_found",
    });
    expect((await findGoal(app.services.db, goalId))?.active).toBe(true);
  });
});

describe("a repeated signal", () => {
  /** The signal of a goal that has ended, as `deactivate_goal` has sent it. */
  async function signalOfDeclined() {
    const scene = await makeScene(app.services, ["vic", "wen"]);
    const goalId = await scene.invite("vic");
    await decline(scene, goalId);
    await settled(goalId);
    const goal = await findGoal(app.services.db, goalId);
    if (goal?.metadata.cooldown === undefined) throw new Error("The goal has not ended.");
    const vic = scene.viewers["vic"] ?? "";
    const signal = goalEnded.schema.parse({
      goal_id: goalId,
      _cls: goal._cls,
      active: false,
      progress: 1,
      levels: [],
      conditions: { session_id: scene.sessionId, exclusive_to: vic },
      context: { type: "trigger-exclusive", exclusive_to: vic },
      exp: goal.exp.toISOString(),
      triggerer: scene.streamerId,
      metadata: {
        insert_ids: goal.metadata.insert_ids.map(String),
        user_id: scene.streamerId,
        prepaid_duration: 600,
        cooldown: goal.metadata.cooldown.toISOString(),
      },
    });
    return { scene, goalId, signal };
  }

  test("re-sent whole changes nothing, and removes no invitation that came after", async () => {
    const { scene, goalId, signal } = await signalOfDeclined();
    await scene.invite("wen");
    const before = await everything(scene, goalId);
    await app.services.inngest.send(goalEnded.create(signal, { id: `goal.ended:${goalId}:again:1` }));
    await settled(goalId, 2 * receiverIds.length);
    expect(await everything(scene, goalId)).toEqual(before);
  });

  test.each<ReceiverId>(["trigger_exclusive_goal_escrow_refund", "set_embedded_goal_ended"])(
    "for one receiver runs that one alone: %s",
    async (receiver) => {
      const { scene, goalId, signal } = await signalOfDeclined();
      const before = await everything(scene, goalId);
      await app.services.inngest.send(
        goalEndedRetry.create({ ...signal, receiver }, { id: `retry:${goalId}` }),
      );
      await settled(goalId, receiverIds.length + 1);
      const again = (await runsOfGoal(app.services.db, goalId)).filter(
        ({ event_id }) => event_id === `retry:${goalId}`,
      );
      expect(again.map((run) => run.receiver)).toEqual([receiver]);
      expect(await everything(scene, goalId)).toEqual(before);
    },
  );
});
