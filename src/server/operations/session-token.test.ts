import { jwtVerify } from "jose";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Caller, Role } from "#src/contract/roles.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeScene, type Scene } from "#src/testing/scene.ts";
import { dropViews, viewTtl_ms } from "../data/view-cache.ts";
import { tokenViewTag } from "./announce.ts";
import { sessionToken } from "./session-token.ts";

let app: TestApp;
let scene: Scene;
let goalId: string;
beforeAll(async () => {
  app = await startTestApp({}, false);
  scene = await makeScene(app.services, ["vic", "wen"]);
  goalId = await scene.invite("vic");
});
afterAll(async () => app.close());

const as = (role: Role, id = new ObjectId().toHexString()): Caller => ({ id, name: "", email: "", role });
const ada = () => as("streamer", scene.streamerId);
const vic = () => as("viewer", scene.viewers["vic"]);
const read = (caller: Caller, services = app.services, sessionId = scene.sessionId) =>
  sessionToken(services, caller, sessionId);
const at = (ms: number) => ({ ...app.services, clock: () => new Date(ms) });
const verified = async (token: string) =>
  (
    await jwtVerify(token, new TextEncoder().encode(app.services.settings.AUTH_SECRET), {
      algorithms: ["HS256"],
    })
  ).payload;
const drop = () => dropViews(app.services.db, [tokenViewTag(scene.sessionId)]);

describe("the token view", () => {
  test("says to the streamer how the session stands, with a token signed for the streamer", async () => {
    const view = await read(ada());
    expect(view).toEqual({
      token: expect.any(String) as string,
      expires: expect.any(String) as string,
      session: {
        id: scene.sessionId,
        streamer_id: scene.streamerId,
        state: "live",
        created: expect.any(String) as string,
        ended: null,
      },
      pair: null,
    });
    expect(await verified(view.token)).toEqual({
      sub: scene.streamerId,
      session: scene.sessionId,
      part: "streamer",
      iat: expect.any(Number) as number,
      exp: Math.floor(Date.parse(view.expires) / 1_000),
    });
  });

  test("says to a viewer the viewer's own pair, and to one without a pair nothing of others'", async () => {
    const own = await read(vic());
    expect(own.pair).toEqual({
      viewer: { id: scene.viewers["vic"], name: "vic" },
      goal_id: goalId,
      state: "pending",
      ended: null,
      cooldown_until: null,
    });
    expect(await verified(own.token)).toMatchObject({ sub: scene.viewers["vic"], part: "viewer" });
    const other = await read(as("viewer", scene.viewers["wen"]));
    expect(other.pair).toBeNull();
    expect(JSON.stringify(other)).not.toContain(goalId);
  });

  test.each<Role>(["streamer", "moderator", "admin"])("is no business of another %s", async (role) => {
    await expect(read(as(role))).rejects.toMatchObject({ code: "session_not_found" });
  });

  test("of a session that does not exist is refused alike", async () => {
    const nowhere = new ObjectId().toHexString();
    await expect(read(vic(), app.services, nowhere)).rejects.toMatchObject({ code: "session_not_found" });
  });

  test("is the same for each caller until it is dropped, and carries a token that outlives it", async () => {
    await drop();
    const now = Date.now();
    const first = await read(vic(), at(now));
    expect(await read(vic(), at(now + viewTtl_ms - 1))).toEqual(first);
    expect((await verified(first.token)).sub).toBe(vic().id);
    expect(Date.parse(first.expires)).toBeGreaterThan(now + viewTtl_ms);
    expect(((await verified(first.token)).exp ?? 0) * 1_000).toBeGreaterThan(now + viewTtl_ms);
    expect((await verified((await read(ada(), at(now))).token)).sub).toBe(scene.streamerId);

    const later = now + 10_000;
    expect(await read(vic(), at(later))).toEqual(first);
    await drop();
    expect(Date.parse((await read(vic(), at(later))).expires)).toBe(Date.parse(first.expires) + 10_000);
  });

  test("is not what a caller had in another role", async () => {
    await read(ada());
    await expect(read(as("moderator", vic().id))).rejects.toMatchObject({ code: "session_not_found" });
  });

  test("says when the session has ended", async () => {
    const ended = new Date();
    await app.services.db.driver
      .collection("sessions")
      .updateOne({ _id: new ObjectId(scene.sessionId) }, { $set: { "statuses.ended": ended } });
    await drop();
    expect((await read(vic())).session).toMatchObject({ state: "ended", ended: ended.toISOString() });
  });
});
