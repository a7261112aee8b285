import { randomUUID } from "node:crypto";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { goalEnded } from "#src/contract/events.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { balanceOf, escrowAccount } from "#src/domain/ledger.ts";
import { findGoal } from "#src/server/data/goals.ts";
import { transfersOf } from "#src/server/data/ledger.ts";
import { runsOfGoal } from "#src/server/data/receiver-runs.ts";
import { askInngest } from "#src/server/gateways/inngest-api.ts";
import { endGoalOnce } from "#src/server/operations/end-goal.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeScene, type Scene } from "#src/testing/scene.ts";

let app: TestApp;
let scene: Scene;
beforeAll(async () => {
  app = await startTestApp();
  scene = await makeScene(app.services, ["vic", "wen", "xan", "yan", "zoe", "kit", "lea"]);
});
afterAll(async () => app.close());

/** Asks Inngest's own API, as an operator would. */
async function inngestApi<T>(path: string): Promise<T> {
  return ((await askInngest(app.services.settings, `/v1/${path}`)) as { data: T }).data;
}

/** Sends the event `goal.deactivate` with this data, and waits for the end of its one run. */
async function deactivate(data: object, id: string = randomUUID()) {
  const { ids } = await app.services.inngest.send({ name: "goal.deactivate", id, data });
  const run = await vi.waitFor(
    async () => {
      const runs = await inngestApi<{ status: string; output?: unknown }[]>(`events/${ids[0]}/runs`);
      expect(runs).toEqual([
        expect.objectContaining({ status: expect.stringMatching(/Completed|Failed/) as string }),
      ]);
      return runs[0];
    },
    { timeout: 10_000, interval: 20 },
  );
  return { status: run?.status, output: run?.output };
}

const streamerId = () => scene.streamerId;
const inputFor = (goalId: string, over: object = {}) => ({
  goal_id: goalId,
  filters: { active: true, metadata__user_id: streamerId() },
  triggerer: streamerId(),
  metadata: null,
  ...over,
});
const invitedBy = (viewer: string) => scene.invite(viewer);
const goals = () => app.services.db.driver.collection("goals");
const signalsOf = async (goalId: string) =>
  (
    await inngestApi<{ id: string; name: string; data: { goal_id: string } }[]>(
      "events?name=goal.ended&limit=100",
    )
  ).filter(({ data }) => data.goal_id === goalId);

const settled = (goalId: string) =>
  vi.waitFor(
    async () => {
      const runs = await runsOfGoal(app.services.db, goalId);
      expect(runs.filter(({ status }) => ["done", "returned"].includes(status))).toHaveLength(
        receiverIds.length,
      );
    },
    { timeout: 15_000, interval: 20 },
  );

describe("deactivate_goal", () => {
  test("sends one signal, with the task's metadata beneath the goal's", async () => {
    const goalId = await invitedBy("vic");
    const metadata = { note: "kept", user_id: "x", insert_ids: [], prepaid_duration: 0, cooldown: "x" };
    const eventId = randomUUID();
    expect(await deactivate(inputFor(goalId, { metadata }), eventId)).toEqual({
      status: "Completed",
      output: { ended: true },
    });
    const signals = await signalsOf(goalId);
    expect(signals).toHaveLength(1);
    const [signal] = signals;
    expect(signal?.id).toBe(`goal.ended:${goalId}:${eventId}`);
    const goal = await findGoal(app.services.db, goalId);
    expect(goalEnded.schema.parse(signal?.data).metadata).toEqual({
      note: "kept",
      reason: "declined",
      insert_ids: goal?.metadata.insert_ids.map(String),
      user_id: streamerId(),
      prepaid_duration: 600,
      cooldown: goal?.metadata.cooldown?.toISOString(),
    });
  });

  test("whose first write was applied and its answer lost carries on to the signal and the refund", async () => {
    const goalId = await invitedBy("wen");
    const eventId = randomUUID();
    const lost = { goalId, streamerId: streamerId(), triggerer: streamerId(), eventId, metadata: null };
    expect(await endGoalOnce(app.services, lost)).not.toBeNull();
    const ended = await findGoal(app.services.db, goalId);
    expect((await deactivate(inputFor(goalId), eventId)).output).toEqual({ ended: true });
    await settled(goalId);
    expect((await findGoal(app.services.db, goalId))?.deactivated).toEqual(ended?.deactivated);
    const ledger = await transfersOf(app.services.db, escrowIdOf(goalId));
    expect(balanceOf(escrowAccount(escrowIdOf(goalId)), ledger)).toBe(0);
  });

  test.each<[string, string, object]>([
    ["agreed to", "xan", { active: false, agreed: { at: new Date() } }],
    [
      "ended by another event",
      "yan",
      { active: false, deactivated: { event_id: "another", reason: "expired" } },
    ],
    ["another streamer's", "zoe", { "metadata.user_id": new ObjectId() }],
  ])("of a goal that is %s ends quietly: no signal, nothing changed", async (_, viewer, state) => {
    const goalId = await invitedBy(viewer);
    await goals().updateOne({ _id: new ObjectId(goalId) }, { $set: state });
    const before = await findGoal(app.services.db, goalId);
    expect(await deactivate(inputFor(goalId))).toEqual({ status: "Completed", output: { ended: false } });
    expect(await findGoal(app.services.db, goalId)).toEqual(before);
    expect(await signalsOf(goalId)).toEqual([]);
    expect(await runsOfGoal(app.services.db, goalId)).toEqual([]);
  });

  test("of no goal at all ends quietly", async () => {
    expect((await deactivate(inputFor("0".repeat(24)))).output).toEqual({ ended: false });
  });

  test("of a document without its payment's ids and duration still signals and refunds", async () => {
    const goalId = await invitedBy("kit");
    await goals().updateOne(
      { _id: new ObjectId(goalId) },
      { $unset: { "metadata.insert_ids": true, "metadata.prepaid_duration": true, levels: true } },
    );
    expect((await deactivate(inputFor(goalId))).output).toEqual({ ended: true });
    await settled(goalId);
    const ledger = await transfersOf(app.services.db, escrowIdOf(goalId));
    expect(ledger.map(({ reason }) => reason)).toEqual(["prepayment", "refund"]);
  });

  test("fails without a change and without a retry when its input is not as specified", async () => {
    const goalId = await invitedBy("lea");
    const before = await findGoal(app.services.db, goalId);
    const user = streamerId();
    const malformed = [
      { goal_id: "x" },
      { filters: undefined },
      { filters: {} },
      { filters: { active: true } },
      { filters: { metadata__user_id: user } },
      { filters: { active: false, metadata__user_id: user } },
      { filters: { active: "true", metadata__user_id: user } },
      { filters: { active: true, metadata__user_id: { $ne: null } } },
      { filters: { active: true, metadata__user_id: "ada" } },
      { filters: { active: true, metadata__user_id: user, progress: 1 } },
      { filters: { active: true, metadata__user_id: user, $where: "true" } },
      { triggerer: "me" },
      { metadata: { reason: "bored" } },
    ];
    // A failure that is tried again would take its twenty retries, which is longer than this waits.
    const ends = await Promise.all(malformed.map((over) => deactivate(inputFor(goalId, over))));
    expect(ends.map(({ status }) => status)).toEqual(malformed.map(() => "Failed"));
    expect(await findGoal(app.services.db, goalId)).toEqual(before);
  });
});
