import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { escrowIdOf } from "#src/contract/ids.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { endUnsignalled, makeScene } from "#src/testing/scene.ts";
import { refundEscrow } from "../escrow.ts";
import { figures } from "./overview.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

describe("the figures", () => {
  test("count what happened, in stretches without gaps, for each range", async () => {
    const { services } = app;
    const scene = await makeScene(services, ["vic", "wen"]);
    const declined = await scene.invite("vic");
    await scene.invite("wen");
    await endUnsignalled(services, scene, declined);
    await refundEscrow(services, escrowIdOf(declined), { userId: scene.streamerId, nbf: 0, exp: null });
    await services.news.settle();
    for (const [range, length] of [
      ["hour", 60],
      ["day", 48],
      ["month", 30],
    ] as const) {
      const found = await figures(services, range);
      expect(found.points).toHaveLength(length);
      expect(found.points.at(-1)).toMatchObject({ invited: 2, declined: 1, refunded: 1, failed: 0 });
      expect(found).toMatchObject({ pending: 1, cooldowns_active: 1 });
      expect(found.refunded).toEqual([{ currency: "USD", amount: 1_200 }]);
    }
  });
});
