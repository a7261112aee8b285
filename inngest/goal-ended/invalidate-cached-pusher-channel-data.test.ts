import { ObjectId } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cachedView } from "#src/server/data/view-cache.ts";
import { channelViewTag } from "#src/server/operations/announce.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene, sendTo } from "#src/testing/scene.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

test("invalidate_cached_pusher_channel_data drops the data of the streamer's four channels, and of no other", async () => {
  const scene = await makeScene(app.services, ["vic"]);
  const signal = await endUnsignalled(app.services, scene, await scene.invite("vic"));
  const dropped = ["private-user", "private-enc-user", "private-stream", "private-enc-stream"].map(
    (kind) => `${kind}@${scene.streamerId}`,
  );
  const others = [`private-user@${new ObjectId().toHexString()}`, `presence-stream@${scene.streamerId}`];
  let value = "old";
  const read = () =>
    Promise.all(
      [...dropped, ...others].map((channel) => {
        const tag = channelViewTag(channel);
        return cachedView(app.services.db, { id: tag, tag }, new Date(), () => Promise.resolve(value));
      }),
    );
  await read();
  value = "new";
  expect(new Set(await read())).toEqual(new Set(["old"]));
  const run = await sendTo(app.services, "invalidate_cached_pusher_channel_data", signal);
  expect(await run.settled()).toMatchObject({ status: "done" });
  expect(await read()).toEqual([...dropped.map(() => "new"), ...others.map(() => "old")]);
});
