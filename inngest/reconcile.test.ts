import { randomUUID } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { goalEnded, goalEndedId, goalEndedRetry } from "#src/contract/events.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { patience_ms } from "#src/domain/reconciliation.ts";
import { findGoal } from "#src/server/data/goals.ts";
import { runsOfGoal } from "#src/server/data/receiver-runs.ts";
import { signalOfEndedGoal } from "#src/server/operations/end-goal.ts";
import { lookAtLast, mendStragglers, walkOn } from "#src/server/operations/reconcile-declines.ts";
import type { Services } from "#src/server/services.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { dying } from "#src/testing/dying.ts";
import { moneyOf, refunded, untilSettled } from "#src/testing/endings.ts";
import { endUnsignalled, makeScene } from "#src/testing/scene.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());
beforeEach(async () => {
  for (const name of ["stragglers", "reconciliation"]) await collection(name).deleteMany({});
});

const collection = (name: string) => app.services.db.driver.collection(name);
const minute_ms = 60_000;
const hour_ms = 60 * minute_ms;
const later = (ms: number, services = app.services): Services => ({
  ...services,
  clock: () => new Date(Date.now() + ms),
});
const stragglers = () => collection("stragglers").countDocuments();

/** A goal that has ended as `reason` says, and whose signal was lost: nobody has heard of it. */
async function unheard(reason: "declined" | "expired" = "declined") {
  const scene = await makeScene(app.services, ["vic"]);
  const goalId = await scene.invite("vic");
  const signal = await endUnsignalled(app.services, scene, goalId, { reason });
  const goal = await findGoal(app.services.db, goalId);
  return { scene, goalId, signal, eventId: goal?.deactivated?.event_id ?? "" };
}
/** A minute's work of `reconcile_declines`, so much later. */
async function reconcile(ms: number, services = app.services): Promise<void> {
  await lookAtLast(later(ms, services));
  while (await walkOn(later(ms, services)));
  await mendStragglers(later(ms, services));
}
const eventsOf = async (goalId: string) => [
  ...new Set((await runsOfGoal(app.services.db, goalId)).map(({ event_id }) => event_id)),
];

describe("a lost signal", () => {
  test("is sent a minute after the end, under the id that it would have had", async () => {
    const { goalId, eventId } = await unheard();
    await reconcile(30_000);
    expect(await stragglers()).toBe(0);
    await reconcile(61_000);
    await untilSettled(app.services, goalId);
    expect(await eventsOf(goalId)).toEqual([goalEndedId(goalId, eventId)]);
    expect(await moneyOf(app.services, goalId)).toEqual(refunded);
    await reconcile(61_000 + patience_ms);
    expect(await stragglers()).toBe(0);
  });

  test("that is only late is not sent twice", async () => {
    const { goalId, signal, eventId } = await unheard();
    await reconcile(61_000);
    await untilSettled(app.services, goalId);
    await app.services.inngest.send(goalEnded.create(signal, { id: goalEndedId(goalId, eventId) }));
    await reconcile(62_000);
    expect(await runsOfGoal(app.services.db, goalId)).toHaveLength(receiverIds.length);
  });

  test("that Inngest has seen before and lost is numbered by the hour, and sent once an hour", async () => {
    const { goalId } = await unheard();
    const sent: (string | undefined)[] = [];
    const inngest = {
      send: (events: { id?: string }[]) => {
        sent.push(...events.filter(({ id }) => id?.includes(goalId)).map(({ id }) => id));
        return Promise.resolve({ ids: [] });
      },
    } as unknown as Services["inngest"];
    const lossy = { ...app.services, inngest };
    const began = Math.ceil(Date.now() / hour_ms) * hour_ms - Date.now();
    for (const after of [1, 2, 3, 8, 14, 20, 70]) await reconcile(began + after * minute_ms, lossy);
    const numbers = sent.map((id) => id?.split(":").at(3));
    const hour = Math.ceil(Date.now() / hour_ms);
    expect(numbers[0]).toBeUndefined();
    expect([...new Set(numbers.slice(1))]).toEqual([String(hour), String(hour + 1)]);
  });

  test("of a task that died before the cooldown is sent with the cooldown that it would have had", async () => {
    const { goalId } = await unheard();
    const end = (await findGoal(app.services.db, goalId))?.deactivated?.at ?? new Date(0);
    await collection("goals").updateOne(
      { _id: new ObjectId(goalId) },
      { $unset: { "metadata.cooldown": true } },
    );
    await reconcile(61_000);
    await untilSettled(app.services, goalId);
    const goal = await findGoal(app.services.db, goalId);
    expect(goal?.metadata.cooldown).toEqual(new Date(end.getTime() + 600_000));
    const session = await collection("sessions").findOne({
      _id: goal?.conditions.session_id ?? new ObjectId(),
    });
    const record = session?.["trigger_private_goals"][String(goal?.conditions.exclusive_to)];
    expect(record).toMatchObject({ trigger_exclusive_goal_cooldown: goal?.metadata.cooldown });
  });

  test("of an invitation that ran out brings no cooldown with it", async () => {
    const { goalId } = await unheard("expired");
    await reconcile(61_000);
    await untilSettled(app.services, goalId);
    expect((await findGoal(app.services.db, goalId))?.metadata).not.toHaveProperty("cooldown");
    expect(await moneyOf(app.services, goalId)).toEqual(refunded);
  });

  test("is found after days without anybody looking, however much has ended since", async () => {
    const { goalId } = await unheard();
    await collection("goals").updateOne(
      { _id: new ObjectId(goalId) },
      { $set: { "deactivated.at": new Date(Date.now() - 5 * 24 * hour_ms) } },
    );
    while (await walkOn(app.services));
    expect(await collection("stragglers").findOne({ _id: new ObjectId(goalId) })).not.toBeNull();
    await mendStragglers(app.services);
    await untilSettled(app.services, goalId);
  });
});

