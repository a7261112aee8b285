import { ObjectId } from "mongodb";
import type Pusher from "pusher-js";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Role } from "#src/contract/roles.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { sessionCookie } from "#src/testing/cast.ts";
import { byHand } from "#src/testing/procedures.ts";
import { openPusherPage } from "#src/testing/pusher-page.ts";
import { callRoute } from "#src/testing/routes.ts";
import { createAccount } from "../gateways/accounts.ts";
import { endExpiredSessions } from "../operations/end-expired-sessions.ts";

const password = "goalkeeper";
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SIGN_IN: "1000" }, false);
});
const open: Pusher[] = [];
afterEach(() => {
  for (const client of open.splice(0)) client.disconnect();
});
afterAll(async () => app.close());

interface Device {
  readonly cookie: string;
  readonly token: string;
}
interface Person {
  readonly id: string;
  signIn(): Promise<Device>;
}

async function person(role: Role): Promise<Person> {
  const id = new ObjectId().toHexString();
  const email = `${id}@example.com`;
  await createAccount(app.services.auth, { id, name: role, email, role, password });
  return {
    id,
    async signIn() {
      const response = await post("/api/auth/sign-in/email", {}, { email, password });
      const { token } = (await response.json()) as { token: string };
      return { token, cookie: await sessionCookie(app.services, token) };
    },
  };
}

const post = (path: string, headers: Record<string, string>, body: object) =>
  callRoute(app.services, {
    method: "POST",
    path,
    headers: { "content-type": "application/json", origin: "http://localhost:3000", ...headers },
    body: JSON.stringify(body),
  });

/** Asks our own route for Pusher's authorization, as pusher-js does on a page of this device. */
async function authorize(device: Device, fields: Record<string, string>) {
  const response = await callRoute(app.services, {
    method: "POST",
    path: "/api/pusher/auth",
    headers: { cookie: device.cookie, origin: "http://localhost:3000" },
    body: new URLSearchParams(fields).toString(),
  });
  return { status: response.status, body: (await response.json()) as { auth: string; user_data: string } };
}

/** A page of this device, connected, signed in and subscribed. It comes back by itself, as pages do. */
async function page(device: Device, channelName: string) {
  const { settings } = app.services;
  const client = openPusherPage(settings, {
    userAuthentication: {
      endpoint: "",
      transport: "ajax",
      customHandler: ({ socketId }, answer) =>
        void authorize(device, { socket_id: socketId }).then(({ status, body }) =>
          status === 200 ? answer(null, body) : answer(new Error(String(status)), null),
        ),
    },
    channelAuthorization: {
      endpoint: "",
      transport: "ajax",
      customHandler: ({ socketId, channelName: channel_name }, answer) =>
        void authorize(device, { socket_id: socketId, channel_name }).then(({ status, body }) =>
          status === 200 ? answer(null, body) : answer(new Error(String(status)), null),
        ),
    },
  });
  open.push(client);
  const signedIn = new Promise((resolve) => client.bind("pusher:signin_success", resolve));
  client.signin();
  const channel = client.subscribe(channelName);
  const refused = vi.fn<() => void>();
  channel.bind("pusher:subscription_error", refused);
  const ended = vi.fn<() => void>();
  client.connection.bind("disconnected", ended);
  client.connection.bind("connecting", ended);
  await signedIn;
  await vi.waitFor(() => expect(channel.subscribed).toBe(true), { timeout: 5_000 });
  ended.mockClear();
  return { client, channel, ended, refused };
}

/** The page's connection has ended, and on coming back the channel is refused. */
async function isOut({ channel, ended, client }: Awaited<ReturnType<typeof page>>) {
  await vi.waitFor(
    () => expect(client.connection.state === "connected" && ended.mock.calls.length === 0).toBe(false),
    {
      timeout: 5_000,
    },
  );
  await vi.waitFor(() => expect(channel.subscribed).toBe(false), { timeout: 5_000 });
}

describe("the live connection of who may no longer listen is ended", () => {
  const ways: readonly [how: string, end: (device: Device, other: Device) => Promise<unknown>][] = [
    ["signing out", ({ cookie }) => post("/api/auth/sign-out", { cookie }, {})],
    [
      "revoking the session from another device",
      ({ token }, other) => post("/api/auth/revoke-session", { cookie: other.cookie }, { token }),
    ],
    [
      "revoking all other sessions",
      (_, other) => post("/api/auth/revoke-other-sessions", { cookie: other.cookie }, {}),
    ],
    ["revoking all sessions", (_, other) => post("/api/auth/revoke-sessions", { cookie: other.cookie }, {})],
    [
      "a new password, with all other sessions ended",
      (_, other) =>
        post(
          "/api/auth/change-password",
          { cookie: other.cookie },
          { currentPassword: password, newPassword: "goalkeeper-2", revokeOtherSessions: true },
        ),
    ],
    [
      "the end of the session's time, though the page asks nothing",
      async ({ token }) => {
        const past = { $set: { expiresAt: new Date(Date.now() - 1_000) } };
        await app.services.db.driver.collection("session").updateOne({ token }, past);
        expect(await endExpiredSessions(app.services, new Date())).toBe(1);
        expect(await endExpiredSessions(app.services, new Date())).toBe(0);
      },
    ],
  ];

  test.each(ways)("by %s", async (_, end) => {
    const viewer = await person("viewer");
    const [device, other] = [await viewer.signIn(), await viewer.signIn()];
    const connected = await page(device, `private-user@${viewer.id}`);
    await end(device, other);
    await isOut(connected);
    expect((await authorize(device, { socket_id: "1.1" })).status).toBe(401);
    expect(
      (await authorize(device, { socket_id: "1.1", channel_name: `private-user@${viewer.id}` })).status,
    ).toBe(401);
  });

  test("by the loss of a role, and the moderators' channel is refused from then on", async () => {
    const [moderator, admin] = [await person("moderator"), await person("admin")];
    const [device, boss] = [await moderator.signIn(), await admin.signIn()];
    const connected = await page(device, "private-admin");
    const changed = await post(
      "/api/trpc/admin.users.setRole",
      { cookie: boss.cookie },
      { user_id: moderator.id, role: "viewer", ...byHand() },
    );
    expect(changed.status).toBe(200);
    await isOut(connected);
    expect((await authorize(device, { socket_id: "1.1", channel_name: "private-admin" })).status).toBe(403);
    // The session goes on, with what the new role may hear.
    expect(
      (await authorize(device, { socket_id: "1.1", channel_name: `private-user@${moderator.id}` })).status,
    ).toBe(200);
  });
});

test("the other devices of who signs out, and everyone else, come back or stay", async () => {
  const [viewer, stranger] = [await person("viewer"), await person("viewer")];
  const [device, other] = [await viewer.signIn(), await viewer.signIn()];
  const [stays, elsewhere] = [
    await page(await stranger.signIn(), `private-user@${stranger.id}`),
    await page(other, `private-user@${viewer.id}`),
  ];
  await post("/api/auth/sign-out", { cookie: device.cookie }, {});
  expect((await authorize(other, { socket_id: "1.1" })).status).toBe(200);
  await vi.waitFor(() => expect(elsewhere.ended).toHaveBeenCalled(), { timeout: 5_000 });
  expect(stays.ended).not.toHaveBeenCalled();
  expect(stays.channel.subscribed).toBe(true);
});
