import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { goalEndedId, supersessionId } from "#src/contract/events.ts";
import { clockId } from "#src/contract/ids.ts";
import { findGoal } from "#src/server/data/goals.ts";
import { runsOfGoal } from "#src/server/data/receiver-runs.ts";
import { findSession } from "#src/server/data/sessions.ts";
import { agree } from "#src/server/operations/agree.ts";
import { declineGoal } from "#src/server/operations/decline-goal.ts";
import { expireBatch } from "#src/server/operations/expire-goals.ts";
import { invite } from "#src/server/operations/invite.ts";
import { viewerOverview } from "#src/server/operations/overviews.ts";
import type { Services } from "#src/server/services.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { moneyOf, refunded, setExp, untilSettled } from "#src/testing/endings.ts";
import { makeScene, type Scene } from "#src/testing/scene.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

const caller = (scene: Scene) => ({ id: scene.streamerId, name: "", email: "", role: "streamer" as const });
const decline = (scene: Scene, goalId: string) => declineGoal(app.services, caller(scene), goalId);
const settled = (goalId: string) => untilSettled(app.services, goalId);
/** The goal has run out a moment ago. Gives when. */
async function runOut(goalId: string): Promise<Date> {
  const exp = new Date(Date.now() - 5_000);
  await setExp(app.services, goalId, exp);
  return exp;
}
const pairsOf = async ({ sessionId }: Scene) =>
  (await findSession(app.services.db, sessionId))?.exclusive_goal_pairs ?? {};

/** Expects the goal to have ended without a decline: refunded, tracked, told, and without a cooldown anywhere. */
async function expectEnded(scene: Scene, viewer: string, goalId: string, reason: "expired" | "superseded") {
  await settled(goalId);
  const { db } = app.services;
  const viewerId = scene.viewers[viewer] ?? "";
  const goal = await findGoal(db, goalId);
  expect(goal).toMatchObject({ active: false, deactivated: { reason } });
  expect(goal?.metadata).not.toHaveProperty("cooldown");
  const record = (await findSession(db, scene.sessionId))?.trigger_private_goals?.[viewerId];
  expect(record).toMatchObject({ trigger_exclusive_goal_ended: expect.any(Date) as Date });
  expect(record).not.toHaveProperty("trigger_exclusive_goal_cooldown");
  expect(await moneyOf(app.services, goalId)).toEqual(refunded);
  const track = await db.driver.collection("goal_tracks").findOne({ _id: goal?._id ?? new ObjectId() });
  expect(track).toMatchObject({ outcome: reason });
  const runs = await runsOfGoal(db, goalId);
  const cleanup = runs.find(({ receiver }) => receiver === "cleanup_expired_exclusive_goal_pairs");
  expect(cleanup).toMatchObject({ status: "returned", reason: expect.stringContaining(reason) as string });
  const [view] = await viewerOverview(app.services, viewerId);
  expect(view).toMatchObject({ state: reason, refund: "refunded", cooldown_until: null });
  await expect(decline(scene, goalId)).rejects.toMatchObject({ code: "goal_not_active" });
}

describe("an invitation that nobody answers", () => {
  test("ends by the clock at its exp, is refunded from then on, and may be made again at once", async () => {
    const scene = await makeScene(app.services, ["vic", "wen"]);
    const goalId = await scene.invite("vic");
    const standing = await scene.invite("wen");
    const exp = await runOut(goalId);
    await expireBatch(app.services, null);
    await expectEnded(scene, "vic", goalId, "expired");
    expect(await findGoal(app.services.db, goalId)).toMatchObject({
      exp,
      deactivated: { by: new ObjectId(clockId) },
    });
    // The other invitation is none of its business.
    expect((await findGoal(app.services.db, standing))?.active).toBe(true);
    expect(Object.keys(await pairsOf(scene))).toHaveLength(2);
    await scene.invite("vic");
  });

  test("asked for by many ticks at once ends once", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    await runOut(goalId);
    await Promise.all(Array.from({ length: 5 }, () => expireBatch(app.services, null)));
    await expectEnded(scene, "vic", goalId, "expired");
    expect(new Set((await runsOfGoal(app.services.db, goalId)).map(({ event_id }) => event_id)).size).toBe(1);
  });

  test("is asked for again in the next hour, should the first asking have come to nothing", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    const exp = await runOut(goalId);
    const sent: (string | undefined)[] = [];
    const inngest = {
      send: (events: { id?: string }[]) => {
        sent.push(...events.filter(({ id }) => id?.includes(goalId)).map(({ id }) => id));
        return Promise.resolve({ ids: [] });
      },
    } as unknown as Services["inngest"];
    for (const later_ms of [0, 60_000, 3_600_000]) {
      const clock = () => new Date(exp.getTime() + later_ms);
      await expireBatch({ ...app.services, inngest, clock }, null);
    }
    expect(sent).toEqual([0, 0, 1].map((hour) => `expire:${goalId}:${hour}`));
  });

  test("is left alone until then, and when it has ended", async () => {
    const scene = await makeScene(app.services, ["vic", "wen"]);
    const pending = await scene.invite("vic");
    const agreed = await scene.invite("wen");
    expect(await agree(app.services, agreed)).toEqual({ goal_id: agreed });
    await runOut(agreed);
    const before = await Promise.all([pending, agreed].map((goalId) => findGoal(app.services.db, goalId)));
    await expireBatch(app.services, null);
    const after = await Promise.all([pending, agreed].map((goalId) => findGoal(app.services.db, goalId)));
    expect(after).toEqual(before);
  });
});

