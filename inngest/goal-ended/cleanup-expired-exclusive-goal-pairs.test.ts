import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { channelName } from "#src/contract/channels.ts";
import type { GoalEnded } from "#src/contract/events.ts";
import { findSession, setEmbeddedGoalEnded } from "#src/server/data/sessions.ts";
import { channelData } from "#src/server/operations/channel-data.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene, type Scene, sendTo } from "#src/testing/scene.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

const cleanUp = async (signal: GoalEnded) =>
  (await sendTo(app.services, "cleanup_expired_exclusive_goal_pairs", signal)).settled();
const pairsOf = async ({ sessionId }: Scene) =>
  (await findSession(app.services.db, sessionId))?.exclusive_goal_pairs ?? {};

/** A scene whose first viewer's invitation has ended, its signal, and pairs of others beside it. */
async function ended(metadata: Parameters<typeof endUnsignalled>[3] = null) {
  const scene = await makeScene(app.services, ["vic", "wen"]);
  const goalId = await scene.invite("vic");
  await scene.invite("wen");
  const vic = scene.viewers["vic"] ?? "";
  const wen = scene.viewers["wen"] ?? "";
  return { scene, vic, wen, goalId, signal: await endUnsignalled(app.services, scene, goalId, metadata) };
}
const setPairs = (scene: Scene, pairs: Record<string, unknown>) =>
  app.services.db.driver.collection("sessions").updateOne(
    { _id: new ObjectId(scene.sessionId) },
    {
      $set: Object.fromEntries(
        Object.entries(pairs).map(([at, pair]) => [`exclusive_goal_pairs.${at}`, pair]),
      ),
    },
  );

describe("cleanup_expired_exclusive_goal_pairs", () => {
  test.each([true, false])(
    "leaves the ended goal's own pair, whether or not its end was marked first (%s)",
    async (markedFirst) => {
      const { scene, vic, goalId, signal } = await ended();
      const now = new Date();
      if (markedFirst) {
        const { sessionId } = scene;
        await setEmbeddedGoalEnded(app.services.db, {
          sessionId,
          goalId,
          viewerId: vic,
          cooldown: null,
          now,
        });
      }
      expect(await cleanUp(signal)).toMatchObject({ status: "done" });
      expect(Object.keys(await pairsOf(scene))).toEqual([vic]);
    },
  );

  test("removes pairs whose show is over, and keeps those that were agreed to or came after the end", async () => {
    const { scene, vic, signal } = await ended();
    const end = new Date(signal.exp);
    const [over = "", agreed = "", later = "", cooling = ""] = Array.from({ length: 4 }, () =>
      new ObjectId().toHexString(),
    );
    const pair = { created: new Date(end.getTime() - 1_000), trigger_exclusive_goal: new ObjectId() };
    await setPairs(scene, {
      [over]: {
        ...pair,
        trigger_exclusive_goal_agreed: end,
        exclusive_goal: new ObjectId(),
        exclusive_goal_ended: end,
      },
      [agreed]: { ...pair, trigger_exclusive_goal_agreed: end },
      [later]: { ...pair, created: new Date(end.getTime() + 1) },
      [cooling]: { ...pair, trigger_exclusive_goal_ended: end },
    });
    await cleanUp(signal);
    expect(Object.keys(await pairsOf(scene)).toSorted()).toEqual([vic, agreed, later, cooling].toSorted());
  });

  test("is stopped by no malformed pair", async () => {
    const { scene, vic, wen, signal } = await ended();
    const strange = new ObjectId().toHexString();
    await setPairs(scene, {
      [strange]: null,
      stranger: { created: new Date(0), trigger_exclusive_goal: "x" },
    });
    expect(await cleanUp(signal)).toMatchObject({ status: "done" });
    const left = Object.keys(await pairsOf(scene));
    expect(left).not.toContain(wen);
    expect(left.toSorted()).toEqual([vic, strange, "stranger"].toSorted());
  });

  test.each(["expired", "superseded"] as const)(
    "returns with the reason when the goal was %s",
    async (reason) => {
      const { scene, signal } = await ended({ reason });
      const before = await pairsOf(scene);
      const run = await cleanUp(signal);
      expect(run).toMatchObject({ status: "returned", reason: expect.stringContaining(reason) as string });
      expect(await pairsOf(scene)).toEqual(before);
    },
  );

  test("again removes nothing that came after the end", async () => {
    const { scene, signal } = await ended();
    await cleanUp(signal);
    await scene.invite("wen");
    const before = await pairsOf(scene);
    await cleanUp(signal);
    expect(await pairsOf(scene)).toEqual(before);
  });

  test("leaves nobody with cached data that still shows a removed pair", async () => {
    const { scene, wen, signal } = await ended();
    const channels = [
      { kind: "private-stream", userId: scene.streamerId },
      { kind: "presence-stream", userId: scene.streamerId },
      { kind: "private-user", userId: wen },
    ] as const;
    const shows = async () =>
      Promise.all(
        channels.map(async (channel) => {
          const { pairs } = await channelData(app.services, channel);
          return [channelName(channel.kind, channel.userId), pairs.some(({ viewer }) => viewer.id === wen)];
        }),
      );
    expect((await shows()).map(([, shown]) => shown)).toEqual([true, true, true]);
    await cleanUp(signal);
    expect((await shows()).filter(([, shown]) => shown)).toEqual([]);
  });
});
