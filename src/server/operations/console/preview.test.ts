import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GoalAction } from "#src/contract/console.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { type ReceiverId, receiverIds } from "#src/contract/receivers.ts";
import { insertRefundHold } from "#src/server/data/refund-holds.ts";
import { cachedView } from "#src/server/data/view-cache.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene, sendTo } from "#src/testing/scene.ts";
import { channelViewTag } from "../announce.ts";
import { holdInEscrow, refundEscrow } from "../escrow.ts";
import { previewAction } from "./preview.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

const preview = (goalId: string, action: GoalAction) => previewAction(app.services, goalId, action);
const retry = (...receivers: ReceiverId[]): GoalAction => ({ kind: "retry", receivers });
const everything = retry(...receiverIds);
const refund = retry("trigger_exclusive_goal_escrow_refund");

/** Vic's goal, declined, and its signal unsent; Wen's is pending beside it. */
async function declined() {
  const scene = await makeScene(app.services, ["vic", "wen"]);
  const [goalId, otherId] = [await scene.invite("vic"), await scene.invite("wen")];
  const signal = await endUnsignalled(app.services, scene, goalId);
  return { scene, goalId, otherId, signal, vic: scene.viewers["vic"] ?? "", wen: scene.viewers["wen"] ?? "" };
}

/** What is written by the minute, whoever looks at what. */
const byTheClock = ["goal_summaries", "console_state"];

/** Every document of every other collection, as the database has them. */
async function everyDocument() {
  const { driver } = app.services.db;
  const names = (await driver.listCollections().toArray())
    .map(({ name }) => name)
    .filter((name) => !byTheClock.includes(name))
    .toSorted();
  return await Promise.all(
    names.map(async (name) => [name, await driver.collection(name).find().sort({ _id: 1 }).toArray()]),
  );
}

const holdBack = (goalId: string) =>
  insertRefundHold(app.services.db, {
    _id: new ObjectId(goalId),
    audit_id: new ObjectId(),
    by: new ObjectId(),
    reason: "Look first.",
    at: new Date(),
  });

