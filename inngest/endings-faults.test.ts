import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { receiverIds } from "#src/contract/receivers.ts";
import { findGoal } from "#src/server/data/goals.ts";
import { runsOfGoal } from "#src/server/data/receiver-runs.ts";
import { findSession } from "#src/server/data/sessions.ts";
import { agree } from "#src/server/operations/agree.ts";
import { askToSupersede } from "#src/server/operations/ask-to-end.ts";
import { declineGoal } from "#src/server/operations/decline-goal.ts";
import { expireBatch, mendBatch } from "#src/server/operations/expire-goals.ts";
import { invite } from "#src/server/operations/invite.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { dying } from "#src/testing/dying.ts";
import { held, moneyOf, refunded, setExp, untilSettled } from "#src/testing/endings.ts";
import { endUnsignalled, makeScene, type Scene, sendTo } from "#src/testing/scene.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(async () => app.close());

const decline = (scene: Scene, goalId: string) =>
  declineGoal(app.services, { id: scene.streamerId, name: "", email: "", role: "streamer" }, goalId);
const goals = () => app.services.db.driver.collection("goals");
const later = (ms: number) => ({ ...app.services, clock: () => new Date(Date.now() + ms) });
const minutes = 60_000;

describe("who comes first", () => {
  test("of a decline, an agreement, the clock and another invitation decides alone, and the money follows", async () => {
    const names = Array.from({ length: 8 }, (_, n) => `v${n}`);
    const scenes = await Promise.all(names.map((name) => makeScene(app.services, [name])));
    const outcomes = await Promise.all(
      scenes.map(async (scene, n) => {
        const viewer = names[n] ?? "";
        const goalId = await scene.invite(viewer);
        const acts = [
          () => decline(scene, goalId),
          () => agree(app.services, goalId),
          async () => {
            await setExp(app.services, goalId, new Date());
            await expireBatch(app.services, null);
          },
          () =>
            askToSupersede(app.services, [new ObjectId(goalId)], {
              streamerId: scene.streamerId,
              triggerer: scene.streamerId,
              cause: "a test",
            }),
        ];
        // Each scene begins with another of them.
        const order = acts.map((_, place) => acts[(place + n) % acts.length] ?? (() => undefined));
        await Promise.allSettled(order.map(async (act) => await act()));
        return goalId;
      }),
    );
    for (const goalId of outcomes) {
      const goal = await vi.waitFor(async () => {
        const found = await findGoal(app.services.db, goalId);
        expect(found?.active).toBe(false);
        return found;
      });
      expect([goal?.agreed, goal?.deactivated].filter((end) => end !== undefined)).toHaveLength(1);
      const wasAgreed = goal?.agreed !== undefined;
      if (!wasAgreed) await untilSettled(app.services, goalId);
      expect(await moneyOf(app.services, goalId)).toEqual(wasAgreed ? held : refunded);
      const settled = await findGoal(app.services.db, goalId);
      expect(settled?.metadata.cooldown !== undefined).toBe(goal?.deactivated?.reason === "declined");
      expect(await runsOfGoal(app.services.db, goalId)).toHaveLength(wasAgreed ? 0 : receiverIds.length);
    }
  });
});

/** Does it in processes that die, each after one request more than the one before, until one survives. */
async function dyingEachTime<T>(
  begin: () => Promise<T>,
  act: (services: TestApp["services"], begun: T) => Promise<unknown>,
  check: (begun: T, survived: boolean) => Promise<void>,
): Promise<void> {
  for (let n = 0, survived = false; !survived; n++) {
    const begun = await begin();
    const process = dying(app.services, n);
    await act(process.services, begun).catch(() => undefined);
    survived = !process.died();
    await check(begun, survived);
  }
}

const emailOf = async (id: string) =>
  String((await app.services.db.driver.collection("user").findOne({ _id: new ObjectId(id) }))?.["email"]);
async function askOf(scene: Scene) {
  return {
    streamerEmail: await emailOf(scene.streamerId),
    viewerEmail: await emailOf(scene.viewers["vic"] ?? ""),
    amount: 1_200,
    minutes: 10,
    force: true,
  };
}
const goalsOf = (scene: Scene) =>
  goals()
    .find({ "conditions.session_id": new ObjectId(scene.sessionId) })
    .sort({ _id: 1 })
    .toArray();
const pairOf = async (scene: Scene) =>
  (await findSession(app.services.db, scene.sessionId))?.exclusive_goal_pairs?.[scene.viewers["vic"] ?? ""];

/** What the clock does six minutes later: mends what is half made, and ends what has run out. */
async function sixMinutesLater() {
  await mendBatch(later(6 * minutes), null);
  await expireBatch(later(6 * minutes), null);
}

/** How an invitation and its money stand: what a page and the ledger say of it. */
async function standing(scene: Scene, goalId: string) {
  const goal = await findGoal(app.services.db, goalId);
  const stands = goal?.active === true && goal.exp.getTime() > Date.now() + 7 * minutes;
  const { moves, escrow } = await moneyOf(app.services, goalId);
  if (goal?.active === true && !stands) return "ending";
  const shown = (await pairOf(scene))?.trigger_exclusive_goal.toHexString() === goalId;
  if (stands) return shown && escrow > 0 ? "stands" : "stands unseen";
  if (goal?.deactivated === undefined) return escrow > 0 ? "stranded" : "nothing held";
  return moves.length === 2 && escrow === 0 ? "refunded" : "refund due";
}

