import { ObjectId } from "mongodb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeScene } from "#src/testing/scene.ts";
import { goalSummaries } from "../../data/goal-summaries.ts";
import type { ModeratorHint } from "../../gateways/live.ts";
import { openGoalNews } from "./goal-news.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({}, false);
});
afterAll(async () => app.close());

/** News whose hints are kept, each with whether the goal's summary was there when it came. */
function openKept(broken = false) {
  const { services } = app;
  const hints: (ModeratorHint & { summarised: boolean })[] = [];
  const live = {
    ...services.live,
    hintModerators: async (batch: readonly ModeratorHint[]) => {
      for (const hint of batch) {
        const id = "goal_id" in hint.message ? hint.message.goal_id : "";
        const found = await goalSummaries(services.db).countDocuments({ _id: new ObjectId(id) });
        hints.push({ ...hint, summarised: found === 1 });
      }
    },
  };
  const settings = broken
    ? new Proxy(services.settings, {
        get: () => {
          throw new Error("the database is away");
        },
      })
    : services.settings;
  return { hints, news: openGoalNews({ ...services, settings, live }) };
}
const quiet = () => ({ ...app.services, news: { tell: () => undefined, settle: () => Promise.resolve() } });

test("a hint comes once the summary is made, for each receiver that came further, gathered", async () => {
  const goalId = await (await makeScene(quiet(), ["vic"])).invite("vic");
  const { hints, news } = openKept();
  news.tell(goalId);
  news.tell(goalId, "track_goals");
  news.tell(goalId, "notify_goal_ended");
  news.tell(goalId, "track_goals");
  expect(hints).toEqual([]);
  await news.settle();
  expect(hints).toEqual([
    { name: "goal.updated", message: { goal_id: goalId }, summarised: true },
    { name: "receiver.updated", message: { goal_id: goalId, receiver: "track_goals" }, summarised: true },
    {
      name: "receiver.updated",
      message: { goal_id: goalId, receiver: "notify_goal_ended" },
      summarised: true,
    },
  ]);
});

test("a summary that could not be made does not cost the hint, nor what is told later", async () => {
  const goalId = await (await makeScene(quiet(), ["vic"])).invite("vic");
  const { hints, news } = openKept(true);
  news.tell(goalId);
  await news.settle();
  news.tell(goalId);
  await news.settle();
  expect(hints.map(({ name }) => name)).toEqual(["goal.updated", "goal.updated"]);
});

test("a Pusher that hangs holds up no summary, and its hints become one for each goal", async () => {
  const scene = await makeScene(quiet(), ["vic", "wen"]);
  const goals = [await scene.invite("vic"), await scene.invite("wen")] as const;
  const { services } = app;
  const sent: string[][] = [];
  let answer = () => {};
  const hanging = new Promise<void>((resolve) => (answer = resolve));
  const hintModerators = async (batch: readonly ModeratorHint[]) => {
    sent.push(batch.map(({ message }) => JSON.stringify(message)));
    await hanging;
  };
  const news = openGoalNews({ ...services, live: { ...services.live, hintModerators } });
  news.tell(goals[0]);
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  for (let round = 0; round < 3; round++) {
    await goalSummaries(services.db).deleteMany({});
    news.tell(goals[1]);
    await vi.waitFor(async () => expect(await goalSummaries(services.db).countDocuments()).toBe(1));
  }
  expect(sent).toHaveLength(1);
  answer();
  await news.settle();
  expect(sent.filter((batch) => batch.length > 0)).toEqual(
    goals.map((goal_id) => [JSON.stringify({ goal_id })]),
  );
});

test("settling waits for what was told before, and for nothing when nothing was", async () => {
  const goalId = await (await makeScene(quiet(), ["vic"])).invite("vic");
  const { hints, news } = openKept();
  await news.settle();
  news.tell(goalId);
  const first = news.settle();
  news.tell(goalId);
  await Promise.all([first, news.settle()]);
  expect(hints).toHaveLength(2);
});
