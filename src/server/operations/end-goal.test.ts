import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goalEnded } from "#src/contract/events.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { activateGoal, findGoal, insertGoal } from "../data/goals.ts";
import { endGoalOnce, type EndRequest, setCooldown, signalOf } from "./end-goal.ts";
import { newGoal } from "./invite.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

const goals = () => app.services.db.driver.collection("goals");
const streamer = new ObjectId();

/** An active goal of the streamer, and a request to end it. */
async function activeGoal(): Promise<EndRequest> {
  const goal = newGoal({
    sessionId: new ObjectId(),
    streamerId: streamer,
    viewerId: new ObjectId(),
    prepaid_s: 600,
    now: new Date(),
  });
  await insertGoal(app.services.db, goal);
  await activateGoal(app.services.db, goal);
  return {
    goalId: goal._id.toHexString(),
    streamerId: streamer.toHexString(),
    triggerer: streamer.toHexString(),
    eventId: randomUUID(),
    metadata: null,
  };
}
const at = (time: Date) => ({ ...app.services, clock: () => time });
const end = (request: EndRequest, services = app.services) => endGoalOnce(services, request);
async function ended(request: EndRequest, services = app.services) {
  const goal = await end(request, services);
  if (goal === null) throw new Error("The goal does not match.");
  return goal;
}

describe("ending a goal", () => {
  test("again for the same event gives the same result, however much later, and writes nothing", async () => {
    const request = await activeGoal();
    const first = await end(request);
    const written = await findGoal(app.services.db, request.goalId);
    const late = at(new Date(Date.now() + 3_600_000));
    expect(await end(request, late)).toEqual(first);
    expect(await findGoal(app.services.db, request.goalId)).toEqual(written);
  });

  test("for another event, another streamer or no goal at all is nobody's work", async () => {
    const request = await activeGoal();
    expect(await end({ ...request, streamerId: new ObjectId().toHexString() })).toBeNull();
    expect(await end({ ...request, goalId: new ObjectId().toHexString() })).toBeNull();
    await ended(request);
    const before = await findGoal(app.services.db, request.goalId);
    expect(await end({ ...request, eventId: randomUUID() })).toBeNull();
    expect(await findGoal(app.services.db, request.goalId)).toEqual(before);
  });

  test("never moves its exp later", async () => {
    const request = await activeGoal();
    const past = new Date("2026-01-01T00:00:00.000Z");
    await goals().updateOne({ _id: new ObjectId(request.goalId) }, { $set: { exp: past } });
    expect((await ended(request)).exp).toBe(past.toISOString());
    expect((await findGoal(app.services.db, request.goalId))?.exp).toEqual(past);
  });

  test("is won by exactly one of those who decline, agree, expire and supersede at once", async () => {
    type Act = "agree" | "declined" | "expired" | "superseded";
    const acts = fc.shuffledSubarray<Act>(
      ["agree", "agree", "declined", "declined", "declined", "expired", "superseded"],
      { minLength: 2 },
    );
    await fc.assert(
      fc.asyncProperty(acts, async (contenders) => {
        const request = await activeGoal();
        const agree = async () => {
          const { modifiedCount } = await goals().updateOne(
            { _id: new ObjectId(request.goalId), active: true },
            { $set: { active: false, agreed: { at: new Date() } } },
          );
          return modifiedCount === 1;
        };
        const decline = async (reason: Exclude<Act, "agree">) =>
          (await end({ ...request, eventId: randomUUID(), metadata: { reason } })) !== null;
        const won = await Promise.all(contenders.map((act) => (act === "agree" ? agree() : decline(act))));
        expect(won.filter(Boolean)).toHaveLength(1);
        const winner = contenders[won.indexOf(true)];
        const goal = await findGoal(app.services.db, request.goalId);
        expect(goal?.active).toBe(false);
        expect(goal?.agreed === undefined ? goal?.deactivated?.reason : "agree").toBe(winner);
        expect([goal?.agreed, goal?.deactivated].filter((way) => way !== undefined)).toHaveLength(1);
      }),
      { numRuns: 80 },
    );
  });
});

