import { randomUUID } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Caller, Role } from "#src/contract/roles.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { writeEndedGoals } from "#src/testing/ended-goals.ts";
import { decideBulk, findBulk, startBulk } from "./bulk.ts";

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

/** An action on one goal more than a moderator may touch alone, started by an admin. */
async function waiting() {
  const by = person("admin");
  const { streamerId } = await writeEndedGoals(app.services, 4);
  const { bulk_id, status } = await startBulk(app.services, by, {
    filter: { streamer: streamerId },
    what: { kind: "failed" },
    confirmation: "4",
    reason: "Pusher was away.",
    requestId: randomUUID(),
  });
  return { bulk_id, status, by };
}

const decide = (bulkId: string, decision: "approve" | "reject" | "stop", by: Caller) =>
  decideBulk(app.services, by, { bulkId, decision, reason: "Looks right.", requestId: randomUUID() });

const done = (bulkId: string) =>
  vi.waitFor(
    async () => {
      const bulk = await findBulk(app.services, bulkId);
      expect(bulk.status).toBe("done");
      return bulk;
    },
    { timeout: 10_000, interval: 20 },
  );

/** What the audit log says of an action. */
const entriesOf = async (bulkId: string) =>
  (
    await app.services.db.driver
      .collection("audit_log")
      .find({ target: `bulk:${bulkId}` })
      .toArray()
  ).map(({ action, status, error }) => [action, status, ...(error === undefined ? [] : [error])]);

describe("beyond the limits", () => {
  test("an action waits, and sends nothing", async () => {
    const { bulk_id, status } = await waiting();
    expect(status).toBe("awaiting_approval");
    expect(await findBulk(app.services, bulk_id)).toMatchObject({ started: null, sent: 0, skipped: 0 });
    await expect(decide(bulk_id, "stop", moderator)).rejects.toMatchObject({ code: "action_refused" });
  });

  test.each(["approve", "reject"] as const)(
    "who started it may not %s it, nor may a moderator",
    async (how) => {
      const { bulk_id, by } = await waiting();
      for (const who of [by, moderator]) {
        await expect(decide(bulk_id, how, who)).rejects.toMatchObject({ code: "forbidden" });
      }
      expect((await findBulk(app.services, bulk_id)).status).toBe("awaiting_approval");
    },
  );

  test("of two admins who decide at once one wins, and the other is told", async () => {
    const { bulk_id } = await waiting();
    const [one, other] = [person("admin"), person("admin")];
    const answers = await Promise.allSettled([
      decide(bulk_id, "approve", one),
      decide(bulk_id, "approve", other),
    ]);
    const [won] = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    const [lost] = answers.flatMap((answer): unknown[] =>
      answer.status === "rejected" ? [answer.reason] : [],
    );
    expect(won).toEqual({ status: "running" });
    expect(lost).toMatchObject({ code: "action_refused" });
    const winner = answers[0].status === "fulfilled" ? one : other;
    expect(await done(bulk_id)).toMatchObject({ sent: 4, approver: { id: winner.id } });
    const entries = await entriesOf(bulk_id);
    expect(entries).toHaveLength(3);
    expect(entries).toContainEqual(["bulk.approve", "completed"]);
    expect(entries).toContainEqual(["bulk.approve", "refused", "action_refused"]);
  });

  test("what is rejected never runs, and is not decided again", async () => {
    const { bulk_id } = await waiting();
    const admin = person("admin");
    expect(await decide(bulk_id, "reject", admin)).toEqual({ status: "rejected" });
    await expect(decide(bulk_id, "approve", admin)).rejects.toMatchObject({ code: "action_refused" });
    expect(await findBulk(app.services, bulk_id)).toMatchObject({ status: "rejected", sent: 0 });
  });
});
