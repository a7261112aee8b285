import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChannelKind } from "#src/contract/channels.ts";
import { type Role, roles } from "#src/contract/roles.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene, type Scene } from "#src/testing/scene.ts";
import { announcePair } from "./announce.ts";
import { channelData, mayJoin } from "./channel-data.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

const owner = "a".repeat(24);
const may = (kind: ChannelKind, role: Role, id = owner) =>
  mayJoin({ id, name: "", email: "", role }, { kind, userId: owner });

describe("a channel", () => {
  const moderators: Role[] = ["moderator", "admin"];
  test.each<[ChannelKind, readonly Role[]]>([
    ["private-stream", moderators],
    ["private-user", moderators],
    ["presence-stream", roles],
    ["private-enc-user", []],
    ["private-enc-stream", []],
  ])("%s may be joined by its user, and of others only by %j", (kind, others) => {
    for (const role of roles) expect([role, may(kind, role)]).toEqual([role, true]);
    expect(roles.filter((role) => may(kind, role, "b".repeat(24)))).toEqual(others);
  });
});

/** All field names of a value, at whatever depth, as dotted paths. */
function fieldsOf(value: unknown, at = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => fieldsOf(item, `${at}[]`));
  if (typeof value !== "object" || value === null) return [at];
  return Object.entries(value).flatMap(([field, inner]) =>
    fieldsOf(inner, at === "" ? field : `${at}.${field}`),
  );
}
const fields = (value: unknown) => [...new Set(fieldsOf(value))].toSorted();

const read = (kind: ChannelKind, userId: string) => channelData(app.services, { kind, userId });
const viewer = (scene: Scene, name: string) => scene.viewers[name] ?? "";

/** Writes to a pair as the platform would, and tells nobody. */
const setPair = (scene: Scene, name: string, change: Record<string, unknown>) =>
  app.services.db.driver.collection("sessions").updateOne(
    { _id: new ObjectId(scene.sessionId) },
    {
      $set: Object.fromEntries(
        Object.entries(change).map(([field, value]) => [
          `exclusive_goal_pairs.${viewer(scene, name)}.trigger_exclusive_goal_${field}`,
          value,
        ]),
      ),
    },
  );

/** A live streamer with one pending invitation and one pair in cooldown. */
async function scene() {
  const made = await makeScene(app.services, ["vic", "wen"]);
  await made.invite("vic");
  await endUnsignalled(app.services, made, await made.invite("wen"));
  await setPair(made, "wen", { ended: new Date(), cooldown: new Date(Date.now() + 600_000) });
  return made;
}
const invitationFields = [
  "amount",
  "cooldown_until",
  "created",
  "currency",
  "ended",
  "exp",
  "goal_id",
  "prepaid_duration_s",
  "refund",
  "refund_due",
  "resolved",
  "session_id",
  "state",
  "streamer.id",
  "streamer.name",
  "viewer.id",
  "viewer.name",
].map((field) => `invitations[].${field}`);
const pairFields = ["cooldown_until", "ended", "goal_id", "state", "viewer.id", "viewer.name"].map(
  (field) => `pairs[].${field}`,
);
const cooldownFields = ["cooldowns[].until", "cooldowns[].viewer_id"];

describe("channel data", () => {
  test("of a presence channel, which viewers join, is pair states and nothing else", async () => {
    const one = await scene();
    const data = await read("presence-stream", one.streamerId);
    expect(fields(data)).toEqual(["pairs[].state", "pairs[].viewer.id", "pairs[].viewer.name"]);
    expect(data.pairs.map(({ viewer: { name }, state }) => [name, state])).toEqual([
      ["vic", "pending"],
      ["wen", "cooldown"],
    ]);
  });

  test.each<ChannelKind>(["private-stream", "private-user", "private-enc-user", "private-enc-stream"])(
    "of the streamer's %s is pending invitations, pairs and cooldowns",
    async (kind) => {
      const one = await scene();
      const data = await read(kind, one.streamerId);
      expect(fields(data)).toEqual([...cooldownFields, ...invitationFields, ...pairFields]);
      expect(data).toMatchObject({
        invitations: [{ viewer: { name: "vic" }, state: "pending", amount: 1_200 }],
        cooldowns: [{ viewer_id: viewer(one, "wen") }],
      });
    },
  );

  test("of a viewer is the viewer's own invitations and pairs, and nobody else's", async () => {
    const one = await scene();
    const [vic, wen] = [viewer(one, "vic"), viewer(one, "wen")];
    const data = await read("private-user", vic);
    expect(data).toMatchObject({ invitations: [{ viewer: { id: vic } }], cooldowns: [] });
    expect(data.pairs.map((pair) => pair.viewer.id)).toEqual([vic]);
    expect(JSON.stringify(data)).not.toContain(wen);
    expect(fields(data)).toEqual([...invitationFields, ...pairFields]);
  });

  test("of someone who neither streams nor invites is empty", async () => {
    const nobody = new ObjectId().toHexString();
    expect(await read("presence-stream", nobody)).toEqual({ pairs: [] });
    expect(await read("private-user", nobody)).toEqual({ invitations: [], pairs: [], cooldowns: [] });
  });

  test("is kept until somebody announces what it shows, and then read anew by all whom it concerns", async () => {
    const one = await scene();
    const all = () =>
      Promise.all([
        read("private-stream", one.streamerId),
        read("presence-stream", one.streamerId),
        read("private-user", viewer(one, "vic")),
      ]);
    const before = await all();
    await setPair(one, "vic", { agreed: new Date() });
    expect(await all()).toEqual(before);
    await announcePair(app.services, { ...one, viewerId: viewer(one, "vic") });
    const states = (await all()).map(
      ({ pairs }) => pairs.find((pair) => pair.viewer.id === viewer(one, "vic"))?.state,
    );
    expect(states).toEqual(["agreed", "agreed", "agreed"]);
  });
});