describe("a preview", () => {
  test("writes nothing, whatever it looks at", async () => {
    const one = await declined();
    const actions: GoalAction[] = [
      everything,
      { kind: "resend_signal" },
      { kind: "decline" },
      { kind: "hold_refund" },
      { kind: "let_refund_go" },
      { kind: "refund_now" },
    ];
    const before = await everyDocument();
    for (const goalId of [one.goalId, one.otherId]) {
      for (const action of actions) await preview(goalId, action);
    }
    expect(await everyDocument()).toEqual(before);
  });

  test("of receivers that never ran lists what each of them would change, and nothing of the five others", async () => {
    const { goalId, scene, vic, wen, signal } = await declined();
    const tag = channelViewTag(`private-stream@${scene.streamerId}`);
    await cachedView(app.services.db, { id: tag, tag }, new Date(), () => Promise.resolve(1));
    const { parts, refused, harmless } = await preview(goalId, everything);
    expect([refused, harmless]).toEqual([null, false]);
    const of = (receiver: ReceiverId) => parts.find((part) => part.receiver === receiver);
    expect(parts.map(({ receiver }) => receiver)).toEqual([null, ...receiverIds]);
    for (const bystander of receiverIds.slice(0, 5)) {
      expect(of(bystander)).toMatchObject({ changes: [], unchanged: [{ note: "not_its_business" }] });
    }
    expect(of("track_goals")?.changes).toContainEqual({
      kind: "database",
      collection: "goal_tracks",
      id: goalId,
      field: "outcome",
      before: null,
      after: "declined",
    });
    const { cooldown } = signal.metadata;
    const path = `exclusive_goal_pairs.${vic}.trigger_exclusive_goal_cooldown`;
    expect(of("set_embedded_goal_ended")?.changes).toContainEqual(
      expect.objectContaining({ collection: "sessions", field: path, before: null, after: cooldown }),
    );
    expect(of("notify_goal_ended")?.changes).toEqual(
      ["private-stream", "presence-stream", "private-user"].map((kind) => ({
        kind: "push",
        channel: `${kind}@${scene.streamerId}`,
        event: "goal.ended",
      })),
    );
    expect(of("trigger_exclusive_goal_escrow_refund")?.changes).toContainEqual({
      kind: "money",
      from: `escrow:${escrowIdOf(goalId)}`,
      to: `viewer:${vic}`,
      amount: 1_200,
      currency: "USD",
    });
    expect(of("cleanup_expired_exclusive_goal_pairs")?.changes).toContainEqual(
      expect.objectContaining({ field: `exclusive_goal_pairs.${wen}`, after: null }),
    );
    expect(of("invalidate_cached_pusher_channel_data")?.changes).toContainEqual({
      kind: "cache",
      tag,
      entries: 1,
    });
  });

  test("of receivers that are all done is harmless, and says what is done already", async () => {
    const { goalId, signal } = await declined();
    for (const receiver of receiverIds) await (await sendTo(app.services, receiver, signal)).settled();
    for (const action of [everything, { kind: "resend_signal" }, { kind: "refund_now" }] as GoalAction[]) {
      const { parts, refused, harmless } = await preview(goalId, action);
      expect([refused, harmless]).toEqual([null, true]);
      expect(JSON.stringify(parts)).toContain("already_done");
      expect(parts.flatMap(({ changes }) => changes).map(({ kind }) => kind)).not.toContain("money");
    }
    expect((await preview(goalId, { kind: "hold_refund" })).refused).toBe("already_done");
  });

  test("of a refund says what keeps the money where it is", async () => {
    const { services } = app;
    const moved = async (goalId: string, action = refund) => {
      const { parts, harmless, refused } = await preview(goalId, action);
      const part = parts.find(({ changes, unchanged }) => changes.length + unchanged.length > 1) ?? parts[0];
      const money = part?.changes.flatMap((line) => (line.kind === "money" ? [line.amount] : []));
      return { money, notes: part?.unchanged.map(({ note }) => note), harmless, refused };
    };
    const more = (one: Awaited<ReturnType<typeof declined>>, viewerId: string, at: Date) =>
      holdInEscrow(
        { ...services, clock: () => at },
        {
          escrowId: escrowIdOf(one.goalId),
          n: 1,
          viewerId,
          streamerId: one.scene.streamerId,
          amount: 500,
          currency: "USD",
        },
      );
    const held = await declined();
    await holdBack(held.goalId);
    expect(await moved(held.goalId)).toMatchObject({ money: [], notes: ["held_back"], harmless: true });
    expect((await preview(held.goalId, { kind: "refund_now" })).refused).toBe("held_back");
    expect(await preview(held.goalId, { kind: "let_refund_go" })).toMatchObject({
      parts: [
        {},
        { changes: expect.arrayContaining([expect.objectContaining({ amount: 1_200 })]) as unknown },
      ],
    });

    const outside = await declined();
    await more(outside, outside.vic, new Date(0));
    expect(await moved(outside.goalId)).toMatchObject({ money: [1_200], notes: ["outside_window"] });
    expect(await moved(outside.goalId, { kind: "refund_now" })).toMatchObject({ money: [1_700], notes: [] });

    const mixed = await declined();
    await more(mixed, mixed.wen, new Date());
    expect(await moved(mixed.goalId)).toMatchObject({ money: [], notes: ["mixed_holds"] });
    expect((await preview(mixed.goalId, { kind: "refund_now" })).refused).toBe("mixed_holds");

    const done = await declined();
    const window = { userId: done.scene.streamerId, nbf: 0, exp: null };
    await refundEscrow(services, escrowIdOf(done.goalId), window);
    expect(await moved(done.goalId)).toMatchObject({ money: [], notes: ["already_done"], harmless: true });

    const gone = await declined();
    await services.db.driver.collection("sessions").deleteOne({ _id: new ObjectId(gone.scene.sessionId) });
    expect(await moved(gone.goalId)).toMatchObject({ money: [], notes: ["session_gone"] });

    const delayed = { ...services, settings: { ...services.settings, REFUND_DELAY_SECONDS: 3_600 } };
    const late = await declined();
    const { parts } = await previewAction(delayed, late.goalId, refund);
    const until = new Date(Date.parse(late.signal.exp) + 3_600_000).toISOString();
    expect(parts[1]?.changes).toContainEqual({ kind: "wait", until });
    expect(parts[1]?.unchanged).toContainEqual({ line: null, note: "sleeps_first" });
  });

  test("of a decline shows the goal's end and all that follows; of what is no longer to be had, why", async () => {
    const { goalId, otherId, wen } = await declined();
    const { parts, refused } = await preview(otherId, { kind: "decline" });
    expect(refused).toBeNull();
    expect(parts[0]?.changes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ collection: "goals", field: "active", before: true, after: false }),
        expect.objectContaining({ field: "metadata.cooldown", before: null }),
        { kind: "event", name: "goal.deactivate" },
      ]),
    );
    expect(JSON.stringify(parts)).toContain(`"to":"viewer:${wen}"`);
    expect((await preview(goalId, { kind: "decline" })).refused).toBe("goal_not_active");
    expect((await preview(otherId, everything)).refused).toBe("goal_still_active");
    expect((await preview(otherId, { kind: "refund_now" })).refused).toBe("goal_still_active");
    expect((await preview(goalId, { kind: "let_refund_go" })).refused).toBe("not_held_back");
  });

  test("of no goal at all is goal_not_found", async () => {
    await expect(preview("0".repeat(24), everything)).rejects.toMatchObject({ code: "goal_not_found" });
  });
});
