import { createHmac } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeScene, type Scene, tokenFor } from "#src/testing/scene.ts";
import { handleChannelData, handlePusherAuth, handleSessionToken } from "./views.ts";

/** Who asks: nobody, two viewers, the streamer whose channels these are, another one, and those who look after all. */
const askers = ["anonymous", "vic", "wen", "ada", "bea", "moderator", "admin"] as const;
type Asker = (typeof askers)[number];

let app: TestApp;
let scene: Scene;
const tokens = new Map<Asker, string>();
beforeAll(async () => {
  app = await startTestApp({}, false);
  scene = await makeScene(app.services, ["vic", "wen"]);
  await scene.invite("vic");
  const enter = async (name: Asker, id: string) => tokens.set(name, await tokenFor(app.services, id));
  await enter("ada", scene.streamerId);
  for (const name of ["vic", "wen"] as const) await enter(name, scene.viewers[name] ?? "");
  for (const [name, role] of [
    ["bea", "streamer"],
    ["moderator", "moderator"],
    ["admin", "admin"],
  ] as const) {
    const _id = new ObjectId();
    const email = `${name}@example.com`;
    await app.services.db.driver.collection("user").insertOne({ _id, name, email, role });
    await enter(name, _id.toHexString());
  }
});
afterAll(async () => app.close());

const bearer = (asker: Asker) => {
  const token = tokens.get(asker);
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
};
interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}
const answered = async (response: Response): Promise<Answered> => ({
  status: response.status,
  headers: response.headers,
  body: (await response.json()) as Record<string, unknown>,
});

const readChannel = async (asker: Asker, name: string) => {
  const request = new Request(`http://localhost:3000/channels/${encodeURIComponent(name)}/data`, {
    headers: bearer(asker),
  });
  return answered(await handleChannelData(app.services, request, name));
};
async function join(
  asker: Asker,
  channel_name: string,
  socket_id = "1.1",
  headers: Record<string, string> = {},
) {
  const request = new Request("http://localhost:3000/api/pusher/auth", {
    method: "POST",
    headers: { ...bearer(asker), ...headers },
    body: new URLSearchParams({ socket_id, channel_name }),
  });
  return answered(await handlePusherAuth(app.services, request));
}
async function readToken(asker: Asker, sessionId: string) {
  const request = new Request(`http://localhost:3000/sessions/${sessionId}/token`, {
    headers: bearer(asker),
  });
  return answered(await handleSessionToken(app.services, request, sessionId));
}
const sign = (text: string) =>
  `${app.services.settings.PUSHER_KEY}:${createHmac("sha256", app.services.settings.PUSHER_SECRET).update(text).digest("hex")}`;

describe("a channel of the streamer", () => {
  test.each<[string, readonly Asker[]]>([
    ["private-stream", ["ada", "moderator", "admin"]],
    ["private-user", ["ada", "moderator", "admin"]],
    ["presence-stream", ["vic", "wen", "ada", "bea", "moderator", "admin"]],
    ["private-enc-user", ["ada"]],
    ["private-enc-stream", ["ada"]],
  ])("%s is joined and read by %j alone", async (kind, allowed) => {
    const name = `${kind}@${scene.streamerId}`;
    const found = await Promise.all(
      askers.map(async (asker) => [
        asker,
        (await join(asker, name)).status,
        (await readChannel(asker, name)).status,
      ]),
    );
    expect(found).toEqual(
      askers.map((asker) =>
        asker === "anonymous"
          ? [asker, 401, 401]
          : allowed.includes(asker)
            ? [asker, 200, 200]
            : [asker, 403, 404],
      ),
    );
  });

  test("answers who may not read it like one that is none of ours", async () => {
    const [theirs, none] = [
      await readChannel("bea", `private-user@${scene.streamerId}`),
      await readChannel("bea", "private-nothing"),
    ];
    expect(theirs.body).toMatchObject({ status: 404, code: "channel_not_found" });
    expect({ ...theirs.body, instance: "" }).toEqual({ ...none.body, instance: "" });
  });
});

