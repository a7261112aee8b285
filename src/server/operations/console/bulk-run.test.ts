import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Caller } from "#src/contract/roles.ts";
import { bulkEventId } from "#src/domain/bulk.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { writeEndedGoals } from "#src/testing/ended-goals.ts";
import { recordRun } from "../../data/receiver-runs.ts";
import type { Services } from "../../services.ts";
import { decideBulk, findBulk, startBulk } from "./bulk.ts";
import { resumeBulk, sendBatch } from "./bulk-run.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ BULK_APPROVAL_GOALS: "1000", BULK_APPROVAL_AMOUNT: "1000000000" }, false);
});
afterAll(async () => app.close());

const moderator: Caller = { id: new ObjectId().toHexString(), name: "mod", email: "", role: "moderator" };

/** An action on this many goals, whose runs these tests do by hand. */
async function started(count: number, services: Services = app.services, requestId: string = randomUUID()) {
  const goals = await writeEndedGoals(app.services, count);
  const request = {
    filter: { streamer: goals.streamerId },
    what: { kind: "failed" },
    confirmation: String(count),
    reason: "Pusher was away.",
    requestId,
  } as const;
  const start = () => startBulk(services, moderator, request);
  return { ...goals, request, start };
}

/** Where a process may die while it sends a batch. */
type Death = "before it sends" | "after it sent" | "before it says so" | "after it said so";
const deaths: readonly Death[] = [
  "before it sends",
  "after it sent",
  "before it says so",
  "after it said so",
];
class Killed extends Error {}

/** The services of a process that notes what it sends, and dies at one place, or at none. */
function mortal(sent: string[], death: Death | null): Services {
  const dies = (place: Death) => {
    if (death === place) throw new Killed(place);
  };
  const { db, inngest, live } = app.services;
  const items = (target: object) =>
    new Proxy(target, {
      get: (collection, name) => {
        const value: unknown = Reflect.get(collection, name);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          if (name === "bulkWrite") dies("before it says so");
          return Reflect.apply(value, collection, args) as unknown;
        };
      },
    });
  const driver = new Proxy(db.driver, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        const found = Reflect.apply(value, target, args) as object;
        return name === "collection" && args[0] === "bulk_items" ? items(found) : found;
      };
    },
  });
  return {
    ...app.services,
    db: { ...db, driver },
    inngest: new Proxy(inngest, {
      get: (target, name) => {
        if (name !== "send") return Reflect.get(target, name) as unknown;
        return (events: { id?: string }[] | { id?: string }) => {
          dies("before it sends");
          sent.push(...[events].flat().map(({ id = "" }) => id));
          dies("after it sent");
          return Promise.resolve({ ids: [] });
        };
      },
    }),
    live: {
      ...live,
      hintModerators: () => {
        dies("after it said so");
        return Promise.resolve();
      },
    },
  };
}

/** Carries an action on until it says that there is no more, as the durable run does. */
async function carryOn(services: Services, bulkId: string) {
  for (let batches = 1; ; batches += 1) {
    // oxlint-disable-next-line no-await-in-loop -- a batch after the other
    if (!(await sendBatch(services, bulkId)).more) return batches;
  }
}

const items = (bulkId: string) =>
  app.services.db.driver
    .collection("bulk_items")
    .find({ bulk_id: new ObjectId(bulkId) })
    .toArray();

