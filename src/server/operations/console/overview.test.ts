import { ObjectId } from "mongodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { figureRanges } from "#src/contract/console.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { kept_ms, keptDay_ms, rangeOf } from "#src/domain/figures.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { ledgerScene, type LedgerScene } from "#src/testing/ledger-scene.ts";
import { makeManyGoals } from "#src/testing/many-goals.ts";
import { endUnsignalled, makeScene, type Scene } from "#src/testing/scene.ts";
import type { Services } from "../../services.ts";
import { refundEscrow } from "../escrow.ts";
import { checkConservation } from "./check-conservation.ts";
import { countRange } from "./counts.ts";
import { type FigurePoint, figures, type Figures } from "./overview.ts";
import { refreshSummaries } from "./summaries.ts";

let app: TestApp;
let scene: Scene;
let money: LedgerScene;
beforeAll(async () => {
  app = await startTestApp({}, false);
  scene = await makeScene(app.services, ["vic", "wen"]);
  money = ledgerScene(app.services, scene);
});
afterAll(async () => app.close());
beforeEach(async () => {
  await money.clear();
  for (const name of ["receiver_runs", "bulk_actions"]) await collection(name).deleteMany({});
});

const collection = (name: string) => app.services.db.driver.collection(name);
const window = () => ({ userId: scene.streamerId, nbf: 0, exp: null });
/** The services by themselves: what is read by them is shared with nobody else. */
const alone = (ms = 0): Services => ({ ...app.services, clock: () => new Date(Date.now() + ms) });
const total = ({ points }: Figures, of: (point: FigurePoint) => number) =>
  points.reduce((sum, point) => sum + of(point), 0);

describe("the figures", () => {
  test.each(figureRanges)("of a %s count what happened, in stretches without gaps", async (range) => {
    const { services } = app;
    const declined = await money.invite("vic");
    await money.invite("wen");
    await endUnsignalled(services, scene, declined);
    await refundEscrow(services, escrowIdOf(declined), window());
    await services.news.settle();
    const found = await figures(alone(), range);
    const { starts } = rangeOf(range, Date.parse(found.as_of));
    expect(found.points.map(({ at }) => at)).toEqual(starts.map((at) => new Date(at).toISOString()));
    const totals = [
      total(found, ({ invited }) => invited),
      total(found, ({ declined: ended }) => ended),
      total(found, ({ refunded }) => refunded),
      total(found, ({ failed }) => failed),
    ];
    expect(totals).toEqual([2, 1, 1, 0]);
    expect(found).toMatchObject({
      pending: 1,
      cooldowns_active: 1,
      refunded: [{ currency: "USD", amount: 1_200 }],
      refund: { count: 1 },
      attention: [],
    });
  });

  test("measure how quick receivers are by what they did, and count by itself what failed", async () => {
    const { services } = app;
    await makeManyGoals(services, { count: 60, days: 1, failed: { 3: "track_goals", 8: "track_goals" } });
    const found = await figures(alone(), "month");
    expect(total(found, ({ invited }) => invited)).toBe(60);
    expect(total(found, ({ failed }) => failed)).toBe(2);
    const receivers = new Map(found.receivers.map((one) => [one.receiver, one]));
    const declined = receivers.get("notify_goal_ended")?.count ?? 0;
    expect(declined).toBeGreaterThan(40);
    expect(receivers.get("track_goals")).toMatchObject({ failed: 2, count: declined - 2 });
    expect(receivers.get("notify_goal_ended")).toMatchObject({ failed: 0 });
    for (const { count, p50, p95 } of [...found.receivers, found.settled, found.refund]) {
      expect(count).toBeGreaterThan(0);
      expect(p95 ?? -1).toBeGreaterThanOrEqual(p50 ?? 0);
    }
    expect(found.attention).toMatchObject([{ kind: "failed", count: 2 }]);
  });

  test("are read once for all who ask at the same time", async () => {
    const services = alone();
    const [one, other] = await Promise.all([figures(services, "hour"), figures(services, "hour")]);
    expect(other).toBe(one);
    expect((await figures(alone(), "hour")).as_of).not.toBe(one.as_of);
  });

  test("that could not be read are tried anew by the next who asks", async () => {
    const services = alone();
    const { clock } = services;
    const broken = Object.assign(services, {
      clock: () => {
        throw new Error("no clock");
      },
    });
    await expect(figures(broken, "hour")).rejects.toThrow("no clock");
    await expect(figures(Object.assign(services, { clock }), "hour")).resolves.toMatchObject({
      range: "hour",
    });
  });
});

