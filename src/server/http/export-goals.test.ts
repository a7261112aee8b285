import { ObjectId } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Role } from "#src/contract/roles.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeManyGoals } from "#src/testing/many-goals.ts";
import { makeScene, tokenFor } from "#src/testing/scene.ts";
import { goalSummaries } from "../data/goal-summaries.ts";
import { handleGoalExport } from "./export-goals.ts";

let app: TestApp;
let many: Awaited<ReturnType<typeof makeManyGoals>>;
const tokens: Partial<Record<Role, string>> = {};
beforeAll(async () => {
  app = await startTestApp({}, false);
  many = await makeManyGoals(app.services, { count: 700, failed: { 3: "track_goals" } });
  for (const role of ["viewer", "streamer", "moderator", "admin"] as const) {
    const _id = new ObjectId();
    const user = { _id, name: role, email: `${role}@example.com`, role };
    await app.services.db.driver.collection("user").insertOne(user);
    tokens[role] = await tokenFor(app.services, _id.toHexString());
  }
});
afterAll(async () => app.close());

const ask = (query: string, role?: Role) =>
  handleGoalExport(
    app.services,
    new Request(`http://localhost:3000/admin/export/goals.csv${query}`, {
      headers: role === undefined ? {} : { authorization: `Bearer ${tokens[role]}` },
    }),
  );
/** The lines of the file, without its first and without quoting, which nothing in it needs. */
const lines = async (query: string) =>
  (await (await ask(query, "moderator")).text()).trimEnd().split("\r\n").slice(1);

test.each<[number, Role | undefined]>([
  [401, undefined],
  [403, "viewer"],
  [403, "streamer"],
  [200, "moderator"],
  [200, "admin"],
])("answers %i to %s", async (status, role) => {
  const response = await ask("?outcome=superseded", role);
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toMatch(status === 200 ? /^text\/csv/ : /problem\+json/);
  await response.body?.cancel();
});

test("has every goal that the filter matches, once, in its order, with consistent columns", async () => {
  const all = await lines("");
  expect(all.map((line) => line.split(",")[0])).toEqual(many.goalIds);
  expect(new Set(all.map((line) => line.split(",").length))).toEqual(new Set([19]));
  const rich = await lines("?min_amount=4000&outcome=declined");
  const matching = { outcome: "declined", amount: { $gte: 4_000 } } as const;
  expect(rich).toHaveLength(await goalSummaries(app.services.db).countDocuments(matching));
});

test("tells of one goal what people ask for, in the currency's own units", async () => {
  const [goalId = "", streamer = "", viewer = "", session = ""] = [
    many.goalIds[3],
    many.streamerIds[0],
    many.viewerIds[3],
    many.sessionIds[3],
  ];
  const [line = ""] = await lines("?trouble=failed&receiver=track_goals");
  const summary = await goalSummaries(app.services.db).findOne({ _id: new ObjectId(goalId) });
  const cells = line.split(",");
  expect([cells[0], cells[1], cells[2], cells[5], cells[8]]).toEqual([
    goalId,
    "declined",
    streamer,
    viewer,
    session,
  ]);
  expect(cells[12]).toBe(((summary?.amount ?? 0) / 100).toFixed(2));
  expect(cells.slice(13, 15)).toEqual(["USD", "refunded"]);
  expect(cells[16]).toBe(summary?.resolved?.toISOString());
  expect(cells.slice(17)).toEqual(["track_goals", ""]);
});

test("keeps a name from being run as a formula", async () => {
  const scene = await makeScene(app.services, ["vic"]);
  const goalId = await scene.invite("vic");
  await app.services.news.settle();
  const _id = new ObjectId(scene.viewers["vic"]);
  await app.services.db.driver
    .collection("user")
    .updateOne({ _id }, { $set: { name: '=HYPERLINK("http://x","y")' } });
  const [line] = await lines(`?q=${goalId}`);
  expect(line).toContain(`"'=HYPERLINK(""http://x"",""y"")"`);
});

test("is empty for words that nobody is known by, and refuses what it does not understand", async () => {
  expect(await lines("?q=nobody@example.com")).toEqual([]);
  for (const query of [
    "?colour=red",
    "?state=lost",
    "?min_amount=lots",
    "?min_amount=5&sort=ended",
    "?from=today",
  ]) {
    const response = await ask(query, "moderator");
    expect([query, response.status]).toEqual([query, 400]);
    expect(await response.json()).toMatchObject({ code: "invalid_request" });
  }
});
