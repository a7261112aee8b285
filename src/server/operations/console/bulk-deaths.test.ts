import { randomUUID } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Caller } from "#src/contract/roles.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { dying } from "#src/testing/dying.ts";
import { writeEndedGoals } from "#src/testing/ended-goals.ts";
import type { Services } from "../../services.ts";
import { decideBulk, findBulk, startBulk } from "./bulk.ts";
import { sendBatch } from "./bulk-run.ts";
import { refreshSummaries } from "./summaries.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ BULK_APPROVAL_GOALS: "1000", BULK_APPROVAL_AMOUNT: "1000000000" }, false);
});
afterAll(async () => app.close());

const moderator: Caller = { id: new ObjectId().toHexString(), name: "mod", email: "", role: "moderator" };

/** Goals whose push failed, and the request to run it again for all of them. */
async function failedGoals(count: number) {
  const goals = await writeEndedGoals(app.services, count);
  const request = {
    filter: { streamer: goals.streamerId },
    what: { kind: "failed" },
    confirmation: String(count),
    reason: "Pusher was away.",
    requestId: randomUUID(),
  } as const;
  return { ...goals, request };
}

/** Carries an action on until it says that there is no more, as the durable run does. */
async function carryOn(services: Services, bulkId: string): Promise<void> {
  if ((await sendBatch(services, bulkId)).more) await carryOn(services, bulkId);
}

const items = (bulkId: string) =>
  app.services.db.driver
    .collection("bulk_items")
    .find({ bulk_id: new ObjectId(bulkId) })
    .toArray();
const anyItem = (goalId = "") =>
  app.services.db.driver.collection("bulk_items").findOne({ goal_id: new ObjectId(goalId) });

/** What the audit log says of an action. */
const entriesOf = async (bulkId: string) =>
  (
    await app.services.db.driver
      .collection("audit_log")
      .find({ target: `bulk:${bulkId}` })
      .sort({ at: 1 })
      .toArray()
  ).map(({ action, status }) => [action, status] as unknown[]);

describe("a start", () => {
  test("that is killed between any two of its operations is one action once its request comes again", async () => {
    for (let operations = 0, died = true; died; operations += 1) {
      const { request, goalIds } = await failedGoals(2);
      const process = dying(app.services, operations);
      await startBulk(process.services, moderator, request).catch(() => undefined);
      const { bulk_id } = await startBulk(app.services, moderator, request);
      expect(await items(bulk_id)).toHaveLength(goalIds.length);
      const after = dying(app.services, Infinity);
      await carryOn(after.services, bulk_id);
      expect(after.sent).toHaveLength(goalIds.length);
      expect(await entriesOf(bulk_id)).toEqual([["bulk.start", "completed"]]);
      died = process.died();
    }
  });

  test("that died with items that are no longer what is confirmed is refused, and touches nothing", async () => {
    const { request, goalIds, streamerId } = await failedGoals(2);
    const runs = app.services.db.driver.collection("receiver_runs");
    let bulkId = "";
    for (let operations = 0; bulkId === ""; operations += 1) {
      await startBulk(dying(app.services, operations).services, moderator, request).catch(() => undefined);
      bulkId = (await anyItem(goalIds[0]))?.["bulk_id"]?.toString() ?? "";
    }
    // One goal less in trouble, and another one more: as many as were confirmed, and not the same.
    await runs.updateOne({ goal_id: new ObjectId(goalIds[0]) }, { $set: { status: "done" } });
    await refreshSummaries(app.services, goalIds);
    await writeEndedGoals(app.services, 1, { streamerId: new ObjectId(streamerId) });
    await expect(startBulk(app.services, moderator, request)).rejects.toMatchObject({
      code: "selection_changed",
    });
    await expect(findBulk(app.services, bulkId)).rejects.toMatchObject({ code: "bulk_not_found" });
  });
});

describe("a decision that is killed between any two of its operations", () => {
  const admin: Caller = { ...moderator, id: new ObjectId().toHexString(), role: "admin" };
  test.each(["approve", "reject", "stop"] as const)(
    "is made once when it comes again: %s",
    async (decision) => {
      const limits = { ...app.services.settings, BULK_APPROVAL_GOALS: decision === "stop" ? 1_000 : 1 };
      for (let operations = 0, died = true; died; operations += 1) {
        const { request: wanted } = await failedGoals(2);
        const begun = await startBulk({ ...app.services, settings: limits }, moderator, wanted);
        const bulkId = begun.bulk_id;
        const process = dying(app.services, operations);
        const request = { bulkId, decision, reason: "Looks right.", requestId: randomUUID() };
        await decideBulk(process.services, admin, request).catch(() => undefined);
        const { status } = await decideBulk(app.services, admin, request);
        expect((await findBulk(app.services, bulkId)).status).toBe(status);
        expect(await entriesOf(bulkId)).toEqual([
          ["bulk.start", "completed"],
          [`bulk.${decision}`, "completed"],
        ]);
        died = process.died();
      }
    },
  );
});
