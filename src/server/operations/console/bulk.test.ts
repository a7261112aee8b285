import { randomUUID } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { BulkWhat, GoalFilter } from "#src/contract/console.ts";
import { bulkStarted } from "#src/contract/events.ts";
import type { Caller, Role } from "#src/contract/roles.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { type EndedGoals, writeEndedGoals } from "#src/testing/ended-goals.ts";
import { runsOfGoal } from "../../data/receiver-runs.ts";
import { decideBulk, findBulk, listBulk, previewBulk, startBulk } from "./bulk.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ BULK_APPROVAL_GOALS: "3", BULK_APPROVAL_AMOUNT: "100000" });
});
afterAll(async () => app.close());

const person = (role: Role): Caller => {
  const id = new ObjectId().toHexString();
  return { id, name: role, email: `${role}-${id}@example.com`, role };
};
const moderator = person("moderator");
const failed = { kind: "failed" } as const;
const ofStreamer = ({ streamerId }: EndedGoals): GoalFilter => ({ streamer: streamerId });

const start = (
  filter: GoalFilter,
  confirmation: number,
  { by = moderator, what = failed as BulkWhat, requestId = randomUUID() as string } = {},
) =>
  startBulk(app.services, by, {
    filter,
    what,
    confirmation: String(confirmation),
    reason: "Pusher was away.",
    requestId,
  });
const decide = (bulkId: string, decision: "approve" | "reject" | "stop", by: Caller) =>
  decideBulk(app.services, by, { bulkId, decision, reason: "Looks right.", requestId: randomUUID() });
const collection = (name: string) => app.services.db.driver.collection(name);
const done = (bulkId: string) =>
  vi.waitFor(
    async () => {
      const bulk = await findBulk(app.services, bulkId);
      expect(bulk.status).toBe("done");
      expect(bulk.settled.running).toBe(0);
      expect(Object.values(bulk.settled).reduce((sum, n) => sum + n)).toBe(bulk.sent);
      return bulk;
    },
    { timeout: 10_000, interval: 20 },
  );
const actions = async (bulkId: string) =>
  (
    await collection("audit_log")
      .find({ target: `bulk:${bulkId}` })
      .sort({ at: 1 })
      .toArray()
  ).map(({ action, status, error }) => [action, status, ...(error === undefined ? [] : [error])]);

describe("a preview", () => {
  test("counts goals, receivers and money of each currency, and changes nothing", async () => {
    const usd = await writeEndedGoals(app.services, 2);
    const streamerId = new ObjectId(usd.streamerId);
    await writeEndedGoals(app.services, 1, { streamerId, currency: "TWD", amount: 30_000 });
    await writeEndedGoals(app.services, 4, { streamerId, status: "done" });
    expect(await previewBulk(app.services, ofStreamer(usd), failed)).toEqual({
      goals: 3,
      items: 3,
      amounts: [
        { currency: "TWD", amount: 30_000 },
        { currency: "USD", amount: 2_400 },
      ],
      too_many: false,
      needs_approval: false,
      confirmation: "3",
    });
    const everywhere = { kind: "receiver", receiver: "track_goals", only_failed: false } as const;
    expect(await previewBulk(app.services, ofStreamer(usd), everywhere)).toMatchObject({
      goals: 7,
      items: 7,
      needs_approval: true,
    });
    expect(await collection("bulk_items").countDocuments({})).toBe(0);
  });

  test("understands words, and finds nothing by those that mean nobody", async () => {
    const { goalIds } = await writeEndedGoals(app.services, 2);
    const [goalId = ""] = goalIds;
    expect(await previewBulk(app.services, { q: goalId }, failed)).toMatchObject({ goals: 1 });
    expect(await previewBulk(app.services, { q: "nobody@example.com" }, failed)).toMatchObject({
      goals: 0,
      confirmation: "0",
      needs_approval: false,
    });
  });
});