describe("what needs attention", () => {
  test("comes by urgency, each with how much there is and since when", async () => {
    const { services } = app;
    await makeManyGoals(services, { count: 10, days: 1, failed: { 1: "notify_goal_ended" } });
    const late = await money.invite("vic");
    const held = await money.invite("wen");
    for (const goalId of [late, held]) await endUnsignalled(services, scene, goalId);
    const at = new Date(Date.now() - 1_000);
    await collection("refund_holds").insertOne({ _id: new ObjectId(held), at });
    await collection("bulk_actions").insertOne({ status: "awaiting_approval", created: at });
    await collection("audit_log").insertMany([
      { status: "lapsed", at, target: "ledger" },
      { status: "lapsed", at: new Date(0), target: "ledger" },
    ]);
    await services.news.settle();
    const later = alone(2 * 60_000);
    await refreshSummaries(later, [late, held]);
    await checkConservation(later, { whole: true });
    const { attention } = await figures(later, "day");
    expect(attention.map(({ kind, count }) => [kind, count])).toEqual([
      ["breach", 1],
      ["failed", 1],
      ["late", 2],
      ["refund_late", 1],
      ["held_back", 1],
      ["approval", 1],
      ["audit_lapsed", 1],
    ]);
    const oldest = new Map(attention.map((one) => [one.kind, one.oldest]));
    for (const kind of ["held_back", "approval", "audit_lapsed"] as const) {
      expect(oldest.get(kind)).toBe(at.toISOString());
    }
    expect([...oldest.values()]).not.toContain(null);
  });
});

describe("counts of many goals", () => {
  const range = rangeOf("day", Date.now());
  /** What happened, stretch by stretch; whether a stretch of nothing is there is all the same. */
  const count = async (few: number) => {
    const counts = [...(await countRange(app.services, range, few)).values()];
    return counts
      .filter(({ invited, declined, refunded }) => invited + declined + refunded > 0)
      .toSorted((a, b) => a.at - b.at);
  };

  test("are kept for stretches that are over, and come to the same", async () => {
    await makeManyGoals(app.services, { count: 80, days: 2, runsOf: 0 });
    const counted = await count(Infinity);
    expect(counted.length).toBeGreaterThan(10);
    expect(await count(0)).toEqual(counted);
    const kept = await collection("console_state").countDocuments();
    expect(kept).toBeGreaterThan(40);
    expect(await count(0)).toEqual(counted);
    expect(await collection("console_state").countDocuments()).toBe(kept);
  });

  test("are kept for days as well, and what comes to days is what comes to half-hours", async () => {
    const month = rangeOf("month", Date.now());
    const counted = await countRange(app.services, month, Infinity);
    for (const _ of [1, 2]) {
      const found = await countRange(app.services, month, 0);
      for (const [at, counts] of counted) expect(found.get(at)).toEqual(counts);
    }
    const days = await collection("console_state")
      .find({ _id: { $regex: `^figures:${keptDay_ms}:` } as never })
      .toArray();
    expect(days.length).toBeGreaterThan(27);
    const today = new Date(Date.now() - (Date.now() % keptDay_ms)).toISOString();
    expect(days.map(({ _id }) => String(_id).slice(-today.length))).not.toContain(today);
  });

  test("are not kept for what goes on, or was over only just now", async () => {
    const before = await count(0);
    await money.invite("vic");
    const invited = (counts: Awaited<ReturnType<typeof count>>) =>
      counts.reduce((sum, one) => sum + one.invited, 0);
    expect(invited(await count(0))).toBe(invited(before) + 1);
    const last = await collection("console_state")
      .find({ _id: { $lt: `figures:${keptDay_ms}` } as never })
      .sort({ _id: -1 })
      .limit(1)
      .next();
    const at = Date.parse(String(last?._id).slice("figures:".length));
    expect(at + kept_ms).toBeLessThanOrEqual(Date.now() - 10 * 60_000);
    expect(last?.["kept_until"].getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
  });
});
