import { randomUUID } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProblemError } from "#src/contract/problems.ts";
import type { Caller } from "#src/contract/roles.ts";
import { countEntries, entriesPipeline, findEntry } from "#src/server/data/audit-log.ts";
import { insertBulk } from "#src/server/data/bulk.ts";
import type { BulkActionDocument } from "#src/server/data/documents.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { audited, auditIdOf, type Intention } from "./audit.ts";
import { reconcileAudit } from "./reconcile-audit.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

const caller: Caller = { id: new ObjectId().toHexString(), name: "mod", email: "", role: "moderator" };
const intend = (over: Partial<Intention> = {}): Intention => ({
  caller,
  action: "ledger.check",
  target: "ledger",
  reason: "Something is off.",
  requestId: randomUUID(),
  ...over,
});
const entryOf = ({ requestId }: Intention) =>
  findEntry(app.services.db, new ObjectId(auditIdOf(caller.id, requestId)));
const minutesOn = (minutes: number) => ({
  ...app.services,
  clock: () => new Date(Date.now() + minutes * 60_000),
});
const fail = (error: Error) => () => Promise.reject(error);

describe("what is done by hand", () => {
  test("has its entry before it begins, and is completed after it", async () => {
    const intention = intend({
      input: { n: 1 },
      before: { light: "red", since: new Date(0), by: undefined },
    });
    const done = await audited(app.services, intention, async (auditId, before) => {
      expect(await entryOf(intention)).toMatchObject({ status: "intended", input: { n: 1 } });
      expect(before).toEqual({ light: "red", since: new Date(0).toISOString() });
      return { result: { auditId }, after: { light: "green" } };
    });
    expect(done).toEqual({ audit_id: done.audit_id, result: { auditId: done.audit_id } });
    expect(await entryOf(intention)).toEqual({
      _id: new ObjectId(done.audit_id),
      actor: new ObjectId(caller.id),
      role: "moderator",
      action: "ledger.check",
      target: "ledger",
      input: { n: 1 },
      before: { light: "red", since: new Date(0).toISOString() },
      after: { light: "green" },
      result: { auditId: done.audit_id },
      reason: "Something is off.",
      status: "completed",
      at: expect.any(Date) as Date,
      completed: expect.any(Date) as Date,
    });
  });

  test("is done once when its request comes again, and answered the same", async () => {
    const intention = intend();
    let times = 0;
    const act = () => Promise.resolve({ result: ++times, after: null });
    const first = await audited(app.services, intention, act);
    expect(await audited(app.services, { ...intention, before: { other: 1 } }, act)).toEqual(first);
    expect([first.result, times]).toEqual([1, 1]);
  });

  test("is one entry when its request comes many times at once, each of which sees the first one's state before", async () => {
    const intention = intend();
    const seen = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        audited(app.services, { ...intention, before: { n } }, (_, before) =>
          Promise.resolve({ result: (before as { n: number }).n, after: null }),
        ),
      ),
    );
    expect(new Set(seen.map(({ result }) => result)).size).toBe(1);
    const { driver } = app.services.db;
    expect(
      await driver.collection("audit_log").countDocuments({ _id: new ObjectId(seen[0]?.audit_id) }),
    ).toBe(1);
  });

  test("is refused when its request's id was used for something else", async () => {
    const intention = intend({ input: { n: 1 } });
    const act = () => Promise.resolve({ result: null, after: null });
    await audited(app.services, intention, act);
    const others: Partial<Intention>[] = [
      { input: { n: 2 } },
      { reason: "Another one." },
      { target: "user:x" },
      { action: "bulk.stop" },
    ];
    for (const over of others) {
      const asked = audited(app.services, { ...intention, ...over }, act);
      await expect(asked).rejects.toMatchObject({ code: "invalid_request" });
    }
  });

  test.each(["action_refused", "selection_changed", "user_not_found"] as const)(
    "and %s is refused in the log, and stays refused",
    async (code) => {
      const intention = intend();
      const refused = fail(new ProblemError(code));
      await expect(audited(app.services, intention, refused)).rejects.toMatchObject({ code });
      expect(await entryOf(intention)).toMatchObject({ status: "refused", error: code });
      const allowed = () => Promise.resolve({ result: 1, after: 1 });
      await expect(audited(app.services, intention, allowed)).rejects.toMatchObject({ code });
      await reconcileAudit(minutesOn(20));
      expect(await entryOf(intention)).toMatchObject({ status: "refused" });
    },
  );

  test.each([new ProblemError("unavailable"), new Error("?")])(
    "and ends with %s may have been done: its entry stays open until it is settled",
    async (error) => {
      const intention = intend({ target: "bulk:" + "0".repeat(24), action: "bulk.stop" });
      await expect(audited(app.services, intention, fail(error))).rejects.toBe(error);
      await reconcileAudit(minutesOn(14));
      expect(await entryOf(intention)).toMatchObject({ status: "intended" });
      await reconcileAudit(minutesOn(16));
      expect(await entryOf(intention)).toMatchObject({ status: "lapsed" });
      const again = audited(app.services, intention, () => Promise.resolve({ result: 1, after: 1 }));
      await expect(again).rejects.toMatchObject({ code: "action_refused" });
    },
  );
});

