import { expect, test } from "vitest";
import { drawPlan, fates, type Fault } from "./plan.ts";

/** The seeds of `npm test`: 1 to 20. */
const fixed = Array.from({ length: 20 }, (_, index) => drawPlan(index + 1));
const many = Array.from({ length: 500 }, (_, index) => drawPlan(index + 1));

test("the same seed draws the same faults, and another one others", () => {
  expect(drawPlan(7)).toEqual(drawPlan(7));
  expect(drawPlan(7)).not.toEqual(drawPlan(8));
});

test("each plan has a decline, faults, and nobody who invites the same streamer twice", () => {
  for (const { invitations, faults } of many) {
    expect(invitations.some(({ fate }) => fate === "decline")).toBe(true);
    expect(faults.length).toBeGreaterThan(1);
    const couples = invitations.map(({ streamer, viewer }) => `${streamer} ${viewer}`);
    expect(new Set(couples).size).toBe(couples.length);
  }
});

test("the seeds that always run have every fate, every fault, and every process killed", () => {
  const faults = fixed.flatMap((plan) => plan.faults);
  const kinds: readonly Fault["kind"][] = [
    "kill",
    "lost",
    "late",
    "twice",
    "overtaken",
    "refused",
    "slow",
    "clock",
    "full disk",
  ];
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(kinds));
  const killed = faults.flatMap((fault) => (fault.kind === "kill" ? [fault.what] : []));
  expect(new Set(killed)).toEqual(new Set(["app", "services", "all"]));
  const offsets = faults.flatMap((fault) => (fault.kind === "clock" ? [Math.sign(fault.offset_ms)] : []));
  expect(new Set(offsets)).toEqual(new Set([1, -1]));
  const done = fixed.flatMap((plan) => plan.invitations.map(({ fate }) => fate));
  expect(new Set(done)).toEqual(new Set(fates));
});
