import { randomUUID } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { GoalAction, GoalActionKind } from "#src/contract/console.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import type { Caller } from "#src/contract/roles.ts";
import { retryEventId } from "#src/domain/actions.ts";
import { resolutionOf } from "#src/domain/ledger.ts";
import { findEntry } from "#src/server/data/audit-log.ts";
import { findGoal } from "#src/server/data/goals.ts";
import { transfersOf } from "#src/server/data/ledger.ts";
import { runsOfGoal } from "#src/server/data/receiver-runs.ts";
import { findRefundHold } from "#src/server/data/refund-holds.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { dying } from "#src/testing/dying.ts";
import { endUnsignalled, makeScene } from "#src/testing/scene.ts";
import { actOnGoal } from "./act.ts";
import { auditIdOf } from "./audit.ts";
import { createServices } from "../../services.ts";
import { reconcileAudit } from "./reconcile-audit.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

const admin: Caller = { id: new ObjectId().toHexString(), name: "root", email: "", role: "admin" };
const minutesOn = (minutes: number) => ({
  ...app.services,
  clock: () => new Date(Date.now() + minutes * 60_000),
});

const actions: Record<GoalActionKind, GoalAction> = {
  retry: { kind: "retry", receivers: ["track_goals", "notify_goal_ended"] },
  resend_signal: { kind: "resend_signal" },
  decline: { kind: "decline" },
  hold_refund: { kind: "hold_refund" },
  let_refund_go: { kind: "let_refund_go" },
  refund_now: { kind: "refund_now" },
};

const request = (goalId: string, action: GoalAction, requestId: string = randomUUID()) => ({
  goalId,
  action,
  reason: "It looks stuck.",
  requestId,
});

/** A goal to which this can be done: ended, or still pending, or with its refund held back. */
async function goalFor(kind: GoalActionKind): Promise<string> {
  const scene = await makeScene(app.services, ["vic"]);
  const goalId = await scene.invite("vic");
  if (kind !== "decline") await endUnsignalled(app.services, scene, goalId);
  if (kind === "let_refund_go") await actOnGoal(app.services, admin, request(goalId, actions.hold_refund));
  return goalId;
}

/** Whether it has been done to the goal, by what can be seen of it. */
const isDone: Record<GoalActionKind, (goalId: string, sent: readonly string[]) => Promise<boolean>> = {
  retry: received,
  resend_signal: received,
  decline: async (goalId) => (await findGoal(app.services.db, goalId))?.active === false,
  hold_refund: async (goalId) => (await findRefundHold(app.services.db, goalId)) !== null,
  let_refund_go: async (goalId) => (await findRefundHold(app.services.db, goalId)) === null,
  refund_now: async (goalId) => (await resolution(goalId)) !== undefined,
};
async function received(goalId: string, sent: readonly string[]) {
  return (await runsOfGoal(app.services.db, goalId)).some(({ event_id }) => sent.includes(event_id));
}
async function resolution(goalId: string) {
  const escrowId = escrowIdOf(goalId);
  return resolutionOf(await transfersOf(app.services.db, escrowId), escrowId);
}

/** The id of the event by which an entry has a goal's refund run. */
const refundAsked = (goalId: string, entryId: ObjectId) =>
  retryEventId(goalId, "trigger_exclusive_goal_escrow_refund", entryId.toHexString());

const kinds = Object.keys(actions) as GoalActionKind[];

/** Acts in a process that dies after so many operations, and lets what it sent come through. */
async function actAndDie(kind: GoalActionKind, operations: number) {
  const goalId = await goalFor(kind);
  const asked = request(goalId, actions[kind]);
  const process = dying(app.services, operations);
  await actOnGoal(process.services, admin, asked).catch(() => undefined);
  const came = async () => process.sent.length === 0 || (await isDone[kind](goalId, process.sent));
  await vi.waitFor(async () => expect(await came()).toBe(true), 5_000);
  return { goalId, asked, process, entryId: new ObjectId(auditIdOf(admin.id, asked.requestId)) };
}