describe("the cooldown", () => {
  test("is counted from the goal's end, whenever it is set", async () => {
    const request = await activeGoal();
    const goal = await ended(request);
    const late = at(new Date(Date.now() + 3_600_000));
    expect(Date.parse((await setCooldown(late, goal)) ?? "")).toBe(Date.parse(goal.endedAt) + 600_000);
  });

  test("is the same again, though the setting has changed in between", async () => {
    const request = await activeGoal();
    const goal = await ended(request);
    const cooldown = await setCooldown(app.services, goal);
    const settings = { ...app.services.settings, TRIGGER_EXCLUSIVE_COOLDOWN: 5 };
    expect(await setCooldown({ ...app.services, settings }, goal)).toBe(cooldown);
    const kept = (await findGoal(app.services.db, request.goalId))?.metadata.cooldown;
    expect(kept?.toISOString()).toBe(cooldown);
  });
});

describe("the signal", () => {
  const cooldown = "2026-01-01T00:10:00.000Z";

  test("has the specification's args, and no others", async () => {
    const request = await activeGoal();
    const before = await findGoal(app.services.db, request.goalId);
    const goal = await ended(request);
    const viewer = before?.conditions.exclusive_to.toHexString() ?? "";
    expect(signalOf(goal, request, cooldown)).toStrictEqual({
      goal_id: request.goalId,
      _cls: "TriggerExclusiveGoal",
      active: false,
      progress: 1,
      levels: [],
      conditions: { session_id: before?.conditions.session_id.toHexString(), exclusive_to: viewer },
      context: { type: "trigger-exclusive", exclusive_to: viewer },
      exp: goal.endedAt,
      triggerer: streamer.toHexString(),
      metadata: {
        reason: "declined",
        insert_ids: before?.metadata.insert_ids.map(String),
        user_id: streamer.toHexString(),
        prepaid_duration: 600,
        cooldown,
      },
    });
  });

  test("begins with the task's metadata, over which the goal's and then the cooldown win", async () => {
    const request = await activeGoal();
    const goal = await ended(request);
    const kept = { note: "kept", reason: "declined" } as const;
    const claimed = { ...kept, user_id: "x", insert_ids: ["x"], prepaid_duration: -1, cooldown: "x" };
    const { metadata } = signalOf(goal, { ...request, metadata: claimed }, cooldown);
    expect(metadata).toEqual({ ...kept, ...goal.metadata, cooldown });
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      "what it lacks",
      {
        $unset: {
          "metadata.insert_ids": 1,
          "metadata.prepaid_duration": 1,
          levels: 1,
          progress: 1,
          context: 1,
        },
      },
      { levels: [], progress: 0, insert_ids: [], prepaid_duration: 0 },
    ],
    [
      "nulls",
      {
        $set: {
          "metadata.insert_ids": null,
          "metadata.prepaid_duration": null,
          levels: null,
          progress: null,
        },
      },
      { levels: [], progress: 0, insert_ids: [], prepaid_duration: 0 },
    ],
    [
      "nonsense",
      { $set: { "metadata.insert_ids": "x", "metadata.prepaid_duration": "soon", levels: 1, progress: 7 } },
      { levels: [], progress: 1, insert_ids: [], prepaid_duration: 0 },
    ],
    ["no exp", { $unset: { exp: 1 } }, { levels: [], progress: 1, prepaid_duration: 600 }],
    ["an exp of null", { $set: { exp: null } }, { levels: [], progress: 1, prepaid_duration: 600 }],
  ])("of an imperfect document can be sent all the same: %s", async (_, change, expected) => {
    const request = await activeGoal();
    await goals().updateOne({ _id: new ObjectId(request.goalId) }, change);
    const goal = await ended(request);
    const signal = goalEnded.schema.parse(signalOf(goal, request, await setCooldown(app.services, goal)));
    expect({ ...signal, ...signal.metadata }).toMatchObject({ ...expected, exp: goal.endedAt });
  });
});