test("a viewer joins and reads the viewer's own channel, and no other viewer's", async () => {
  const own = `private-user@${scene.viewers["vic"]}`;
  expect([(await join("vic", own)).status, (await readChannel("vic", own)).status]).toEqual([200, 200]);
  expect([(await join("wen", own)).status, (await readChannel("wen", own)).status]).toEqual([403, 404]);
  expect((await readChannel("ada", own)).status).toBe(404);
});

test("the moderators' channel is joined by moderators alone, and has no data", async () => {
  const statuses = await Promise.all(
    askers.map(async (asker) => (await join(asker, "private-admin")).status),
  );
  expect(statuses).toEqual([401, 403, 403, 403, 403, 200, 200]);
  expect((await readChannel("admin", "private-admin")).status).toBe(404);
});

describe("Pusher's authorization", () => {
  test("is signed for this socket and this channel", async () => {
    const channel = `private-user@${scene.streamerId}`;
    const { body, headers } = await join("ada", channel, "12.34");
    expect(body).toEqual({ auth: sign(`12.34:${channel}`) });
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("of a presence channel names the caller by id, and nothing more", async () => {
    const channel = `presence-stream@${scene.streamerId}`;
    const { body } = await join("vic", channel, "12.34");
    const channel_data = JSON.stringify({ user_id: scene.viewers["vic"] });
    expect(body).toEqual({ auth: sign(`12.34:${channel}:${channel_data}`), channel_data });
  });

  test.each(["", "1", "1.1:private-user@x", "1.1\n", "a.b"])("refuses the socket id %j", async (socketId) => {
    const { status, body } = await join("ada", `private-user@${scene.streamerId}`, socketId);
    expect([status, body["code"]]).toEqual([400, "invalid_request"]);
  });

  test.each(["", "public", "private-user", "private-user@x", "private-encrypted-user@a", "presence-admin"])(
    "refuses the channel %j to everyone",
    async (channel) => {
      for (const asker of ["ada", "admin"] as const) expect((await join(asker, channel)).status).toBe(403);
    },
  );

  test("refuses what is longer than any request of ours", async () => {
    expect((await join("ada", "x".repeat(2_000))).status).toBe(413);
  });

  test("by cookie is refused from another site", async () => {
    const { authCookies, secret } = await app.services.auth.$context;
    const token = tokens.get("ada") ?? "";
    const signature = createHmac("sha256", secret).update(token).digest("base64");
    const cookie = `${authCookies.sessionToken.name}=${encodeURIComponent(`${token}.${signature}`)}`;
    const channel = `private-user@${scene.streamerId}`;
    const from = async (origin: string) => (await join("anonymous", channel, "1.1", { cookie, origin })).body;
    expect(await from("https://evil.example")).toMatchObject({ status: 403, code: "wrong_origin" });
    expect(await from("http://localhost:3000")).toHaveProperty("auth");
  });
});

describe("the session's token", () => {
  test("is for its streamer and for viewers", async () => {
    const statuses = await Promise.all(
      askers.map(async (asker) => (await readToken(asker, scene.sessionId)).status),
    );
    expect(statuses).toEqual([401, 200, 200, 200, 404, 404, 404]);
  });

  test("is told apart by no path: another spelling of the id is the same session, and nonsense is none", async () => {
    const { status, body } = await readToken("vic", scene.sessionId.toUpperCase());
    expect([status, body["session"]]).toEqual([200, expect.objectContaining({ id: scene.sessionId })]);
    for (const id of ["x", "0".repeat(24), `${scene.sessionId}0`]) {
      expect((await readToken("vic", id)).body).toMatchObject({ status: 404, code: "session_not_found" });
    }
  });

  test("may be kept by nobody on the way", async () => {
    expect((await readToken("vic", scene.sessionId)).headers.get("cache-control")).toBe("no-store");
  });
});
