import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { escrowIdOf } from "#src/contract/ids.ts";
import { escrowAccount, holdId, resolutionId, streamerAccount, viewerAccount } from "#src/domain/ledger.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { ledgerScene } from "#src/testing/ledger-scene.ts";
import { endUnsignalled, makeScene, type Scene } from "#src/testing/scene.ts";
import type { Services } from "../../services.ts";
import { payOutEscrow, refundEscrow } from "../escrow.ts";
import type { Cursor } from "./goal-list.ts";
import { listAccounts, listOpenEscrows, listTransfers } from "./ledger-views.ts";
import { listSessions, sessionDetail } from "./sessions.ts";
import { refreshSummaries } from "./summaries.ts";

let app: TestApp;
let scene: Scene;
/** Vic was refunded, Wen's show was paid out, Xan's and Yan's refunds are due, Zoe's invitation is pending. */
const goals = new Map<string, string>();
const goalOf = (viewer: string) => goals.get(viewer) ?? "";
beforeAll(async () => {
  app = await startTestApp({}, false);
  const { services } = app;
  scene = await makeScene(services, ["vic", "wen", "xan", "yan", "zoe"]);
  const money = ledgerScene(services, scene);
  for (const name of Object.keys(scene.viewers)) goals.set(name, await money.invite(name));
  for (const name of ["vic", "xan", "yan"]) await endUnsignalled(services, scene, goalOf(name));
  const window = { userId: scene.streamerId, nbf: 0, exp: null };
  await refundEscrow(services, escrowIdOf(goalOf("vic")), window);
  await payOutEscrow(services, escrowIdOf(goalOf("wen")), scene.streamerId);
  await services.db.driver.collection("refund_holds").insertOne({ _id: new ObjectId(goalOf("yan")) });
  await services.news.settle();
  await refreshSummaries(services, [...goals.values()]);
});
afterAll(async () => app.close());

/** Reads a list to its end, so many at a time. */
async function readAll<T>(
  read: (after: Cursor | null) => Promise<{ found: readonly T[]; next: Cursor | null }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let after: Cursor | null = null; ;) {
    const { found, next }: { found: readonly T[]; next: Cursor | null } = await read(after);
    all.push(...found);
    if (next === null) return all;
    after = next;
  }
}

const transfers = (of: Parameters<typeof listTransfers>[1], limit: number) =>
  readAll(async (after) => {
    const page = await listTransfers(app.services, of, after, limit);
    return { found: page.transfers, next: page.next };
  });

describe("the transfers", () => {
  test.each([1, 2, 3, 100])("come newest first, each once, %i at a time", async (limit) => {
    const all = await transfers({}, limit);
    expect(all).toHaveLength(7);
    expect(new Set(all.map(({ id }) => id)).size).toBe(7);
    expect(all).toEqual(all.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)));
  });

  test.each([1, 100])("of one account are those that it gave and got, %i at a time", async (limit) => {
    const escrowId = escrowIdOf(goalOf("vic"));
    const both = [resolutionId(escrowId), holdId(escrowId, 0)];
    for (const of of [
      { account: viewerAccount(scene.viewers["vic"] ?? "") },
      { account: escrowAccount(escrowId) },
      { escrow: escrowId },
      { account: escrowAccount(escrowId), escrow: escrowId },
    ]) {
      expect((await transfers(of, limit)).map(({ id }) => id)).toEqual(both);
    }
    expect(await transfers({ account: "viewer:nobody" }, limit)).toEqual([]);
  });

  test("of the same millisecond are all there, whatever the page's end", async () => {
    const at = new Date(0);
    const { driver } = app.services.db;
    const documents = Array.from({ length: 5 }, (_, n) => ({
      _id: `hold:same:${n}` as unknown as ObjectId,
      insert_id: new ObjectId(),
      debit: "viewer:same",
      credit: "escrow:same",
      amount: 1,
      currency: "USD",
      at,
      escrow_id: "same",
      user_id: new ObjectId(),
      reason: "prepayment",
    }));
    await driver.collection("ledger_transfers").insertMany(documents);
    for (const of of [{ account: "viewer:same" }, { account: "escrow:same" }, { escrow: "same" }]) {
      expect((await transfers(of, 2)).map(({ id }) => id)).toEqual(
        [4, 3, 2, 1, 0].map((n) => `hold:same:${n}`),
      );
    }
    await driver.collection("ledger_transfers").deleteMany({ escrow_id: "same" });
  });

  test("after a place that is none are refused", async () => {
    const { services } = app;
    const [first] = await transfers({}, 1);
    for (const after of [
      { value: "yesterday", id: first?.insertId ?? "" },
      { value: new Date(0).toISOString(), id: "f".repeat(24) },
    ]) {
      await expect(listTransfers(services, {}, after, 1)).rejects.toMatchObject({ code: "invalid_request" });
    }
  });
});

