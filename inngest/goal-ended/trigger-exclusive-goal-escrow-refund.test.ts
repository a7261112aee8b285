import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { GoalEnded } from "#src/contract/events.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { balanceOf, escrowAccount, resolutionId, viewerAccount } from "#src/domain/ledger.ts";
import { transfersOf } from "#src/server/data/ledger.ts";
import { holdInEscrow } from "#src/server/operations/escrow.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene, sendTo } from "#src/testing/scene.ts";

const delay_ms = 2_000;
let app: TestApp;
beforeAll(async () => (app = await startTestApp({ REFUND_DELAY_SECONDS: String(delay_ms / 1_000) })));
afterAll(async () => app.close());

const send = (signal: GoalEnded) => sendTo(app.services, "trigger_exclusive_goal_escrow_refund", signal);
const receive = async (signal: GoalEnded) => (await send(signal)).settled();
const update = (collection: string, id: string, change: object) =>
  app.services.db.driver.collection(collection).updateOne({ _id: new ObjectId(id) }, change);

/** An ended goal with its hold of 1,200, whose refund is due already. */
async function ended() {
  const scene = await makeScene(app.services, ["vic"]);
  const goalId = await scene.invite("vic");
  const viewerId = scene.viewers["vic"] ?? "";
  const signal = await endUnsignalled(app.services, scene, goalId);
  const due = { ...signal, exp: new Date(Date.parse(signal.exp) - delay_ms).toISOString() };
  return { scene, goalId, viewerId, signal, due };
}
type Ended = Awaited<ReturnType<typeof ended>>;

/** One more hold, at this time. */
const holdMore = ({ scene, goalId, viewerId }: Ended, at: Date) =>
  holdInEscrow(
    { ...app.services, clock: () => at },
    {
      escrowId: escrowIdOf(goalId),
      n: 1,
      viewerId,
      streamerId: scene.streamerId,
      amount: 500,
      currency: "USD",
    },
  );

async function money({ goalId, viewerId }: Ended) {
  const ledger = await transfersOf(app.services.db, escrowIdOf(goalId));
  return {
    escrow: balanceOf(escrowAccount(escrowIdOf(goalId)), ledger),
    viewer: balanceOf(viewerAccount(viewerId), ledger),
    resolution: ledger.find(({ id }) => id === resolutionId(escrowIdOf(goalId))),
  };
}
const hour_ms = 3_600_000;
const flagged = (left: number) =>
  `A moderator must look: ${left} outside the session's time stays in escrow.`;

describe("trigger_exclusive_goal_escrow_refund", () => {
  test("does not wait for an end to come that was written by a clock that is right again", async () => {
    const one = await ended();
    const exp = new Date(Date.parse(one.signal.exp) + 5 * hour_ms).toISOString();
    expect(await receive({ ...one.signal, exp })).toMatchObject({ status: "done" });
    expect(await money(one)).toMatchObject({ escrow: 0, viewer: 0 });
  });

  test("waits until the dispute window is over, and only then moves the money", async () => {
    const one = await ended();
    const { run, settled } = await send(one.signal);
    const dueAt = Date.parse(one.signal.exp) + delay_ms;
    await vi.waitFor(async () => expect((await run())?.status).toBe("waiting"), { timeout: 5_000 });
    expect((await run())?.reason).toBe(`The refund is due at ${new Date(dueAt).toISOString()}.`);
    expect((await run())?.finished).toBeUndefined();
    expect(await money(one)).toMatchObject({ escrow: 1_200, resolution: undefined });
    const done = await settled();
    expect(done).toMatchObject({ status: "done" });
    expect(done).not.toHaveProperty("reason");
    const { escrow, viewer, resolution } = await money(one);
    expect([escrow, viewer]).toEqual([0, 0]);
    // The real service may wake a sleeper up to 0.2 s early.
    expect(resolution?.at).toBeGreaterThanOrEqual(dueAt - 200);
  });

  test("asked for again, and many times at once, moves no money twice", async () => {
    const one = await ended();
    const runs = await Promise.all(Array.from({ length: 4 }, () => receive(one.due)));
    expect(runs.filter(({ status, reason }) => status === "done" && reason === undefined)).toHaveLength(1);
    expect(await money(one)).toMatchObject({ escrow: 0, viewer: 0 });
    expect(await receive(one.due)).toMatchObject({
      status: "returned",
      reason: "Not refundable: escrow_empty.",
    });
  });

  test("leaves a hold from before the session in escrow, and flags it", async () => {
    const one = await ended();
    await update("sessions", one.scene.sessionId, {
      $set: { "statuses.created": new Date(Date.now() + hour_ms) },
    });
    expect(await receive(one.due)).toMatchObject({ status: "done", reason: flagged(1_200) });
    expect(await money(one)).toMatchObject({ escrow: 1_200, resolution: undefined });
  });

  test("leaves a hold from after the session in escrow, and flags it every time it is asked", async () => {
    const one = await ended();
    const end = new Date(Date.now() + hour_ms);
    await update("sessions", one.scene.sessionId, { $set: { "statuses.ended": end } });
    await holdMore(one, new Date(end.getTime() + 1));
    expect(await receive(one.due)).toMatchObject({ status: "done", reason: flagged(500) });
    expect(await money(one)).toMatchObject({ escrow: 500, viewer: -500, resolution: { amount: 1_200 } });
    expect(await receive(one.due)).toMatchObject({ status: "done", reason: flagged(500) });
    expect(await money(one)).toMatchObject({ escrow: 500, viewer: -500 });
  });

  test("gives back a hold of the session's last moment", async () => {
    const one = await ended();
    const end = new Date(Date.now() + hour_ms);
    await update("sessions", one.scene.sessionId, { $set: { "statuses.ended": end } });
    await holdMore(one, end);
    await receive(one.due);
    expect(await money(one)).toMatchObject({ escrow: 0, viewer: 0, resolution: { amount: 1_700 } });
  });

  test.each<[string, object, string]>([
    ["agreed to", { $set: { agreed: { at: new Date() } }, $unset: { deactivated: true } }, "agreed_to"],
    ["still active", { $set: { active: true }, $unset: { deactivated: true } }, "still_active"],
  ])("returns for a goal that is %s, whatever the signal says", async (_, state, reason) => {
    const one = await ended();
    await update("goals", one.goalId, state);
    expect(await receive(one.due)).toMatchObject({
      status: "returned",
      reason: `Not refundable: ${reason}.`,
    });
    expect(await money(one)).toMatchObject({ escrow: 1_200, resolution: undefined });
  });

  test("moves nothing where holds of two viewers are in one escrow, and flags it", async () => {
    const one = await ended();
    await holdMore({ ...one, viewerId: new ObjectId().toHexString() }, new Date());
    const run = await receive(one.due);
    expect(run.reason).toMatch(/^A moderator must look/);
    expect(await money(one)).toMatchObject({ escrow: 1_700, resolution: undefined });
  });
});
