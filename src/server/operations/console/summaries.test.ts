import fc from "fast-check";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { escrowIdOf } from "#src/contract/ids.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeManyGoals } from "#src/testing/many-goals.ts";
import { endUnsignalled, makeScene } from "#src/testing/scene.ts";
import {
  goalSummaries,
  readSummaryFacts,
  summaryDocument,
  writeSummaries,
} from "../../data/goal-summaries.ts";
import { recordRun } from "../../data/receiver-runs.ts";
import { insertRefundHold, removeRefundHold } from "../../data/refund-holds.ts";
import { findSweepState, summariesDue, writtenBetween } from "../../data/summary-sweep.ts";
import { payOutEscrow } from "../escrow.ts";
import { refreshSummaries } from "./summaries.ts";
import { sweepSummaries } from "./sweep.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({}, false);
});
afterAll(async () => app.close());

const find = (goalId: string) => goalSummaries(app.services.db).findOne({ _id: new ObjectId(goalId) });
const minute = 60_000;
const inAnHour = () => ({ ...app.services, clock: () => new Date(Date.now() + 60 * minute) });
/** Services of a process that writes and dies before anybody hears of it. */
const dying = () => ({
  ...app.services,
  news: { tell: () => undefined, settle: () => Promise.resolve() },
});
async function invited() {
  const scene = await makeScene(app.services, ["vic"]);
  const goalId = await scene.invite("vic");
  await app.services.news.settle();
  return { scene, goalId };
}
const sweep = async (services = app.services) => {
  expect(await sweepSummaries(services)).toEqual({ done: true });
};

describe("a summary", () => {
  test("follows what is written, as it is told", async () => {
    const { scene, goalId } = await invited();
    expect(await find(goalId)).toMatchObject({ state: "pending", refund: "held", amount: 1_200 });
    await endUnsignalled(app.services, scene, goalId);
    await app.services.news.settle();
    expect(await find(goalId)).toMatchObject({ state: "ended", outcome: "declined", refund: "due" });
    await payOutEscrow(app.services, escrowIdOf(goalId), scene.streamerId);
    await app.services.news.settle();
    expect(await find(goalId)).toMatchObject({ refund: "paid" });
  });

  test("is never replaced by one that rests on an earlier reading, in whatever order they are written", async () => {
    const { goalId } = await invited();
    const [facts] = await readSummaryFacts(app.services.db, [new ObjectId(goalId)]);
    const newest = await find(goalId);
    if (facts === undefined || newest === null) throw new Error("not made");
    const { as_of: _, ...rest } = newest;
    const reading = (n: number) => ({ ...rest, amount: n, as_of: new Date(n) });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 1_000 }), { minLength: 2, maxLength: 8 }),
        async (readings) => {
          await goalSummaries(app.services.db).deleteOne({ _id: rest._id });
          await Promise.all(readings.map((n) => writeSummaries(app.services.db, [reading(n)], [])));
          expect((await find(goalId))?.amount).toBe(Math.max(...readings));
        },
      ),
      { numRuns: 15 },
    );
    await refreshSummaries(app.services, [goalId]);
    expect(await find(goalId)).toMatchObject(rest);
  });

  test("of a slow refresher does not hide what was written while it read", async () => {
    const { scene, goalId } = await invited();
    const [before] = await readSummaryFacts(app.services.db, [new ObjectId(goalId)]);
    if (before === undefined) throw new Error("not found");
    const old = await find(goalId);
    await endUnsignalled(app.services, scene, goalId);
    await app.services.news.settle();
    await writeSummaries(app.services.db, [{ ...old, ...summaryDocumentOf(before) }], []);
    expect(await find(goalId)).toMatchObject({ state: "ended" });
  });

  test("of one malformed goal does not keep the others from theirs, and a goal that is gone has none", async () => {
    const { goalId } = await invited();
    const broken = new ObjectId();
    await app.services.db.driver.collection("goals").insertOne({ _id: broken, active: true });
    const gone = { ...(await readDocument(goalId)), _id: new ObjectId() };
    await goalSummaries(app.services.db).deleteOne({ _id: new ObjectId(goalId) });
    await goalSummaries(app.services.db).insertOne(gone);
    const ids = [broken.toHexString(), goalId, gone._id.toHexString()];
    await refreshSummaries(app.services, ids);
    expect(await Promise.all(ids.map(find))).toEqual([null, expect.anything(), null]);
    await app.services.db.driver.collection("goals").deleteOne({ _id: broken });
  });
});

async function readDocument(goalId: string) {
  const [facts] = await readSummaryFacts(app.services.db, [new ObjectId(goalId)]);
  if (facts === undefined) throw new Error("not found");
  return summaryDocumentOf(facts);
}

