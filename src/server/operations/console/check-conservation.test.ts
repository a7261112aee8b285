import { ObjectId } from "mongodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { escrowIdOf } from "#src/contract/ids.ts";
import { escrowAccount, viewerAccount } from "#src/domain/ledger.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { ledgerScene, type LedgerScene } from "#src/testing/ledger-scene.ts";
import { endUnsignalled, makeScene, type Scene } from "#src/testing/scene.ts";
import { walkLedger } from "../../data/ledger-walk.ts";
import type { Services } from "../../services.ts";
import { holdInEscrow, payOutEscrow, refundEscrow } from "../escrow.ts";
import { type Checked, checkConservation } from "./check-conservation.ts";
import { conservation } from "./conservation.ts";
import { refreshSummaries } from "./summaries.ts";

let app: TestApp;
let scene: Scene;
let money: LedgerScene;
beforeAll(async () => {
  app = await startTestApp({}, false);
  scene = await makeScene(app.services, ["vic", "wen"]);
  money = ledgerScene(app.services, scene);
});
afterAll(async () => app.close());

const collection = (name: string) =>
  app.services.db.driver.collection<{ _id: string; [field: string]: unknown }>(name);
beforeEach(async () => money.clear());

/** The services at a later time. */
const later = (ms: number): Services => ({
  ...app.services,
  clock: () => new Date(Date.now() + ms),
});

const window = () => ({ userId: scene.streamerId, nbf: 0, exp: null });

const byText = (a: unknown[], b: unknown[]) => String(a[1]).localeCompare(String(b[1]));

/** Checks what is new, as in a ledger that is too large to be gone through each minute. */
const checkAsIfLarge = (services: Services) => checkConservation(services, { whole: false, small: 0 });

const bothWays = [{ whole: true }, { whole: false }];

describe.each(bothWays)("a check ($whole: whole)", ({ whole }) => {
  /** Something was checked already, and the ledger is not small: only what is new is looked at, or all of it. */
  async function findWrong(break_: () => Promise<unknown>, at = app.services) {
    await checkConservation(app.services, { whole: true });
    await break_();
    const checked = whole ? await checkConservation(at, { whole }) : await checkAsIfLarge(at);
    expect(checked).toMatchObject({ kind: "checked", light: "red", whole });
    return (await conservation(at)).breaches;
  }

  test("finds an escrow that is overdrawn", async () => {
    const goalId = await money.invite("vic");
    const breaches = await findWrong(async () => {
      await endUnsignalled(app.services, scene, goalId);
      await refundEscrow(app.services, escrowIdOf(goalId), window());
      await money.append(goalId, 7, {
        debit: escrowAccount(escrowIdOf(goalId)),
        credit: viewerAccount("vic"),
      });
    });
    expect(breaches).toMatchObject([{ kind: "overdrawn", goal_id: goalId, amount: -7, currency: "USD" }]);
  });

  test("finds a refund that is late, and not one that is held back or was let go just now", async () => {
    const { services } = app;
    const goalId = await money.invite("vic");
    await endUnsignalled(services, scene, goalId);
    await refreshSummaries(services, [goalId]);
    const afterwards = later(2 * 60_000);
    const breaches = await findWrong(() => Promise.resolve(), afterwards);
    expect(breaches).toMatchObject([{ kind: "late", goal_id: goalId, amount: 1_200 }]);

    const check = () => (whole ? checkConservation(afterwards, { whole }) : checkAsIfLarge(afterwards));
    await services.db.driver.collection("refund_holds").insertOne({ _id: new ObjectId(goalId) });
    expect(await check()).toMatchObject({ light: "green" });
    await services.db.driver.collection("refund_holds").deleteMany({});
    const target = `goal:${goalId}`;
    await services.db.driver
      .collection("audit_log")
      .insertOne({ target, action: "refund.let_go", at: afterwards.clock() });
    expect(await check()).toMatchObject({ light: "green" });
    await refundEscrow(services, escrowIdOf(goalId), window());
    expect(await check()).toMatchObject({ light: "green" });
  });

  test("finds a transfer that is none, and one of no escrow", async () => {
    const goalId = await money.invite("vic");
    const breaches = await findWrong(async () => {
      await money.append(goalId, 5, { credit: "bank:1", currency: "TWD" });
      await collection("ledger_transfers").insertOne({ _id: "stray", insert_id: new ObjectId() });
    });
    const malformed = breaches.filter(({ kind }) => kind === "malformed");
    expect(malformed.map(({ goal_id, transfer_id }) => [goal_id, transfer_id]).toSorted(byText)).toEqual([
      [goalId, `hold:${escrowIdOf(goalId)}:odd`],
      [null, "stray"],
    ]);
  });

  test("finds money of a goal that there is not", async () => {
    const goalId = new ObjectId().toHexString();
    const breaches = await findWrong(() => money.append(goalId, 900));
    expect(breaches).toMatchObject([{ kind: "sums_differ", goal_id: goalId, amount: 900 }]);
  });

  test("knows again what it found before, until it is put right", async () => {
    const goalId = new ObjectId().toHexString();
    await findWrong(() => money.append(goalId, 900));
    const check = (at: Services) => (whole ? checkConservation(at, { whole }) : checkAsIfLarge(at));
    expect(await check(later(30 * 60_000))).toMatchObject({ light: "red", breaches: 1 });
    await collection("ledger_transfers").deleteMany({});
    expect(await check(later(31 * 60_000))).toMatchObject({ light: "green" });
  });
});

