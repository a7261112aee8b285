import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { type Actor, type Cast, makeCast } from "#src/testing/cast.ts";
import { openPusherPage } from "#src/testing/pusher-page.ts";
import { callRoute } from "#src/testing/routes.ts";

/**
 * What each audience is told, field by field. Whoever adds a field to one of these says here who gets to see it: no
 * payment ids and no amounts where viewers can join.
 */

let app: TestApp;
let cast: Cast;
beforeAll(async () => {
  app = await startTestApp();
  cast = await makeCast(app.services);
});
afterAll(async () => app.close());

/** Every field of a value, by its path; those of a list's entries together, and an empty list as a field of its own. */
function fieldsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value) && value.length > 0)
    return [...new Set(value.flatMap((entry) => fieldsOf(entry, `${path}[]`)))].toSorted();
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  return Object.entries(value)
    .flatMap(([name, inner]) => fieldsOf(inner, path === "" ? name : `${path}.${name}`))
    .toSorted();
}
const under = (path: string, names: readonly string[]) => names.map((name) => `${path}.${name}`);

const person = (path: string) => under(path, ["id", "name"]);
const goal = (path: string) =>
  [
    ...under(path, ["goal_id", "session_id", "state", "created", "exp", "ended", "cooldown_until"]),
    ...under(path, ["prepaid_duration_s", "amount", "currency", "refund", "refund_due", "resolved"]),
    ...person(`${path}.streamer`),
    ...person(`${path}.viewer`),
  ].toSorted();
const pair = (path: string) =>
  [...under(path, ["goal_id", "state", "ended", "cooldown_until"]), ...person(`${path}.viewer`)].toSorted();

async function get(actor: Actor, path: string): Promise<unknown> {
  const response = await callRoute(app.services, { method: "GET", path, headers: cast.bearer(actor) });
  expect(response.status).toBe(200);
  const body = (await response.json()) as { result?: { data: unknown } };
  return body.result === undefined ? body : body.result.data;
}

/** What must not be in anything that viewers can read: the ids and amounts of payments. */
async function paymentsOf(goalId: string): Promise<string[]> {
  const transfers = await app.services.db.driver
    .collection("ledger_transfers")
    .find({ escrow_id: `trigger_exclusive:${goalId}` })
    .toArray();
  return transfers.flatMap(({ _id, insert_id }) => [String(_id), String(insert_id)]);
}

describe("a snapshot of a channel", () => {
  const everything = () => [...goal("invitations[]"), ...pair("pairs[]"), "cooldowns"].toSorted();

  test("that viewers may join has pair states only", async () => {
    const data = await get("another viewer", `/channels/presence-stream@${cast.ids.streamer}/data`);
    expect(fieldsOf(data)).toEqual(["pairs[].state", "pairs[].viewer.id", "pairs[].viewer.name"]);
    for (const id of await paymentsOf(cast.goalId)) expect(JSON.stringify(data)).not.toContain(id);
    expect(JSON.stringify(data)).not.toMatch(/amount|1200|escrow|insert/);
  });

  test.each(["private-stream", "private-user", "private-enc-user", "private-enc-stream"])(
    "%s has the invitations, pairs and cooldowns of its user",
    async (kind) => {
      expect(fieldsOf(await get("streamer", `/channels/${kind}@${cast.ids.streamer}/data`))).toEqual(
        everything(),
      );
    },
  );

  test("of a viewer has the viewer's own", async () => {
    const data = await get("viewer", `/channels/private-user@${cast.ids.viewer}/data`);
    expect(fieldsOf(data)).toEqual(everything());
    expect(JSON.stringify(data)).not.toContain(cast.ids["another viewer"]);
    expect(JSON.stringify(data)).not.toContain("@example.com");
  });
});

describe("a session's token view", () => {
  const session = under("session", ["id", "streamer_id", "state", "created", "ended"]);

  test("of a viewer has that viewer's pair, and of others nobody's", async () => {
    const path = `/sessions/${cast.scene.sessionId}/token`;
    expect(fieldsOf(await get("viewer", path))).toEqual(
      [...pair("pair"), ...session, "token", "expires"].toSorted(),
    );
    expect(fieldsOf(await get("another viewer", path))).toEqual(
      ["pair", ...session, "token", "expires"].toSorted(),
    );
    expect(fieldsOf(await get("streamer", path))).toEqual(
      ["pair", ...session, "token", "expires"].toSorted(),
    );
  });

  test("is signed over who, where and until when, and nothing more", async () => {
    const { token } = (await get("viewer", `/sessions/${cast.scene.sessionId}/token`)) as { token: string };
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as object;
    expect(claims).toEqual({
      session: cast.scene.sessionId,
      part: "viewer",
      sub: cast.ids.viewer,
      iat: expect.any(Number) as number,
      exp: expect.any(Number) as number,
    });
  });
});