describe("reconciling", () => {
  const bulkFor = (intention: Intention): BulkActionDocument => {
    const id = new ObjectId(auditIdOf(caller.id, intention.requestId));
    return {
      _id: id,
      audit_id: id,
      actor: new ObjectId(caller.id),
      reason: intention.reason,
      filter: {},
      receivers: [],
      failed: true,
      status: "running",
      goals: 3,
      items: 4,
      sent: 0,
      skipped: 0,
      amounts: [],
      created: new Date(),
    };
  };
  const startOf = () => {
    const requestId = randomUUID();
    return intend({ requestId, action: "bulk.start", target: `bulk:${auditIdOf(caller.id, requestId)}` });
  };

  test("leaves alone what began within the minute", async () => {
    const intention = startOf();
    await insertBulk(app.services.db, bulkFor(intention));
    await expect(audited(app.services, intention, fail(new Error("?")))).rejects.toThrow("?");
    await reconcileAudit(app.services);
    expect(await entryOf(intention)).toMatchObject({ status: "intended" });
  });

  test("completes what left its trace, with what its caller would have been answered", async () => {
    const intention = startOf();
    await expect(audited(app.services, intention, fail(new Error("?")))).rejects.toThrow("?");
    await insertBulk(app.services.db, bulkFor(intention));
    await reconcileAudit(minutesOn(2));
    expect(await entryOf(intention)).toMatchObject({
      status: "completed",
      after: { status: "running", goals: 3, found: expect.any(String) as string },
    });
    const again = await audited(app.services, intention, fail(new Error("done twice")));
    expect(again.result).toEqual({ bulk_id: again.audit_id, status: "running" });
  });

  test("completes also what lapsed and left its trace later, for a day", async () => {
    const [soon, late] = [startOf(), startOf()];
    for (const intention of [soon, late]) {
      await expect(audited(app.services, intention, fail(new Error("?")))).rejects.toThrow("?");
    }
    await reconcileAudit(minutesOn(16));
    await insertBulk(app.services.db, bulkFor(soon));
    await reconcileAudit(minutesOn(60));
    await insertBulk(app.services.db, bulkFor(late));
    await reconcileAudit(minutesOn(25 * 60));
    expect([(await entryOf(soon))?.status, (await entryOf(late))?.status]).toEqual(["completed", "lapsed"]);
  });

  test("is kept from the others by no entry that cannot be read", async () => {
    const { driver } = app.services.db;
    const broken = {
      _id: new ObjectId(),
      action: "goal.retry",
      target: "goal:none",
      status: "intended",
      at: new Date(0),
    };
    await driver.collection("audit_log").insertOne(broken);
    const intention = startOf();
    await expect(audited(app.services, intention, fail(new Error("?")))).rejects.toThrow("?");
    await insertBulk(app.services.db, bulkFor(intention));
    await reconcileAudit(minutesOn(2));
    expect(await entryOf(intention)).toMatchObject({ status: "completed" });
  });

  test("and counting look at declared indexes alone", async () => {
    const { driver } = app.services.db;
    const range = { after: new Date(0), until: new Date(), limit: 10 };
    const explained = await driver
      .collection("audit_log")
      .aggregate(entriesPipeline("intended", range))
      .explain();
    expect(JSON.stringify(explained)).toContain("IXSCAN");
    expect(JSON.stringify(explained)).not.toMatch(/COLLSCAN|"stage":"SORT"/);
    expect(await countEntries(app.services.db, "ledger", "ledger.check")).toBeGreaterThan(0);
  });
});