describe("an action whose process dies, wherever it does,", () => {
  test.each(kinds)("ends in the log as what it was: %s", async (kind) => {
    const ends = new Set<string>();
    for (let operations = 0; ; operations++) {
      const { goalId, process, entryId } = await actAndDie(kind, operations);
      const done = await isDone[kind](goalId, process.sent);
      await reconcileAudit(minutesOn(2));
      const soon = await findEntry(app.services.db, entryId);
      await reconcileAudit(minutesOn(16));
      const late = await findEntry(app.services.db, entryId);
      // No change goes without its entry, and no entry says more than was done.
      expect([soon?.status, late?.status]).toEqual(
        done ? ["completed", "completed"] : soon === null ? [undefined, undefined] : ["intended", "lapsed"],
      );
      // Letting a refund go is done once the hold is gone: the event that follows is sent for whoever could not.
      const told = (late?.result as { event_ids?: string[] } | undefined)?.event_ids ?? [];
      const sent = kind === "let_refund_go" ? [refundAsked(goalId, entryId)] : process.sent;
      expect(told).toEqual(done ? sent : []);
      ends.add(`${late?.status} ${process.died()}`);
      if (!process.died()) break;
    }
    expect([...ends].toSorted()).toEqual(
      expect.arrayContaining(["completed false", "completed true", "lapsed true", "undefined true"]),
    );
  });

  test.each(kinds)("is done once when the same request is sent again: %s", async (kind) => {
    for (let operations = 0; ; operations++) {
      const { goalId, asked, process, entryId } = await actAndDie(kind, operations);
      const acted = await actOnGoal(app.services, admin, asked);
      expect(await actOnGoal(app.services, admin, asked)).toEqual(acted);
      expect(await findEntry(app.services.db, entryId)).toMatchObject({ status: "completed" });
      await vi.waitFor(async () => expect(await isDone[kind](goalId, acted.event_ids)).toBe(true), 5_000);
      expect(acted.moved).toEqual(kind === "refund_now" ? { amount: 1_200, currency: "USD" } : null);
      const runs = await runsOfGoal(app.services.db, goalId);
      expect(new Set(runs.map(({ receiver, event_id }) => `${receiver} ${event_id}`)).size).toBe(runs.length);
      if (!process.died()) break;
    }
  });
});

describe("a hold that was lifted by a process that died before it could ask for the refund", () => {
  /** Lets a refund go in a process that dies exactly there. */
  async function lifted() {
    for (let operations = 0; ; operations++) {
      const { goalId, process, entryId } = await actAndDie("let_refund_go", operations);
      if ((await isDone.let_refund_go(goalId, [])) && process.sent.length === 0) return { goalId, entryId };
      expect(process.died()).toBe(true);
    }
  }

  test("is followed by the refund all the same, asked for once, however often and by whomever it is looked at", async () => {
    const { goalId, entryId } = await lifted();
    expect(await resolution(goalId)).toBeUndefined();
    await Promise.all([reconcileAudit(minutesOn(2)), reconcileAudit(minutesOn(2))]);
    await vi.waitFor(async () => expect(await resolution(goalId)).toMatchObject({ reason: "refund" }), 5_000);
    await reconcileAudit(minutesOn(3));
    const id = refundAsked(goalId, entryId);
    expect(await findEntry(app.services.db, entryId)).toMatchObject({
      status: "completed",
      result: { event_ids: [id] },
      after: { found: "Not confirmed at the time; found half done, and finished." },
    });
    const runs = await runsOfGoal(app.services.db, goalId);
    expect(runs.filter(({ event_id }) => event_id === id)).toHaveLength(1);
  });

  test("waits, and does not lapse, for as long as Inngest is away", async () => {
    const { goalId, entryId } = await lifted();
    const away = createServices({ ...app.services.settings, INNGEST_BASE_URL: "http://127.0.0.1:9" });
    await reconcileAudit({ ...away, clock: minutesOn(16).clock });
    expect(await findEntry(app.services.db, entryId)).toMatchObject({ status: "intended" });
    await away.close();
    await reconcileAudit(minutesOn(3 * 24 * 60));
    await vi.waitFor(async () => expect(await resolution(goalId)).toMatchObject({ reason: "refund" }), 5_000);
  });

  test("is followed by nothing when the refund was made by hand meanwhile", async () => {
    const { goalId, entryId } = await lifted();
    await actOnGoal(app.services, admin, request(goalId, actions.refund_now));
    await reconcileAudit(minutesOn(2));
    expect(await findEntry(app.services.db, entryId)).toMatchObject({
      status: "completed",
      result: { event_ids: [] },
    });
  });
});