describe("a page's reading", () => {
  test("of the studio is the streamer's own session", async () => {
    const data = await get("streamer", "/api/trpc/studio.overview");
    expect(fieldsOf(data)).toEqual(
      [
        "as_of",
        "session.id",
        "session.created",
        ...goal("invitations[]"),
        ...pair("pairs[]"),
        "history",
      ].toSorted(),
    );
    expect(JSON.stringify(data)).not.toMatch(/@example\.com|escrow|insert/);
    expect(JSON.stringify(data)).not.toContain(cast.ids["another viewer"]);
  });

  test("of a viewer's invitations is the viewer's own", async () => {
    const data = await get("viewer", "/api/trpc/me.invitations");
    expect(fieldsOf(data)).toEqual(goal("[]"));
    expect(JSON.stringify(data)).not.toContain(cast.ids["another viewer"]);
  });

  test("of a viewer's receipt has the ledger of that one goal", async () => {
    const input = encodeURIComponent(JSON.stringify({ goal_id: cast.goalId }));
    const data = await get("viewer", `/api/trpc/me.receipt?input=${input}`);
    expect(fieldsOf(data)).toEqual(
      [
        "as_of",
        "escrow_id",
        ...goal("view"),
        ...under("entries[]", ["id", "insert_id", "debit", "credit", "amount", "currency", "at", "reason"]),
      ].toSorted(),
    );
    expect(JSON.stringify(data)).not.toContain(cast.otherGoalId);
  });
});

test("every event goes to its audience alone, with these fields alone", async () => {
  const { settings, live } = app.services;
  const { streamer, viewer } = cast.ids;
  const channels = {
    "the streamer's private-stream": `private-stream@${streamer}`,
    "the streamer's presence-stream": `presence-stream@${streamer}`,
    "the streamer's private-user": `private-user@${streamer}`,
    "the streamer's private-enc-user": `private-enc-user@${streamer}`,
    "the streamer's private-enc-stream": `private-enc-stream@${streamer}`,
    "the viewer's private-user": `private-user@${viewer}`,
    "another viewer's private-user": `private-user@${cast.ids["another viewer"]}`,
    "the other streamer's presence-stream": `presence-stream@${cast.ids["another streamer"]}`,
    "the moderators'": "private-admin",
  };
  const client = openPusherPage(settings, {
    channelAuthorization: {
      endpoint: "",
      transport: "ajax",
      customHandler: ({ socketId, channelName }, answer) =>
        answer(
          null,
          live.authorize(
            socketId,
            channelName,
            channelName.startsWith("presence-") ? { user_id: viewer } : undefined,
          ),
        ),
    },
  });
  const heard = new Map<string, Set<string>>();
  const said: string[] = [];
  try {
    await Promise.all(
      Object.entries(channels).map(
        ([whose, name]) =>
          new Promise((resolve) => {
            client.subscribe(name).bind_global((event: string, data: unknown) => {
              if (event === "pusher:subscription_succeeded") resolve(undefined);
              if (event.startsWith("pusher:")) return;
              const told = heard.get(whose) ?? new Set();
              heard.set(whose, told.add(`${event}: ${fieldsOf(data).join(", ")}`));
              if (name !== "private-admin") said.push(JSON.stringify(data));
            });
          }),
      ),
    );
    const declined = await callRoute(app.services, {
      method: "DELETE",
      path: `/goals/${cast.goalId}`,
      headers: { "content-type": "application/json", ...cast.bearer("streamer") },
      body: '{"agree":false}',
    });
    expect(declined.status).toBe(202);
    const ended = "goal.ended: exclusive_to, exp, goal_id, signal_id";
    const hints = ["pair.updated: session_id, user_id", "refund.updated: goal_id"];
    await vi.waitFor(
      () =>
        expect(Object.fromEntries([...heard].map(([whose, told]) => [whose, [...told].toSorted()]))).toEqual({
          "the streamer's private-stream": [ended, ...hints],
          "the streamer's presence-stream": [ended],
          "the streamer's private-user": [ended],
          "the viewer's private-user": hints,
          "the moderators'": ["goal.updated: goal_id", "receiver.updated: goal_id, receiver"],
        }),
      { timeout: 15_000 },
    );
    for (const id of await paymentsOf(cast.goalId)) expect(said.join()).not.toContain(id);
    expect(said.join()).not.toMatch(/amount|1200|escrow|insert/);
    expect(fieldsOf(await get("streamer", "/api/trpc/studio.overview"))).toEqual(
      [
        "as_of",
        "session.id",
        "session.created",
        "invitations",
        ...pair("pairs[]"),
        ...goal("history[]"),
      ].toSorted(),
    );
    expect(fieldsOf(await get("viewer", `/channels/private-user@${viewer}/data`))).toEqual(
      ["invitations", ...pair("pairs[]"), ...under("cooldowns[]", ["viewer_id", "until"])].toSorted(),
    );
  } finally {
    client.disconnect();
  }
});
