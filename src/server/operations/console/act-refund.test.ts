import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GoalActionKind } from "#src/contract/console.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import type { Caller } from "#src/contract/roles.ts";
import { balanceOf, escrowAccount, resolutionOf, viewerAccount } from "#src/domain/ledger.ts";
import { transfersOf } from "#src/server/data/ledger.ts";
import { findRefundHold } from "#src/server/data/refund-holds.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene } from "#src/testing/scene.ts";
import type { Services } from "../../services.ts";
import { checkRefundable, payOutEscrow, refundEscrow } from "../escrow.ts";
import { actOnGoal } from "./act.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

const admin: Caller = { id: new ObjectId().toHexString(), name: "root", email: "", role: "admin" };
type RefundAction = Extract<GoalActionKind, "hold_refund" | "let_refund_go" | "refund_now">;
const act = (goalId: string, kind: RefundAction, services: Services = app.services) =>
  actOnGoal(services, admin, {
    goalId,
    action: { kind },
    reason: "The viewer has complained.",
    requestId: randomUUID(),
  });

async function ended() {
  const scene = await makeScene(app.services, ["vic"]);
  const goalId = await scene.invite("vic");
  await endUnsignalled(app.services, scene, goalId);
  return { goalId, streamerId: scene.streamerId, viewerId: scene.viewers["vic"] ?? "", scene };
}
async function money(goalId: string) {
  const escrowId = escrowIdOf(goalId);
  const transfers = await transfersOf(app.services.db, escrowId);
  return {
    escrow: balanceOf(escrowAccount(escrowId), transfers),
    resolution: resolutionOf(transfers, escrowId),
    transfers,
  };
}
/** What the refund's receiver does once it has woken up. */
async function refundByItself(goalId: string, streamerId: string): Promise<string> {
  const check = await checkRefundable(app.services, goalId);
  if (!check.refundable) return check.reason;
  const window = { userId: streamerId, nbf: 0, exp: null };
  return (await refundEscrow(app.services, escrowIdOf(goalId), window)).kind;
}
const refused = { code: "action_refused" };

