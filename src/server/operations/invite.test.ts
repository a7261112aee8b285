import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { escrowIdOf } from "#src/contract/ids.ts";
import { balanceOf, escrowAccount, viewerAccount } from "#src/domain/ledger.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene, type Scene } from "#src/testing/scene.ts";
import { findGoal } from "../data/goals.ts";
import { transfersOf } from "../data/ledger.ts";
import { findSession, setEmbeddedGoalEnded } from "../data/sessions.ts";
import { invite, type Invitation, type Invited } from "./invite.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

const collection = (name: string) => app.services.db.driver.collection(name);
const emailOf = async (id: string) =>
  String((await collection("user").findOne({ _id: new ObjectId(id) }))?.["email"]);

async function sceneOf(...viewers: string[]) {
  const scene = await makeScene(app.services, viewers);
  const asks: Invitation = {
    streamerEmail: await emailOf(scene.streamerId),
    viewerEmail: await emailOf(scene.viewers["vic"] ?? ""),
    amount: 1_500,
    minutes: 2.5,
    force: false,
  };
  const ask = (over: Partial<Invitation> = {}) => invite(app.services, { ...asks, ...over });
  return { scene, vic: scene.viewers["vic"] ?? "", ask };
}
function goalIdOf(invited: Invited): string {
  if ("refused" in invited) throw new Error(invited.refused);
  return invited.goal_id;
}
const sessionOf = ({ sessionId }: Scene) => findSession(app.services.db, sessionId);
const ledgerOf = (goalId: string) => transfersOf(app.services.db, escrowIdOf(goalId));

describe("an invitation", () => {
  test("is a goal, a hold whose insert_id the goal names, and an entry in both maps", async () => {
    const { scene, vic, ask } = await sceneOf("vic");
    const goalId = goalIdOf(await ask());
    const goal = await findGoal(app.services.db, goalId);
    expect(goal).toMatchObject({
      active: true,
      progress: 1,
      levels: [],
      conditions: { session_id: new ObjectId(scene.sessionId), exclusive_to: new ObjectId(vic) },
      context: { type: "trigger-exclusive", exclusive_to: new ObjectId(vic) },
      metadata: { user_id: new ObjectId(scene.streamerId), prepaid_duration: 150 },
    });
    const [hold, ...more] = await ledgerOf(goalId);
    expect(more).toEqual([]);
    expect(hold).toMatchObject({
      id: `hold:${escrowIdOf(goalId)}:0`,
      debit: viewerAccount(vic),
      credit: escrowAccount(escrowIdOf(goalId)),
      amount: 1_500,
      userId: scene.streamerId,
    });
    expect(goal?.metadata.insert_ids.map(String)).toEqual([hold?.insertId]);
    const session = await sessionOf(scene);
    expect(session?.trigger_private_goals).toEqual({ [vic]: { goal: goal?._id } });
    expect(session?.exclusive_goal_pairs).toEqual({
      [vic]: { created: goal?.created, trigger_exclusive_goal: goal?._id },
    });
  });

  test("whose hold is refused never becomes active, and is in no map", async () => {
    const { scene, ask } = await sceneOf("vic");
    await expect(ask({ amount: 0 })).rejects.toThrow(RangeError);
    const goal = await collection("goals").findOne({
      "conditions.session_id": new ObjectId(scene.sessionId),
    });
    expect(goal).toMatchObject({ active: false, progress: 0 });
    expect(await sessionOf(scene)).toMatchObject({ trigger_private_goals: {}, exclusive_goal_pairs: {} });
  });

  test("is refused while one is pending, and changes nothing", async () => {
    const { scene, ask } = await sceneOf("vic");
    goalIdOf(await ask());
    const before = [await sessionOf(scene), await collection("goals").countDocuments()];
    expect(await ask()).toEqual({ refused: expect.stringContaining("pending") as string });
    expect([await sessionOf(scene), await collection("goals").countDocuments()]).toEqual(before);
  });

  test.each([false, true])(
    "is refused in cooldown, also when the pair was cleaned away (%s)",
    async (cleaned) => {
      const { scene, vic, ask } = await sceneOf("vic");
      const goalId = goalIdOf(await ask());
      const { metadata } = await endUnsignalled(app.services, scene, goalId);
      const cooldown = new Date(metadata.cooldown ?? 0);
      const now = new Date();
      const { sessionId } = scene;
      await setEmbeddedGoalEnded(app.services.db, { sessionId, goalId, viewerId: vic, cooldown, now });
      const change = cleaned ? { $unset: { [`exclusive_goal_pairs.${vic}`]: true } } : { $set: {} };
      await collection("sessions").updateOne({ _id: new ObjectId(sessionId) }, change);
      expect(await ask()).toEqual({ refused: expect.stringContaining("cooldown") as string });
      const later = { ...app.services, clock: () => new Date(cooldown.getTime() + 1) };
      const emails = { streamerEmail: await emailOf(scene.streamerId), viewerEmail: await emailOf(vic) };
      goalIdOf(await invite(later, { ...emails, amount: 100, minutes: 1, force: false }));
    },
  );

  test("by force replaces the pair, pending or in cooldown, and the record", async () => {
    const { scene, vic, ask } = await sceneOf("vic");
    goalIdOf(await ask());
    const second = goalIdOf(await ask({ force: true }));
    await endUnsignalled(app.services, scene, second);
    const third = goalIdOf(await ask({ force: true, amount: 700 }));
    const session = await sessionOf(scene);
    expect(session?.exclusive_goal_pairs).toEqual({
      [vic]: { created: expect.any(Date) as Date, trigger_exclusive_goal: new ObjectId(third) },
    });
    expect(session?.trigger_private_goals).toEqual({ [vic]: { goal: new ObjectId(third) } });
    expect((await ledgerOf(third)).map(({ amount }) => amount)).toEqual([700]);
  });

  test("is refused for people who are unknown or of another role", async () => {
    const { scene, ask } = await sceneOf("vic", "wen");
    const wen = await emailOf(scene.viewers["wen"] ?? "");
    const ada = await emailOf(scene.streamerId);
    for (const streamerEmail of ["nobody@example.com", wen, ""]) {
      expect(await ask({ streamerEmail })).toEqual({ refused: `There is no streamer ${streamerEmail}.` });
    }
    for (const viewerEmail of ["nobody@example.com", ada, ""]) {
      expect(await ask({ viewerEmail })).toEqual({ refused: `There is no viewer ${viewerEmail}.` });
    }
  });

  test("is refused, by force too, when the streamer is not live", async () => {
    const { scene, ask } = await sceneOf("vic");
    await collection("sessions").updateOne(
      { _id: new ObjectId(scene.sessionId) },
      { $set: { "statuses.ended": new Date() } },
    );
    for (const force of [false, true]) expect(await ask({ force })).toEqual({ refused: "ada is not live." });
  });

  test("made many times at once is made once, and nothing stays held for the others", async () => {
    const { scene, vic, ask } = await sceneOf("vic");
    const all = await Promise.all(Array.from({ length: 8 }, () => ask()));
    const made = all.filter((one) => "goal_id" in one);
    expect(made).toHaveLength(1);
    const goals = await collection("goals")
      .find({ "conditions.session_id": new ObjectId(scene.sessionId) })
      .toArray();
    expect(
      goals.filter(({ active }) => active === true).map(({ _id }) => ({ goal_id: _id.toHexString() })),
    ).toEqual(made);
    const ledgers = (await Promise.all(goals.map(({ _id }) => ledgerOf(_id.toHexString())))).flat();
    expect(balanceOf(viewerAccount(vic), ledgers)).toBe(-1_500);
  });
});