describe("whoever dies while an invitation is made", () => {
  test("leaves one that stands and is shown, or none and nothing held", async () => {
    const seen = new Set<string>();
    await dyingEachTime(
      () => makeScene(app.services, ["vic"]),
      async (services, scene) => invite(services, await askOf(scene)),
      async (scene) => {
        await sixMinutesLater();
        for (const { _id } of await goalsOf(scene)) {
          const end = await vi.waitFor(async () => {
            const now = await standing(scene, _id.toHexString());
            expect(["stands", "nothing held", "refunded"]).toContain(now);
            return now;
          }, 10_000);
          seen.add(end);
        }
      },
    );
    expect([...seen].toSorted((a, b) => a.localeCompare(b))).toEqual(["nothing held", "refunded", "stands"]);
    // A day later nobody expects a hold any more.
    await mendBatch(later(24 * 60 * minutes), null);
    expect(await goals().countDocuments({ active: false, agreed: null, deactivated: null })).toBe(0);
  });

  test("in the place of another leaves at most one, and gives back what the other held", async () => {
    await dyingEachTime(
      async () => {
        const scene = await makeScene(app.services, ["vic"]);
        return { scene, first: await scene.invite("vic") };
      },
      async (services, { scene }) => invite(services, await askOf(scene)),
      async ({ scene }) => {
        await sixMinutesLater();
        await vi.waitFor(async () => {
          const made = await goalsOf(scene);
          const ends = await Promise.all(made.map(({ _id }) => standing(scene, _id.toHexString())));
          expect(ends.filter((end) => !["stands", "nothing held", "refunded"].includes(end))).toEqual([]);
          expect(ends.filter((end) => end === "stands").length).toBeLessThanOrEqual(1);
        }, 10_000);
      },
    );
  });

  test("who was only slow finds out, and takes nothing back that has begun for him", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    // All that comes after the hold comes six minutes late: by then the goal has been given up.
    let calls = 0;
    const slow = {
      ...app.services,
      clock: () => new Date(Date.now() + (calls++ < 2 ? 0 : 6 * minutes)),
    };
    expect(await invite(slow, await askOf(scene))).toEqual({
      refused: expect.stringContaining("in time") as string,
    });
    await sixMinutesLater();
    const [goal] = await goalsOf(scene);
    await untilSettled(app.services, String(goal?._id));
    expect(await moneyOf(app.services, String(goal?._id))).toEqual(refunded);
    expect(await pairOf(scene)).toBeUndefined();
    await scene.invite("vic");
  });
});

describe("whoever dies while invitations end", () => {
  test("by the clock is made up for by the next minute's", async () => {
    await dyingEachTime(
      async () => {
        const scene = await makeScene(app.services, ["vic"]);
        const goalId = await scene.invite("vic");
        await setExp(app.services, goalId, new Date(Date.now() - 1_000));
        return goalId;
      },
      (services) => expireBatch(services, null),
      async (goalId) => {
        await expireBatch(app.services, null);
        await untilSettled(app.services, goalId);
        expect(await moneyOf(app.services, goalId)).toEqual(refunded);
        expect(await runsOfGoal(app.services.db, goalId)).toHaveLength(11);
      },
    );
  });

  test("by a decline of another, between the asking and the pair's removal, leaves the rest to the next run", async () => {
    const scene = await makeScene(app.services, ["vic", "wen"]);
    const goalId = await scene.invite("wen");
    const other = await scene.invite("vic");
    const signal = await endUnsignalled(app.services, scene, goalId);
    await askToSupersede(app.services, [new ObjectId(other)], {
      streamerId: scene.streamerId,
      triggerer: scene.streamerId,
      cause: "a test",
    });
    // By the time of the next run the other has ended, and its pair says so.
    await untilSettled(app.services, other);
    expect(await pairOf(scene)).toMatchObject({ trigger_exclusive_goal_ended: expect.any(Date) as Date });
    await (await sendTo(app.services, "cleanup_expired_exclusive_goal_pairs", signal)).settled();
    expect(await moneyOf(app.services, other)).toEqual(refunded);
    expect(await runsOfGoal(app.services.db, other)).toHaveLength(11);
  });

  test("by agreeing leaves it agreed to or pending, and a second try finishes what was begun", async () => {
    await dyingEachTime(
      async () => {
        const scene = await makeScene(app.services, ["vic"]);
        return { scene, goalId: await scene.invite("vic") };
      },
      (services, { goalId }) => agree(services, goalId),
      async ({ scene, goalId }) => {
        const wasAgreed = (await findGoal(app.services.db, goalId))?.agreed !== undefined;
        expect("refused" in (await agree(app.services, goalId))).toBe(wasAgreed);
        const goal = await findGoal(app.services.db, goalId);
        expect((await pairOf(scene))?.trigger_exclusive_goal_agreed).toEqual(goal?.agreed?.at);
        expect(await moneyOf(app.services, goalId)).toEqual(held);
      },
    );
  });
});
