import { afterAll, beforeAll, expect, test } from "vitest";
import { escrowIdOf } from "#src/contract/ids.ts";
import { ProblemError } from "#src/contract/problems.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeScene, type Scene } from "#src/testing/scene.ts";
import { appRouter } from "../trpc/router.ts";
import { refundEscrow } from "./escrow.ts";

let app: TestApp;
let scene: Scene;
beforeAll(async () => {
  app = await startTestApp({}, false);
  scene = await makeScene(app.services, ["vic", "wen"]);
});
afterAll(async () => app.close());

const viewerNamed = (name: string) => scene.viewers[name] ?? "";
const as = (id: string, role: "viewer" | "streamer") =>
  appRouter.createCaller({
    services: app.services,
    caller: () => Promise.resolve({ id, role, name: "caller", email: "caller@example.com" }),
  });
const problem = (error: unknown) =>
  error instanceof Error && error.cause instanceof ProblemError ? error.cause.code : error;

test("a viewer's receipt lists what the ledger has, and says refunded only after it", async () => {
  const goalId = await scene.invite("vic");
  const escrowId = escrowIdOf(goalId);
  const vic = as(viewerNamed("vic"), "viewer");
  const before = await vic.me.receipt({ goal_id: goalId });
  expect(before.view).toMatchObject({ goal_id: goalId, refund: "held", amount: 1_200 });
  expect(before).toMatchObject({ escrow_id: escrowId, entries: [{ reason: "prepayment", amount: 1_200 }] });

  await refundEscrow(app.services, escrowId, { userId: scene.streamerId, nbf: 0, exp: null });
  const after = await vic.me.receipt({ goal_id: goalId });
  expect(after.view.refund).toBe("refunded");
  expect(after.entries.map(({ reason, debit, credit }) => [reason, debit, credit])).toEqual([
    ["prepayment", `viewer:${viewerNamed("vic")}`, `escrow:${escrowId}`],
    ["refund", `escrow:${escrowId}`, `viewer:${viewerNamed("vic")}`],
  ]);
});

test("nobody gets a receipt of another viewer's invitation, and it is answered like one that does not exist", async () => {
  const goalId = await scene.invite("wen");
  const vic = as(viewerNamed("vic"), "viewer");
  const answers = await Promise.all(
    [goalId, "0".repeat(24)].map((goal_id) => vic.me.receipt({ goal_id }).catch(problem)),
  );
  expect(answers).toEqual(["goal_not_found", "goal_not_found"]);
  const streamer = as(scene.streamerId, "streamer");
  expect(await streamer.me.receipt({ goal_id: goalId }).catch(problem)).toBe("forbidden");
});