describe("a receiver whom the signal has not reached", () => {
  test("alone gets it again, after the others have had their time", async () => {
    const { goalId, signal } = await unheard();
    const missing = "track_goals";
    for (const receiver of receiverIds.filter((id) => id !== missing)) {
      const id = `test:${randomUUID()}`;
      await app.services.inngest.send(goalEndedRetry.create({ ...signal, receiver }, { id }));
    }
    await vi.waitFor(async () =>
      expect(await runsOfGoal(app.services.db, goalId)).toHaveLength(receiverIds.length - 1),
    );
    await reconcile(61_000);
    expect(await runsOfGoal(app.services.db, goalId)).toHaveLength(receiverIds.length - 1);
    await reconcile(62_000 + patience_ms);
    await untilSettled(app.services, goalId);
    const runs = await runsOfGoal(app.services.db, goalId);
    expect(runs).toHaveLength(receiverIds.length);
    expect(runs.find(({ receiver }) => receiver === missing)?.event_id).toContain("reconcile:");
  });
});

describe("whatever happens to one goal", () => {
  test("the others get their signals: a malformed one, or one that Inngest refuses, comes again behind them", async () => {
    const broken = await unheard();
    await collection("goals").updateOne(
      { _id: new ObjectId(broken.goalId) },
      { $unset: { conditions: true } },
    );
    const { goalId } = await unheard();
    await reconcile(61_000);
    await untilSettled(app.services, goalId);
    expect(await collection("stragglers").findOne({ _id: new ObjectId(broken.goalId) })).toMatchObject({
      due: expect.any(Date) as Date,
      sends: 0,
    });
    await collection("goals").deleteOne({ _id: new ObjectId(broken.goalId) });
    await reconcile(62_000 + patience_ms);
    expect(await collection("stragglers").findOne({ _id: new ObjectId(broken.goalId) })).toBeNull();
  });

  test("whoever dies while it is mended leaves it to the next minute, and it is sent once", async () => {
    for (let n = 0, survived = false; !survived; n++) {
      await collection("stragglers").deleteMany({});
      const { goalId, eventId } = await unheard();
      const process = dying(app.services, n);
      await reconcile(61_000, process.services).catch(() => undefined);
      survived = !process.died();
      await reconcile(61_000);
      await untilSettled(app.services, goalId);
      expect(await eventsOf(goalId)).toEqual([goalEndedId(goalId, eventId)]);
      await reconcile(62_000 + patience_ms);
    }
  });

  test("nothing is sent while Inngest is away, and all of it when it is back", async () => {
    const { goalId } = await unheard();
    const inngest = { send: () => Promise.reject(new Error("away")) } as unknown as Services["inngest"];
    await expect(reconcile(61_000, { ...app.services, inngest })).rejects.toMatchObject({
      code: "unavailable",
    });
    await reconcile(62_000 + patience_ms);
    await untilSettled(app.services, goalId);
    const goal = await findGoal(app.services.db, goalId);
    expect(goal && signalOfEndedGoal(goal)).toMatchObject({ metadata: { reason: "declined" } });
  });
});
