import { ObjectId } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeScene } from "#src/testing/scene.ts";
import { endGoal } from "../data/goals.ts";
import { studioOverview } from "./overviews.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

const hour_ms = 3_600_000;

test("the studio's history is what has ended since the streamer's day began, the last end first", async () => {
  const { services } = app;
  const scene = await makeScene(services, ["vic", "wen", "xan", "yve", "zoe"]);
  const now = services.clock().getTime();
  const at = (hours: number) => new Date(now + hours * hour_ms);
  const end = async (viewer: string, when: Date) => {
    const goalId = await scene.invite(viewer);
    const by = { streamerId: scene.streamerId, by: scene.streamerId, eventId: `end-${goalId}` };
    await endGoal(services.db, { goalId, ...by, reason: "declined", now: when });
    return goalId;
  };
  const set = (goalId: string, fields: Record<string, unknown>) =>
    services.db.driver.collection("goals").updateOne({ _id: new ObjectId(goalId) }, { $set: fields });

  const declined = await end("vic", at(-1));
  await end("wen", at(-30));
  const agreed = await scene.invite("xan");
  await set(agreed, { active: false, agreed: { at: at(-2) } });
  const expired = await scene.invite("yve");
  await set(expired, { exp: at(-0.5) });
  const pending = await scene.invite("zoe");

  const overview = await studioOverview(services, scene.streamerId, at(-24));
  expect(overview.history.map(({ goal_id, state }) => [goal_id, state])).toEqual([
    [expired, "expired"],
    [declined, "declined"],
    [agreed, "agreed"],
  ]);
  expect(overview.invitations.map(({ goal_id }) => goal_id)).toEqual([pending]);
  expect((await studioOverview(services, scene.streamerId)).history).toHaveLength(3);
});

test("a later reading says so", async () => {
  const { streamerId } = await makeScene(app.services, []);
  const first = await studioOverview(app.services, streamerId);
  const second = await studioOverview(app.services, streamerId);
  expect(second.as_of >= first.as_of).toBe(true);
});