describe("an action on many goals", () => {
  test("runs again what failed, and counts what became of it", async () => {
    const goals = await writeEndedGoals(app.services, 3);
    const { bulk_id, status } = await start(ofStreamer(goals), 3);
    expect(status).toBe("running");
    expect(await done(bulk_id)).toMatchObject({
      actor: { id: moderator.id },
      approver: null,
      what: failed,
      goals: 3,
      items: 3,
      sent: 3,
      skipped: 0,
      settled: { done: 3 },
    });
    for (const goalId of goals.goalIds) {
      expect((await runsOfGoal(app.services.db, goalId)).map(({ status: run }) => run)).toEqual([
        "failed",
        "done",
      ]);
    }
    expect(await actions(bulk_id)).toEqual([["bulk.start", "completed"]]);
  });

  test("does not run a receiver again that has succeeded since it was confirmed", async () => {
    const goals = await writeEndedGoals(app.services, 4);
    const { bulk_id } = await start(ofStreamer(goals), 4);
    const [goal_id] = goals.goalIds.map((id) => new ObjectId(id));
    await collection("receiver_runs").updateOne({ goal_id }, { $set: { status: "done" } });
    await decide(bulk_id, "approve", person("admin"));
    expect(await done(bulk_id)).toMatchObject({ sent: 3, skipped: 1, settled: { done: 3 } });
  });

  test("runs a named receiver again wherever it was asked for, even where it is done", async () => {
    const goals = await writeEndedGoals(app.services, 2, { status: "done" });
    const what = { kind: "receiver", receiver: "notify_goal_ended", only_failed: false } as const;
    const { bulk_id } = await start(ofStreamer(goals), 2, { what });
    expect(await done(bulk_id)).toMatchObject({
      what,
      sent: 2,
      skipped: 0,
      receivers: ["notify_goal_ended"],
    });
  });

  test("is refused, with nothing written but its entry, when the count is not what was confirmed", async () => {
    const goals = await writeEndedGoals(app.services, 2);
    const before = await collection("bulk_items").countDocuments({});
    await expect(start(ofStreamer(goals), 3)).rejects.toMatchObject({ code: "selection_changed" });
    expect(await collection("bulk_items").countDocuments({})).toBe(before);
    const entry = await collection("audit_log").findOne({}, { sort: { at: -1 } });
    expect(entry).toMatchObject({ action: "bulk.start", status: "refused", error: "selection_changed" });
    expect(await collection("bulk_actions").findOne({ _id: entry?._id ?? new ObjectId() })).toBeNull();
  });

  test("on nothing is refused", async () => {
    const nobody = { streamer: new ObjectId().toHexString() };
    await expect(start(nobody, 0)).rejects.toMatchObject({ code: "action_refused" });
  });

  test("is one action however often its request is sent, even when nothing matches any more", async () => {
    const goals = await writeEndedGoals(app.services, 2);
    const requestId = randomUUID();
    const answers = await Promise.all([
      start(ofStreamer(goals), 2, { requestId }),
      start(ofStreamer(goals), 2, { requestId }),
    ]);
    await done(answers[0].bulk_id);
    expect(await start(ofStreamer(goals), 2, { requestId })).toEqual(answers[0]);
    expect(answers[1]).toEqual(answers[0]);
    for (const goalId of goals.goalIds) {
      expect(await runsOfGoal(app.services.db, goalId)).toHaveLength(2);
    }
  });

  test("is carried out once, however many starts of it arrive", async () => {
    const goals = await writeEndedGoals(app.services, 3);
    const { bulk_id } = await start(ofStreamer(goals), 3);
    await app.services.inngest.send(
      Array.from({ length: 5 }, (_, n) => bulkStarted.create({ bulk_id }, { id: `bulk:${bulk_id}:${n}` })),
    );
    expect(await done(bulk_id)).toMatchObject({ sent: 3, skipped: 0, settled: { done: 3 } });
    for (const goalId of goals.goalIds) {
      expect(await runsOfGoal(app.services.db, goalId)).toHaveLength(2);
    }
  });

  test("leaves goals alone that came to match after it was confirmed", async () => {
    const goals = await writeEndedGoals(app.services, 4);
    const { bulk_id } = await start(ofStreamer(goals), 4);
    const streamerId = new ObjectId(goals.streamerId);
    const later = await writeEndedGoals(app.services, 1, { streamerId });
    await decide(bulk_id, "approve", person("admin"));
    expect(await done(bulk_id)).toMatchObject({ goals: 4, sent: 4 });
    expect(await runsOfGoal(app.services.db, later.goalIds[0] ?? "")).toHaveLength(1);
  });
});

test("what is not there can be neither seen nor decided", async () => {
  const missing = "0".repeat(24);
  await expect(findBulk(app.services, missing)).rejects.toMatchObject({ code: "bulk_not_found" });
  await expect(decide(missing, "stop", moderator)).rejects.toMatchObject({ code: "bulk_not_found" });
});

test("the list goes through every action once, the newest first", async () => {
  const seen: string[] = [];
  let after: Parameters<typeof listBulk>[1] = null;
  do {
    const { actions: page, next } = await listBulk(app.services, after, 3);
    seen.push(...page.map(({ id }) => id));
    after = next;
  } while (after !== null);
  const all = await collection("bulk_actions").find().sort({ created: -1, _id: -1 }).toArray();
  expect(seen).toEqual(all.map(({ _id }) => _id.toHexString()));
});