describe("an invitation that gives way", () => {
  test("to a decline of another is superseded by whoever declined, refunded, and its pair is gone", async () => {
    const scene = await makeScene(app.services, ["vic", "wen", "xan"]);
    const goalId = await scene.invite("vic");
    const others = { wen: await scene.invite("wen"), xan: await scene.invite("xan") };
    await decline(scene, goalId);
    await settled(goalId);
    const ended = await findGoal(app.services.db, goalId);
    for (const [viewer, other] of Object.entries(others)) {
      await expectEnded(scene, viewer, other, "superseded");
      expect((await findGoal(app.services.db, other))?.deactivated).toMatchObject({
        by: new ObjectId(scene.streamerId),
        event_id: supersessionId(other, goalEndedId(goalId, ended?.deactivated?.event_id ?? "")),
      });
    }
    await vi.waitFor(async () =>
      expect(Object.keys(await pairsOf(scene))).toEqual([scene.viewers["vic"] ?? ""]),
    );
  });

  test("to another of the same viewer is superseded by the viewer, and the new one stands", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const first = await scene.invite("vic");
    const users = app.services.db.driver.collection("user");
    const emailOf = async (id: string) => String((await users.findOne({ _id: new ObjectId(id) }))?.["email"]);
    const invited = await invite(app.services, {
      streamerEmail: await emailOf(scene.streamerId),
      viewerEmail: await emailOf(scene.viewers["vic"] ?? ""),
      amount: 700,
      minutes: 10,
      force: true,
    });
    if ("refused" in invited) throw new Error(invited.refused);
    await settled(first);
    expect(await moneyOf(app.services, first)).toEqual(refunded);
    expect((await findGoal(app.services.db, first))?.deactivated).toMatchObject({
      reason: "superseded",
      by: new ObjectId(scene.viewers["vic"]),
    });
    expect((await findGoal(app.services.db, invited.goal_id))?.active).toBe(true);
    expect(await pairsOf(scene)).toMatchObject({
      [scene.viewers["vic"] ?? ""]: { trigger_exclusive_goal: new ObjectId(invited.goal_id) },
    });
  });

  test("is not one that was agreed to, nor one whose show is over", async () => {
    const scene = await makeScene(app.services, ["vic", "wen", "xan"]);
    const goalId = await scene.invite("vic");
    const agreed = await scene.invite("wen");
    const over = await scene.invite("xan");
    await agree(app.services, agreed);
    await agree(app.services, over);
    const pair = `exclusive_goal_pairs.${scene.viewers["xan"]}`;
    await app.services.db.driver.collection("sessions").updateOne(
      { _id: new ObjectId(scene.sessionId) },
      {
        $set: { [`${pair}.exclusive_goal`]: new ObjectId(), [`${pair}.exclusive_goal_ended`]: new Date() },
      },
    );
    await decline(scene, goalId);
    await settled(goalId);
    for (const kept of [agreed, over]) {
      expect(await findGoal(app.services.db, kept)).not.toHaveProperty("deactivated");
      expect(await runsOfGoal(app.services.db, kept)).toEqual([]);
    }
    expect(Object.keys(await pairsOf(scene)).toSorted()).toEqual(
      [scene.viewers["vic"] ?? "", scene.viewers["wen"] ?? ""].toSorted(),
    );
  });
});
