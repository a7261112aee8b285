import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { escrowIdOf } from "#src/contract/ids.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { ledgerScene, type LedgerScene } from "#src/testing/ledger-scene.ts";
import { endUnsignalled, makeScene, type Scene } from "#src/testing/scene.ts";
import { abandonCheck, beginCheck, endCheck, hearOfCheck } from "../../data/conservation.ts";
import { handleMetrics } from "../../http/metrics.ts";
import type { Services } from "../../services.ts";
import { refundEscrow } from "../escrow.ts";
import { checkConservation, silence_ms } from "./check-conservation.ts";
import { conservation } from "./conservation.ts";

let app: TestApp;
let scene: Scene;
let money: LedgerScene;
beforeAll(async () => {
  app = await startTestApp({ METRICS_TOKEN: "scrape" }, false);
  scene = await makeScene(app.services, ["vic", "wen"]);
  money = ledgerScene(app.services, scene);
});
afterAll(async () => app.close());
beforeEach(async () => money.clear());

/** The services at a later time. */
const later = (ms: number): Services => ({ ...app.services, clock: () => new Date(Date.now() + ms) });
const window = () => ({ userId: scene.streamerId, nbf: 0, exp: null });

describe("the conservation light", () => {
  test("is unknown before the first check, green when all is well, and unknown when nobody checks", async () => {
    const { services } = app;
    expect(await conservation(services)).toMatchObject({ light: "unknown", checked: null, breach_count: 0 });
    const declined = await money.invite("vic");
    await endUnsignalled(services, scene, declined);
    await refundEscrow(services, escrowIdOf(declined), window());
    await money.invite("wen");
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

  test("keeps the last one when a check dies, and another check takes over after a while", async () => {
    const { services } = app;
    await checkConservation(services, { whole: true });
    const dead = { id: "dead", now: new Date(), heardSince: new Date(0) };
    expect(await beginCheck(services.db, dead)).not.toBeNull();
    expect(await conservation(services)).toMatchObject({ light: "green", checking: true });
    expect(await checkConservation(services, { whole: false })).toEqual({ kind: "busy" });
    const after = later(silence_ms + 1_000);
    expect(await conservation(after)).toMatchObject({ light: "green", checking: false });
    expect(await checkConservation(after, { whole: false })).toMatchObject({ kind: "checked" });
    expect(await conservation(after)).toMatchObject({ light: "green", checking: false });
  });

  test("is not changed by a check that was given up for dead and comes back", async () => {
    const { db } = app.services;
    await checkConservation(app.services, { whole: true });
    await beginCheck(db, { id: "slow", now: new Date(), heardSince: new Date(0) });
    expect(await checkConservation(later(silence_ms + 1_000), { whole: false })).toMatchObject({
      light: "green",
    });
    const known = await conservation(app.services);
    const now = new Date();
    expect(await hearOfCheck(db, "slow", now)).toBe(false);
    const wrong = { light: "red", checked: now, watermark: now, transfers: 0, breaches: [] } as const;
    expect(await endCheck(db, "slow", { ...wrong, breach_count: 1, breach_kinds: { late: 1 } })).toBe(false);
    await abandonCheck(db, "slow");
    expect(await conservation(app.services)).toEqual(known);
  });

  test("is measured: by kind once there was a check, and not at all while nothing is known", async () => {
    const scrape = async () => {
      const headers = { authorization: "Bearer scrape" };
      const request = new Request("http://localhost:3000/metrics", { headers });
      // A process of its own each time: one that is asked twice within seconds says the same.
      const text = await (await handleMetrics({ ...app.services }, request)).text();
      return text.split("\n").filter((line) => line.startsWith("goalkeeper_conservation_breaches{"));
    };
    expect(await scrape()).toEqual([]);
    await money.append("0".repeat(24), 5);
    await checkConservation(app.services, { whole: true });
    expect(await scrape()).toEqual(
      ["overdrawn", "late", "left_behind", "malformed", "sums_differ"].map(
        (kind) => `goalkeeper_conservation_breaches{kind="${kind}"} ${kind === "sums_differ" ? 1 : 0}`,
      ),
    );
  });
});