describe("the run of an action", () => {
  test.each(deaths)(
    "that dies %s goes on where it was, and sends nothing under another id",
    async (death) => {
      const { goalIds, start } = await started(51);
      const { bulk_id } = await start();
      const sent: string[] = [];
      await expect(sendBatch(mortal(sent, death), bulk_id)).rejects.toBeInstanceOf(Killed);
      await carryOn(mortal(sent, null), bulk_id);
      expect(new Set(sent)).toEqual(
        new Set(goalIds.map((goalId) => bulkEventId(bulk_id, goalId, "notify_goal_ended"))),
      );
      expect(await findBulk(app.services, bulk_id)).toMatchObject({ status: "done", sent: 51, skipped: 0 });
    },
  );

  test("sends every item exactly once, as Inngest counts it, however often it runs and wherever it dies", async () => {
    const attempts = fc.array(fc.constantFrom<Death | null>(...deaths, null), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), attempts, async (count, places) => {
        const { goalIds, start } = await started(count);
        const { bulk_id } = await start();
        const sent: string[] = [];
        // Several at once, as when a run is taken up again while the first one is still under way.
        await Promise.allSettled(places.map((place) => sendBatch(mortal(sent, place), bulk_id)));
        await Promise.all([carryOn(mortal(sent, null), bulk_id), carryOn(mortal(sent, null), bulk_id)]);
        expect([...new Set(sent)].toSorted()).toEqual(
          goalIds.map((goalId) => bulkEventId(bulk_id, goalId, "notify_goal_ended")).toSorted(),
        );
        expect((await items(bulk_id)).map(({ status }) => status as string)).toEqual(
          goalIds.map(() => "sent"),
        );
        expect(await findBulk(app.services, bulk_id)).toMatchObject({ status: "done", sent: count });
        sent.length = 0;
        await carryOn(mortal(sent, null), bulk_id);
        expect(sent).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });

  test("that died after it sent counts what has been heard of meanwhile as sent, and not as skipped", async () => {
    const { goalIds, start } = await started(2);
    const { bulk_id } = await start();
    const sent: string[] = [];
    await expect(sendBatch(mortal(sent, "after it sent"), bulk_id)).rejects.toBeInstanceOf(Killed);
    for (const goalId of goalIds) {
      const eventId = bulkEventId(bulk_id, goalId, "notify_goal_ended");
      const run = { goalId, receiver: "notify_goal_ended", eventId } as const;
      await recordRun(app.services.db, run, { status: "done", attempt: 0 }, new Date(Date.now() + 1_000));
    }
    await carryOn(mortal(sent, null), bulk_id);
    expect(sent).toHaveLength(2);
    expect(await findBulk(app.services, bulk_id)).toMatchObject({
      sent: 2,
      skipped: 0,
      settled: { done: 2 },
    });
  });

  test("that is stopped in the middle sends no more, and counts what it has sent", async () => {
    const { start } = await started(120);
    const { bulk_id } = await start();
    const sent: string[] = [];
    expect(await sendBatch(mortal(sent, null), bulk_id)).toMatchObject({ more: true });
    const stop = { bulkId: bulk_id, decision: "stop", reason: "Too many.", requestId: randomUUID() } as const;
    expect(await decideBulk(app.services, moderator, stop)).toEqual({ status: "stopped" });
    expect(await sendBatch(mortal(sent, null), bulk_id)).toMatchObject({ more: false });
    expect(sent).toHaveLength(50);
    expect(await findBulk(app.services, bulk_id)).toMatchObject({ status: "stopped", sent: 50, skipped: 0 });
    expect((await items(bulk_id)).filter(({ status }) => status === "waiting")).toHaveLength(70);
    await expect(
      decideBulk(app.services, moderator, { ...stop, requestId: randomUUID() }),
    ).rejects.toMatchObject({ code: "action_refused" });
    expect(await decideBulk(app.services, moderator, stop)).toEqual({ status: "stopped" });
  });

  test("skips goals that are gone, and those that have no signal any more", async () => {
    const { goalIds, start } = await started(3);
    const { bulk_id } = await start();
    const goals = app.services.db.driver.collection("goals");
    await goals.deleteOne({ _id: new ObjectId(goalIds[0]) });
    await goals.updateOne({ _id: new ObjectId(goalIds[1]) }, { $set: { agreed: { at: new Date() } } });
    const sent: string[] = [];
    await carryOn(mortal(sent, null), bulk_id);
    expect(sent).toEqual([bulkEventId(bulk_id, goalIds[2] ?? "", "notify_goal_ended")]);
    expect(await findBulk(app.services, bulk_id)).toMatchObject({ status: "done", sent: 1, skipped: 2 });
  });

  test("waits after a batch for as long as its runs take, so that declines find their turn", async () => {
    const { start } = await started(50);
    const { bulk_id } = await start();
    const clock = () => new Date("2026-11-22T12:00:00Z");
    const { until } = await sendBatch({ ...mortal([], null), clock }, bulk_id);
    expect(until).toBe("2026-11-22T12:00:01.000Z");
  });

  test("of no action, or of one that waits for a second admin, ends at once", async () => {
    expect(await sendBatch(app.services, "0".repeat(24))).toMatchObject({ more: false });
    const settings = { ...app.services.settings, BULK_APPROVAL_GOALS: 1 };
    const { start } = await started(2, { ...app.services, settings });
    const { bulk_id, status } = await start();
    expect(status).toBe("awaiting_approval");
    const sent: string[] = [];
    expect(await sendBatch(mortal(sent, null), bulk_id)).toMatchObject({ more: false });
    expect(sent).toEqual([]);
    expect((await findBulk(app.services, bulk_id)).status).toBe("awaiting_approval");
  });
});

test("a start whose event was lost is taken up by the minute's look, under an id of its own each time", async () => {
  const sent: string[] = [];
  const away = mortal([], "before it sends");
  const { start } = await started(2, away);
  const { bulk_id, status } = await start();
  expect(status).toBe("running");
  const [one, two] = [new Date("2026-11-22T12:00:00Z"), new Date("2026-11-22T12:01:00Z")];
  await resumeBulk(mortal(sent, null), one);
  await resumeBulk(mortal(sent, null), two);
  expect(sent.filter((id) => id.startsWith(`bulk:${bulk_id}:`))).toEqual(
    [one, two].map((at) => `bulk:${bulk_id}:${at.toISOString()}`),
  );
  await carryOn(mortal(sent, null), bulk_id);
  sent.length = 0;
  await resumeBulk(mortal(sent, null), two);
  expect(sent.filter((id) => id.includes(bulk_id))).toEqual([]);
});