/** What a pending goal's summary says, by facts that may be old by now. */
const summaryDocumentOf = (facts: Awaited<ReturnType<typeof readSummaryFacts>>[number]) =>
  summaryDocument(facts, {
    state: "pending",
    outcome: null,
    ended: null,
    amount: 1_200,
    currency: "USD",
    refund: "held",
    refundDue: null,
    resolved: null,
    heldBack: false,
    effects: new Map(),
    trouble: [],
    settled_ms: null,
    refund_ms: null,
    checkAt: null,
  });

describe("the sweep", () => {
  test("finds what a killed process, or the platform, has written without telling", async () => {
    await sweep();
    const scene = await makeScene(dying(), ["vic", "wen", "xan"]);
    const [declined, agreed, untouched] = [
      await scene.invite("vic"),
      await scene.invite("wen"),
      await scene.invite("xan"),
    ];
    expect(await find(declined)).toBeNull();
    await sweep();
    expect(await find(untouched)).toMatchObject({ state: "pending", amount: 1_200 });

    await endUnsignalled(dying(), scene, declined);
    await app.services.db.driver
      .collection("goals")
      .updateOne({ _id: new ObjectId(agreed) }, { $set: { active: false, agreed: { at: new Date() } } });
    await sweep();
    expect(await find(declined)).toMatchObject({ outcome: "declined" });
    expect(await find(agreed)).toMatchObject({ outcome: "agreed" });

    const key = { goalId: declined, receiver: "track_goals", eventId: "e" } as const;
    await recordRun(app.services.db, key, { status: "failed", attempt: 4, error: "no" }, new Date());
    await payOutEscrow(dying(), escrowIdOf(agreed), scene.streamerId);
    await sweep();
    expect((await find(declined))?.trouble).toContain("failed:track_goals");
    expect(await find(agreed)).toMatchObject({ refund: "paid" });
  });

  test("finds what time alone has changed: what expired, and who is late", async () => {
    const { goalId: expiring } = await invited();
    const { scene, goalId: late } = await invited();
    await endUnsignalled(app.services, scene, late);
    await app.services.news.settle();
    await sweep();
    expect((await find(late))?.trouble).toBeUndefined();
    await sweep(inAnHour());
    expect(await find(expiring)).toMatchObject({ state: "ended", outcome: "expired" });
    expect((await find(late))?.trouble).toContain("late:track_goals");
    // Back from the future, for the tests after this one.
    await app.services.db.driver.collection("console_state").deleteMany({});
    await sweep();
  });

  test("finds that a refund is held back, and that it was let go", async () => {
    const { scene, goalId } = await invited();
    await endUnsignalled(app.services, scene, goalId);
    await app.services.news.settle();
    const _id = new ObjectId(goalId);
    const audit_id = new ObjectId();
    await insertRefundHold(app.services.db, { _id, audit_id, by: _id, reason: "look", at: new Date() });
    await sweep();
    expect(await find(goalId)).toMatchObject({ held_back: true });
    await removeRefundHold(app.services.db, _id, audit_id);
    await sweep();
    expect((await find(goalId))?.held_back).toBeUndefined();
  });

  test("makes all summaries anew from nothing, in parts, and they are the same as before", async () => {
    await makeManyGoals(app.services, { count: 600, failed: { 7: "notify_goal_ended" } });
    await sweep();
    const all = () =>
      goalSummaries(app.services.db)
        .find({}, { projection: { as_of: 0 } })
        .sort({ _id: 1 })
        .toArray();
    const before = await all();
    await goalSummaries(app.services.db).deleteMany({});
    await app.services.db.driver.collection("console_state").deleteMany({});
    let turns = 1;
    while (!(await sweepSummaries(app.services, { within_ms: 0 })).done) turns++;
    expect(turns).toBeGreaterThan(2);
    expect(await all()).toEqual(before);
    expect(await findSweepState(app.services.db)).toMatchObject({ kind: "sweeping" });
  });

  test("reads no more than what was written since, by declared indexes", async () => {
    const queries = [
      ...writtenBetween(app.services.db, new Date(), null).map(({ cursor }) => cursor),
      summariesDue(app.services.db, new Date(0)),
    ];
    for (const query of queries) {
      const { queryPlanner, executionStats } = await query.explain();
      expect(JSON.stringify(queryPlanner.winningPlan)).toContain("IXSCAN");
      expect(JSON.stringify(queryPlanner.winningPlan)).not.toMatch(/COLLSCAN|SORT/);
      expect(executionStats.totalDocsExamined).toBe(executionStats.nReturned);
    }
  });
});
