import { ObjectId } from "mongodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { escrowIdOf } from "#src/contract/ids.ts";
import { escrowAccount, viewerAccount } from "#src/domain/ledger.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene, type Scene } from "#src/testing/scene.ts";
import type { Services } from "../../services.ts";
import { holdInEscrow, payOutEscrow, refundEscrow } from "../escrow.ts";
import { checkConservation, silence_ms } from "./check-conservation.ts";
import { conservation, requestCheck } from "./conservation.ts";
import { refreshSummaries } from "./summaries.ts";

let app: TestApp;
let scene: Scene;
beforeAll(async () => {
  app = await startTestApp();
  scene = await makeScene(app.services, ["vic", "wen"]);
});
afterAll(async () => app.close());

const collection = (name: string) => app.services.db.driver.collection<{ _id: string }>(name);
beforeEach(async () => {
  await app.services.news.settle();
  for (const name of ["ledger_transfers", "console_state"]) await collection(name).deleteMany({});
  for (const name of ["goals", "goal_summaries", "refund_holds"]) {
    await app.services.db.driver.collection(name).deleteMany({});
  }
});

/** The services at a later time. */
const later = (ms: number): Services => ({
  ...app.services,
  clock: () => new Date(Date.now() + ms),
});

/** An invitation with its money, replacing what the viewer had before. */
async function invite(viewer: string): Promise<string> {
  await app.services.db.driver
    .collection("sessions")
    .updateOne(
      { _id: new ObjectId(scene.sessionId) },
      { $set: { exclusive_goal_pairs: {}, trigger_private_goals: {} } },
    );
  return await scene.invite(viewer);
}

const window = () => ({ userId: scene.streamerId, nbf: 0, exp: null });
const bothWays = [{ whole: true }, { whole: false }];

describe("the conservation light", () => {
  test("is unknown before the first check, green when all is well, and unknown when nobody checks", async () => {
    const { services } = app;
    expect(await conservation(services)).toMatchObject({ light: "unknown", checked: null, breach_count: 0 });
    const declined = await invite("vic");
    await endUnsignalled(services, scene, declined);
    await refundEscrow(services, escrowIdOf(declined), window());
    await invite("wen");
    expect(await checkConservation(services, { whole: false })).toEqual({
      kind: "checked",
      light: "green",
      whole: true,
      breaches: 0,
    });
    expect(await conservation(services)).toMatchObject({
      light: "green",
      checking: false,
      transfers: 3,
      balances: {
        viewers: [{ currency: "USD", amount: -1_200 }],
        escrows: [{ currency: "USD", amount: 1_200 }],
        streamers: [],
      },
      breaches: [],
    });
    expect(await conservation(later(3 * 60_000 + 5_000))).toMatchObject({ light: "unknown" });
  });
});
