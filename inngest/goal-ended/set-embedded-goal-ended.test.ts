import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GoalEnded } from "#src/contract/events.ts";
import type { Caller } from "#src/contract/roles.ts";
import { findSession } from "#src/server/data/sessions.ts";
import { sessionToken } from "#src/server/operations/session-token.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene, sendTo } from "#src/testing/scene.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

const receive = async (signal: GoalEnded) =>
  (await sendTo(app.services, "set_embedded_goal_ended", signal)).settled();
const sessionOf = (signal: GoalEnded) => findSession(app.services.db, signal.conditions.session_id);

async function ended() {
  const scene = await makeScene(app.services, ["vic", "wen"]);
  const goalId = await scene.invite("vic");
  const wensGoal = await scene.invite("wen");
  const vic = scene.viewers["vic"] ?? "";
  return { scene, vic, wensGoal, signal: await endUnsignalled(app.services, scene, goalId) };
}

describe("set_embedded_goal_ended", () => {
  test("marks the record and the pair with the signal's cooldown; a second run keeps the first end", async () => {
    const { vic, signal } = await ended();
    const asked = new Date();
    expect(await receive(signal)).toMatchObject({ status: "done" });
    const first = await sessionOf(signal);
    const record = first?.trigger_private_goals?.[vic];
    expect(record?.trigger_exclusive_goal_cooldown?.toISOString()).toBe(signal.metadata.cooldown);
    expect(record?.trigger_exclusive_goal_ended?.getTime()).toBeGreaterThanOrEqual(asked.getTime());
    expect(first?.exclusive_goal_pairs?.[vic]).toMatchObject({
      trigger_exclusive_goal_ended: record?.trigger_exclusive_goal_ended,
      trigger_exclusive_goal_cooldown: record?.trigger_exclusive_goal_cooldown,
    });
    await receive(signal);
    expect(await sessionOf(signal)).toEqual(first);
  });

  test("leaves a session alone whose record points at another goal", async () => {
    const { vic, wensGoal, signal } = await ended();
    await app.services.db.driver
      .collection("sessions")
      .updateOne(
        { _id: new ObjectId(signal.conditions.session_id) },
        { $set: { [`trigger_private_goals.${vic}.goal`]: new ObjectId(wensGoal) } },
      );
    const before = await sessionOf(signal);
    expect(await receive(signal)).toMatchObject({ status: "done" });
    expect(await sessionOf(signal)).toEqual(before);
  });

  test("drops the session's cached token views, and leaves those of other sessions", async () => {
    const { scene, vic, signal } = await ended();
    const other = await makeScene(app.services, ["vic"]);
    const caller = (id: string): Caller => ({ id, name: "", email: "", role: "viewer" });
    const read = (sessionId: string, id: string) => sessionToken(app.services, caller(id), sessionId);
    expect((await read(scene.sessionId, vic)).pair?.state).toBe("pending");
    await read(other.sessionId, vic);
    await receive(signal);
    expect((await read(scene.sessionId, vic)).pair?.state).toBe("cooldown");
    const kept = await app.services.db.driver
      .collection("view_cache")
      .find({ tag: { $regex: /^token:/ } })
      .toArray();
    expect(kept.map(({ tag }) => String(tag))).toContain(`token:${other.sessionId}`);
  });
});