describe("a refund by hand", () => {
  test("moves what is held, once, says under which entry, and needs no Inngest", async () => {
    const { goalId } = await ended();
    const inngest = { send: () => Promise.reject(new Error("away")) } as unknown as Services["inngest"];
    const away = { ...app.services, inngest };
    const first = await act(goalId, "refund_now", away);
    expect(first).toMatchObject({ event_ids: [], moved: { amount: 1_200, currency: "USD" } });
    expect(await money(goalId)).toMatchObject({ escrow: 0, resolution: { auditId: first.audit_id } });
    expect(await act(goalId, "refund_now", away)).toMatchObject({ moved: null });
    expect((await money(goalId)).transfers).toHaveLength(2);
  });

  test("takes in a hold that the session's time leaves out", async () => {
    const { goalId, scene } = await ended();
    await app.services.db.driver
      .collection("sessions")
      .updateOne(
        { _id: new ObjectId(scene.sessionId) },
        { $set: { "statuses.created": new Date(Date.now() + 3_600_000) } },
      );
    expect((await act(goalId, "refund_now")).moved).toEqual({ amount: 1_200, currency: "USD" });
  });

  test.each<[string, object]>([
    ["is still active", { $set: { active: true }, $unset: { deactivated: true } }],
    ["was agreed to", { $set: { agreed: { at: new Date() } }, $unset: { deactivated: true } }],
    [
      "has not begun",
      { $set: { exp: new Date(Date.now() + 60_000) }, $unset: { deactivated: true, agreed: true } },
    ],
  ])("of a goal that %s is refused, as is holding it back", async (_, state) => {
    const { goalId } = await ended();
    await app.services.db.driver.collection("goals").updateOne({ _id: new ObjectId(goalId) }, state);
    await expect(act(goalId, "refund_now")).rejects.toMatchObject(refused);
    await expect(act(goalId, "hold_refund")).rejects.toMatchObject(refused);
    expect(await money(goalId)).toMatchObject({ escrow: 1_200, resolution: undefined });
    expect(await findRefundHold(app.services.db, goalId)).toBeNull();
  });

  test("held back goes neither by itself nor by hand, until it is let go", async () => {
    const { goalId, streamerId } = await ended();
    const held = await act(goalId, "hold_refund");
    expect((await findRefundHold(app.services.db, goalId))?.audit_id.toHexString()).toBe(held.audit_id);
    expect(await refundByItself(goalId, streamerId)).toBe("held_back");
    await expect(act(goalId, "refund_now")).rejects.toMatchObject(refused);
    await expect(act(goalId, "hold_refund")).rejects.toMatchObject(refused);
    expect((await act(goalId, "let_refund_go")).event_ids).toHaveLength(1);
    await expect(act(goalId, "let_refund_go")).rejects.toMatchObject(refused);
    expect(await refundByItself(goalId, streamerId)).toBe("refunded");
    await expect(act(goalId, "hold_refund")).rejects.toMatchObject(refused);
  });

  test("is held back by a hold that was written after it was found refundable", async () => {
    const { goalId, streamerId } = await ended();
    expect(await checkRefundable(app.services, goalId)).toEqual({ refundable: true });
    await act(goalId, "hold_refund");
    const window = { userId: streamerId, nbf: 0, exp: null };
    expect(await refundEscrow(app.services, escrowIdOf(goalId), window)).toEqual({ kind: "held_back" });
  });

  test("whose money moves while it is being held back takes the hold away, and the admin is told", async () => {
    const { goalId, streamerId } = await ended();
    const { db } = app.services;
    let looks = 0;
    const find = (filter: object) => ({
      sort: (order: Record<string, 1>) => ({
        async toArray() {
          // The decision has looked before; this look is the one after the hold was written.
          if (++looks === 2) await payOutEscrow(app.services, escrowIdOf(goalId), streamerId);
          return await db.driver.collection("ledger_transfers").find(filter).sort(order).toArray();
        },
      }),
    });
    const collection = (name: string) =>
      name === "ledger_transfers" ? { find } : db.driver.collection(name);
    const driver = { collection } as unknown as typeof db.driver;
    const racing = { ...app.services, db: { ...db, driver } };
    await expect(act(goalId, "hold_refund", racing)).rejects.toMatchObject(refused);
    expect(looks).toBe(2);
    expect(await findRefundHold(db, goalId)).toBeNull();
    const entries = await db.driver
      .collection("audit_log")
      .find({ target: `goal:${goalId}` })
      .toArray();
    expect(entries).toMatchObject([{ status: "refused", error: "action_refused" }]);
  });

  test("happens at most once, and never under a hold that stood before, in whatever order and at once", async () => {
    type Move = RefundAction | "by_itself" | "pay_out";
    const move = fc.constantFrom<Move>(
      "hold_refund",
      "let_refund_go",
      "refund_now",
      "by_itself",
      "by_itself",
      "pay_out",
    );
    const groups = fc.array(fc.array(move, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(groups, async (rounds) => {
        const { goalId, streamerId, viewerId } = await ended();
        const run = (one: Move) => {
          if (one === "by_itself") return refundByItself(goalId, streamerId);
          if (one === "pay_out") return payOutEscrow(app.services, escrowIdOf(goalId), streamerId);
          return act(goalId, one);
        };
        for (const round of rounds) {
          const stood = (await findRefundHold(app.services.db, goalId)) !== null;
          const before = (await money(goalId)).resolution;
          await Promise.allSettled(round.map(run));
          const { transfers, resolution, escrow } = await money(goalId);
          expect(transfers.filter(({ reason }) => reason !== "prepayment").length).toBeLessThanOrEqual(1);
          expect(escrow).toBe(resolution === undefined ? 1_200 : 0);
          expect(resolution).toEqual(before ?? resolution);
          const kept = stood && before === undefined && !round.includes("let_refund_go");
          expect(kept ? resolution?.reason : "payout").not.toBe("refund");
          const refunded = resolution?.reason === "refund";
          expect(balanceOf(viewerAccount(viewerId), transfers)).toBe(refunded ? 0 : -1_200);
        }
      }),
      { numRuns: 25 },
    );
  });
});
