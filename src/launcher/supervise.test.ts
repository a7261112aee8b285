import { expect, test } from "vitest";
import type { RunningChild } from "./parent.ts";
import { decideAfterDeath, supervise } from "./supervise.ts";

test("each death within a minute doubles the wait, and the fifth is the last", () => {
  expect(decideAfterDeath([0])).toEqual({ kind: "restart", delay_ms: 100 });
  expect(decideAfterDeath([0, 1_000])).toEqual({ kind: "restart", delay_ms: 200 });
  expect(decideAfterDeath([0, 1, 2, 3])).toEqual({ kind: "restart", delay_ms: 800 });
  expect(decideAfterDeath([0, 1, 2, 3, 4])).toEqual({ kind: "give-up" });
});

test("deaths of more than a minute ago are forgotten", () => {
  expect(decideAfterDeath([0, 1, 2, 3, 70_000])).toEqual({ kind: "restart", delay_ms: 100 });
});

/** A child whose death a test decides. */
function child() {
  const exit = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>();
  const die = () => exit.resolve({ code: 1, signal: null });
  const running: RunningChild = {
    pid: 1,
    ready: undefined,
    exited: exit.promise,
    kill: die,
    stop: async () => die(),
  };
  return { running, die };
}

test("a child that dies is started again, and whoever waits for it is told", async () => {
  const children = [child(), child()];
  const back = Promise.withResolvers<void>();
  let starts = 0;
  const supervised = await supervise({
    name: "it",
    start: async () => (children[starts++] ?? child()).running,
    onBack: back.resolve,
    onGiveUp: () => undefined,
    log: () => undefined,
  });
  children[0]?.die();
  await back.promise;
  expect(starts).toBe(2);
  await supervised.stop();
  expect(starts).toBe(2);
});

test("a first start that fails is not repeated", async () => {
  let starts = 0;
  const failing = supervise({
    name: "it",
    start: async () => {
      starts++;
      throw new Error("no disk");
    },
    onBack: () => undefined,
    onGiveUp: () => undefined,
    log: () => undefined,
  });
  await expect(failing).rejects.toThrow("no disk");
  expect(starts).toBe(1);
});
