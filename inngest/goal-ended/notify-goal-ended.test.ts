import Pusher from "pusher-js";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { adminChannel, channelName, goalEndedTargets } from "#src/contract/channels.ts";
import { declineGoal } from "#src/server/operations/decline-goal.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene, type Scene, sendTo } from "#src/testing/scene.ts";

let app: TestApp;
let page: Pusher;
beforeAll(async () => {
  app = await startTestApp();
  const { settings, live } = app.services;
  page = new Pusher(settings.PUSHER_KEY, {
    cluster: settings.PUSHER_CLUSTER,
    forceTLS: settings.PUSHER_TLS,
    enabledTransports: settings.PUSHER_TLS ? ["ws", "wss"] : ["ws"],
    ...(settings.PUSHER_HOST !== undefined && { wsHost: settings.PUSHER_HOST }),
    ...(settings.PUSHER_PORT !== undefined && { wsPort: settings.PUSHER_PORT }),
    channelAuthorization: {
      customHandler: ({ socketId, channelName: name }, callback) =>
        callback(
          null,
          live.authorize(socketId, name, name.startsWith("presence-") ? { user_id: "u" } : undefined),
        ),
    },
  });
});
afterAll(async () => {
  page.disconnect();
  await app.close();
});

interface Heard {
  readonly channel: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Listens on these channels, as whoever may join them, and gives what it has heard so far. */
async function listen(channels: readonly string[]): Promise<Heard[]> {
  const heard: Heard[] = [];
  for (const name of channels) {
    const channel = page.subscribe(name);
    channel.bind_global((event: string, data: Record<string, unknown>) => {
      if (!event.startsWith("pusher:")) heard.push({ channel: name, event, data });
    });
    await vi.waitFor(() => expect(channel.subscribed).toBe(true), { timeout: 5_000, interval: 10 });
  }
  return heard;
}
const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

async function invited(): Promise<{ scene: Scene; goalId: string; vic: string }> {
  const scene = await makeScene(app.services, ["vic"]);
  return { scene, goalId: await scene.invite("vic"), vic: scene.viewers["vic"] ?? "" };
}

describe("notify_goal_ended", () => {
  test("tells the streamer's three channels, by the signal's id and without a word of payments", async () => {
    const { scene, goalId, vic } = await invited();
    const signal = await endUnsignalled(app.services, scene, goalId);
    const targets = goalEndedTargets(scene.streamerId);
    expect(targets).toEqual([
      `private-stream@${scene.streamerId}`,
      `presence-stream@${scene.streamerId}`,
      `private-user@${scene.streamerId}`,
    ]);
    const heard = await listen(targets);
    const { settled, eventId } = await sendTo(app.services, "notify_goal_ended", signal);
    expect(await settled()).toMatchObject({ status: "done" });
    await until(() => expect(heard).toHaveLength(3));
    const data = { signal_id: eventId, goal_id: goalId, exclusive_to: vic, exp: signal.exp };
    expect(heard.toSorted((a, b) => a.channel.localeCompare(b.channel))).toEqual(
      targets
        .toSorted((a, b) => a.localeCompare(b))
        .map((channel) => ({ channel, event: "goal.ended", data })),
    );
  });
});

test("whatever is said of an invitation's life, each channel hears its own events with these fields alone", async () => {
  const scene = await makeScene(app.services, ["vic"]);
  const { streamerId } = scene;
  const vic = scene.viewers["vic"] ?? "";
  const channels = [
    ...goalEndedTargets(streamerId),
    channelName("private-enc-user", streamerId),
    channelName("private-enc-stream", streamerId),
    channelName("private-user", vic),
    adminChannel,
  ];
  const heard = await listen(channels);
  const goalId = await scene.invite("vic");
  const caller = { id: streamerId, name: "ada", email: "", role: "streamer" } as const;
  await declineGoal(app.services, caller, goalId);
  // The refund's second hint and the moderators' eleventh are the last that are said.
  await until(() => {
    expect(
      heard.filter(({ event, data }) => event === "receiver.updated" && data["goal_id"] === goalId).length,
    ).toBeGreaterThanOrEqual(11);
    expect(
      heard.filter(({ channel, event }) => event === "refund.updated" && channel.endsWith(vic)).length,
    ).toBeGreaterThanOrEqual(2);
  });
  const fields = new Set(
    heard.map(({ channel, event, data }) => {
      const [kind = "", id] = channel.split("@");
      const whose = id === vic ? " of the viewer" : "";
      return `${kind}${whose}: ${event} { ${Object.keys(data).toSorted().join(", ")} }`;
    }),
  );
  expect([...fields].toSorted()).toEqual(
    [
      "presence-stream: goal.ended { exclusive_to, exp, goal_id, signal_id }",
      "private-admin: goal.updated { goal_id }",
      "private-admin: receiver.updated { goal_id, receiver }",
      "private-stream: goal.created { goal_id }",
      "private-stream: goal.ended { exclusive_to, exp, goal_id, signal_id }",
      "private-stream: pair.updated { session_id, user_id }",
      "private-stream: refund.updated { goal_id }",
      "private-user of the viewer: goal.created { goal_id }",
      "private-user of the viewer: pair.updated { session_id, user_id }",
      "private-user of the viewer: refund.updated { goal_id }",
      "private-user: goal.ended { exclusive_to, exp, goal_id, signal_id }",
    ].toSorted(),
  );
});