describe("the accounts", () => {
  test("come by e-mail address with what they gave and got", async () => {
    const viewers = await readAll(async (after) => {
      const page = await listAccounts(app.services, "viewer", after, 2);
      return { found: page.accounts, next: page.next };
    });
    expect(viewers.map(({ person, balances }) => [person.name, balances])).toEqual([
      ["vic", [{ currency: "USD", amount: 0 }]],
      ...["wen", "xan", "yan", "zoe"].map((name) => [name, [{ currency: "USD", amount: -1_200 }]]),
    ]);
    expect(await listAccounts(app.services, "streamer", null, 50)).toMatchObject({
      accounts: [
        { account: streamerAccount(scene.streamerId), balances: [{ currency: "USD", amount: 1_200 }] },
      ],
      next: null,
    });
  });
});

describe("the escrows that should be empty", () => {
  test("are those of ended goals with money in them, the longest due first", async () => {
    const later: Services = { ...app.services, clock: () => new Date(Date.now() + 120_000) };
    const open = (services: Services) =>
      readAll(async (after) => {
        const page = await listOpenEscrows(services, after, 1);
        return { found: page.escrows, next: page.next };
      });
    expect(await open(later)).toMatchObject([
      { goal_id: goalOf("xan"), amount: 1_200, currency: "USD", late: true, held_back: false },
      { goal_id: goalOf("yan"), amount: 1_200, currency: "USD", late: false, held_back: true },
    ]);
    expect((await open(app.services)).map(({ late }) => late)).toEqual([false, false]);
  });

  test("are left out as soon as the ledger says that they are empty, whatever the summary says", async () => {
    const stale = { refund: "due", refund_due: new Date(0) };
    const summaries = app.services.db.driver.collection("goal_summaries");
    await summaries.updateOne({ _id: new ObjectId(goalOf("vic")) }, { $set: stale });
    const { escrows } = await listOpenEscrows(app.services, null, 50);
    expect(escrows.map(({ goal_id }) => goal_id)).toEqual([goalOf("xan"), goalOf("yan")]);
  });
});

describe("the sessions", () => {
  test("come newest first with their numbers, those that go on and those that have ended apart", async () => {
    const { services } = app;
    const ended = await makeScene(services, []);
    const over = { $set: { "statuses.ended": new Date(), "statuses.created": new Date(0) } };
    await services.db.driver.collection("sessions").updateOne({ _id: new ObjectId(ended.sessionId) }, over);
    const ids = async (filter: Parameters<typeof listSessions>[1]) =>
      await readAll(async (after) => {
        const page = await listSessions(services, filter, after, 1);
        return { found: page.sessions.map(({ id }) => id), next: page.next };
      });
    expect(await ids({})).toEqual([scene.sessionId, ended.sessionId]);
    expect(await ids({ live: true })).toEqual([scene.sessionId]);
    expect(await ids({ live: false })).toEqual([ended.sessionId]);
    expect(await ids({ streamer: scene.streamerId })).toEqual([scene.sessionId]);
    expect(await ids({ streamer: scene.streamerId, live: false })).toEqual([]);
  });

  test("are shown one by one with their pairs and their document", async () => {
    const { session, pairs, document } = await sessionDetail(app.services, scene.sessionId);
    // Each invitation of this scene replaced the one before.
    expect(session).toMatchObject({ id: scene.sessionId, pairs: 1, pending: 1, invitations: 1, ended: null });
    expect(pairs).toMatchObject([{ viewer: { name: "zoe" }, state: "pending" }]);
    expect(document).toMatchObject({ _id: scene.sessionId, user: { id: scene.streamerId } });
    await expect(sessionDetail(app.services, "f".repeat(24))).rejects.toMatchObject({
      code: "session_not_found",
    });
  });
});