describe("a check of the whole ledger", () => {
  test("finds a prepayment that is gone from the ledger", async () => {
    const goalId = await money.invite("vic");
    await app.services.news.settle();
    await collection("ledger_transfers").deleteMany({});
    expect(await checkConservation(app.services, { whole: true })).toMatchObject({ light: "red" });
    expect((await conservation(app.services)).breaches).toMatchObject([
      { kind: "sums_differ", goal_id: goalId },
    ]);
  });

  test("makes a summary anew that does not say what the ledger does, and finds nothing wrong", async () => {
    const goalId = await money.invite("vic");
    await app.services.news.settle();
    const summaries = app.services.db.driver.collection("goal_summaries");
    const as_of = new Date(0);
    await summaries.updateOne({ _id: new ObjectId(goalId) }, { $set: { refund: "held", amount: 5, as_of } });
    expect(await checkConservation(app.services, { whole: true })).toMatchObject({ light: "green" });
    expect(await summaries.findOne({ _id: new ObjectId(goalId) })).toMatchObject({ amount: 1_200 });
  });

  test("sees each escrow as a whole, wherever its batches end", async () => {
    const { db } = app.services;
    for (let goal = 0; goal < 7; goal++) {
      const goalId = new ObjectId().toHexString();
      for (let n = 0; n <= goal % 4; n++)
        await money.append(goalId, 1, { _id: `hold:${escrowIdOf(goalId)}:${n}` });
    }
    const all = await collection("ledger_transfers").countDocuments();
    for (const most of [1, 2, 3, 5, 100]) {
      const seen = new Map<string, number>();
      for await (const batch of walkLedger(db, most)) {
        for (const [escrowId, own] of batch) seen.set(escrowId, (seen.get(escrowId) ?? 0) + own.length);
      }
      expect(seen.size).toBe(7);
      expect([...seen.values()].reduce((sum, n) => sum + n, 0)).toBe(all);
    }
  });
});

test("checks that race invitations, declines, refunds and payouts find nothing wrong", async () => {
  const { services } = app;
  const names = Array.from({ length: 12 }, (_, n) => `racer${n}`);
  const crowd = await makeScene(services, names);
  const of = { userId: crowd.streamerId, nbf: 0, exp: null };
  let racing = true;
  const check = async () => {
    const outcomes: Checked[] = [];
    while (racing) {
      outcomes.push(await checkConservation(services, { whole: true }), await checkAsIfLarge(services));
    }
    return outcomes;
  };
  const live = async (name: string, n: number) => {
    const goalId = await crowd.invite(name);
    const escrowId = escrowIdOf(goalId);
    const viewerId = crowd.viewers[name] ?? "";
    if (n % 2 === 0) {
      await holdInEscrow(services, { escrowId, n: 1, viewerId, ...streamer, amount: 5, currency: "USD" });
    }
    if (n % 3 === 0) await payOutEscrow(services, escrowId, crowd.streamerId);
    if (n % 3 === 1) {
      await endUnsignalled(services, crowd, goalId);
      await Promise.all([refundEscrow(services, escrowId, of), refundEscrow(services, escrowId, of)]);
    }
  };
  const streamer = { streamerId: crowd.streamerId };
  const checks = check();
  await Promise.all(names.map(live));
  racing = false;
  const lights = new Set(
    (await checks).map((outcome) => (outcome.kind === "checked" ? outcome.light : null)),
  );
  expect(lights).toEqual(new Set(["green"]));
});
