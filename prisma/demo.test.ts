import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { escrowIdOf } from "#src/contract/ids.ts";
import { balanceOf, escrowAccount } from "#src/domain/ledger.ts";
import { transfersOf } from "#src/server/data/ledger.ts";
import { studioOverview } from "#src/server/operations/overviews.ts";
import { createServices, type Services } from "#src/server/services.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { dropDatabase, ownDatabase } from "#src/testing/own-database.ts";
import { makeDemo, resetDemo } from "./demo.ts";
import { ensureIndexes } from "./indexes.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({}, false);
  await makeDemo(app.services);
});
afterAll(async () => app.close());

const collections = [
  "user",
  "account",
  "goals",
  "sessions",
  "ledger_transfers",
  "receiver_runs",
  "goal_tracks",
];

/** Every document of the demo data, as JSON. */
const everything = async ({ db }: Services) =>
  Object.fromEntries(
    await Promise.all(
      collections.map(async (name) => {
        const documents = await db.driver.collection(name).find().sort({ _id: 1 }).toArray();
        return [name, JSON.parse(JSON.stringify(documents)) as Record<string, unknown>[]] as const;
      }),
    ),
  );
/** The ids alone; of credentials, which the auth library numbers, whose they are. */
const idsOf = (all: Awaited<ReturnType<typeof everything>>) =>
  Object.fromEntries(
    collections.map((name) => [
      name,
      (all[name] ?? [])
        .map((document) => String(name === "account" ? document["userId"] : document["_id"]))
        .toSorted((a, b) => a.localeCompare(b)),
    ]),
  );
const signIn = ({ auth }: Services, name: string) =>
  auth.api.signInEmail({ body: { email: `${name}@example.com`, password: "goalkeeper" } });

describe("the demo data", () => {
  test("is the one that is promised", async () => {
    const all = await everything(app.services);
    expect(
      all["user"]
        ?.map(({ email, role }) => `${String(email)} ${String(role)}`)
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual([
      "ada@example.com streamer",
      "bea@example.com streamer",
      "mod@example.com moderator",
      "root@example.com admin",
      "vic@example.com viewer",
      "wen@example.com viewer",
      "xan@example.com viewer",
    ]);
    const { user } = await signIn(app.services, "ada");
    const ada = await studioOverview(app.services, user.id);
    const inThirtyDays = Date.now() + 30 * 24 * 3_600_000;
    expect(ada.invitations.map(({ viewer }) => viewer.name)).toEqual(["Xan", "Wen", "Vic"]);
    for (const { exp } of ada.invitations) {
      expect(Math.abs(Date.parse(exp) - inThirtyDays)).toBeLessThan(2 * 3_600_000);
    }
    expect(
      ada.history.map(({ state, refund }) => `${state} ${refund}`).toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(["agreed paid", "declined refunded", "expired refunded"]);
    const bea = await studioOverview(
      app.services,
      String(all["user"]?.find(({ name }) => name === "Bea")?.["_id"]),
    );
    expect(bea.invitations.map(({ viewer }) => viewer.name)).toEqual(["Wen"]);
  });

  test("leaves every ended goal's escrow at zero, and every pending one's as it was prepaid", async () => {
    const goals = await app.services.db.driver.collection("goals").find().toArray();
    for (const goal of goals) {
      const escrowId = escrowIdOf(String(goal._id));
      const ledger = await transfersOf(app.services.db, escrowId);
      const held = ledger[0]?.amount ?? 0;
      expect(held).toBeGreaterThan(0);
      expect(balanceOf(escrowAccount(escrowId), ledger)).toBe(goal["active"] === true ? held : 0);
      expect((goal["metadata"] as { insert_ids: unknown[] }).insert_ids.map(String)).toEqual([
        ledger[0]?.insertId,
      ]);
    }
  });

  test("is in the console's lists, without trouble", async () => {
    const summaries = await app.services.db.driver.collection("goal_summaries").find().toArray();
    const goals = await app.services.db.driver.collection("goals").countDocuments();
    expect(summaries).toHaveLength(goals);
    expect(summaries.filter(({ trouble }) => trouble !== undefined)).toEqual([]);
  });

  test("made again changes nothing", async () => {
    const before = await everything(app.services);
    await makeDemo(app.services);
    expect(await everything(app.services)).toEqual(before);
  });

  test("is whole and has the same ids in another database, where a killed start has left it half made", async () => {
    const made = await everything(app.services);
    const url = ownDatabase(app.services.settings.DATABASE_URL);
    const other = createServices({ ...app.services.settings, DATABASE_URL: url });
    try {
      const { driver } = other.db;
      await ensureIndexes(driver);
      for (const name of ["user", "account", "sessions", "ledger_transfers"]) {
        const [, ...allButOne] = await app.services.db.driver.collection(name).find().toArray();
        await driver.collection(name).insertMany(allButOne);
      }
      await driver.collection("sessions").updateMany({}, { $unset: { exclusive_goal_pairs: true } });
      await makeDemo(other);
      const anew = await everything(other);
      expect(idsOf(anew)).toEqual(idsOf(made));
      for (const { exclusive_goal_pairs } of anew["sessions"] ?? [])
        expect(exclusive_goal_pairs).toBeDefined();
      expect(await signIn(other, "root")).toMatchObject({ user: { name: "Root" } });
    } finally {
      await other.close();
      await dropDatabase(url);
    }
  });

  test("is thrown away with all that was added, when it is reset", async () => {
    const before = idsOf(await everything(app.services));
    const { driver } = app.services.db;
    await driver.collection("audit_log").insertOne({ by: "somebody" });
    await driver.collection("sessions").updateMany({}, { $set: { "statuses.ended": new Date() } });
    await driver.collection("user").insertOne({ name: "Yan", email: "yan@example.com" });
    await resetDemo(app.services);
    expect(idsOf(await everything(app.services))).toEqual(before);
    expect(await driver.collection("audit_log").countDocuments()).toBe(0);
    expect(await driver.collection("sessions").countDocuments({ "statuses.ended": null })).toBe(2);
  });

  test("is never made over a database that has other people's accounts", async () => {
    const { driver } = app.services.db;
    await driver.collection("account").deleteMany({});
    await driver.collection("user").insertOne({ name: "Yan", email: "yan@example.com" });
    const before = await everything(app.services);
    await makeDemo(app.services);
    expect(await everything(app.services)).toEqual(before);
  });
});
