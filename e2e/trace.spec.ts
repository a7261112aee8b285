import { type CollectedSpan } from "#src/testing/collector.ts";
import { pathOf, rootsOf } from "#src/testing/trace-tree.ts";
import { expect, test } from "./support/test.ts";
import { startTraced, type TracedStack } from "./support/traced.ts";

/** What an operator sees of one decline, from its request to its refund: one trace, and one id in all of its lines. */

test.describe.configure({ timeout: 90_000 });

let stack: TracedStack;
let output = "";
test.beforeAll(async () => {
  stack = await startTraced((text) => (output += text));
});
test.afterAll(() => stack.close());

/** The way from the request to the refund in the ledger. */
const toTheRefund = [
  "DELETE /goals/{goal_id}",
  "send goal.deactivate",
  "deactivate_goal",
  "step send the signal",
  "send goal.ended",
  "trigger_exclusive_goal_escrow_refund",
  "invoke refund",
  "escrow_refund",
  "step resolve the escrow",
  "ledger refund",
];

const one = (spans: readonly CollectedSpan[], name: string): CollectedSpan => {
  const [span, ...more] = spans.filter((each) => each.name === name);
  if (span === undefined || more.length > 0) throw new Error(`there is not one span ${name}`);
  return span;
};

/** The lines of the log about one end. */
const linesAbout = (endingId: string) =>
  output
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line["ending_id"] === endingId);

test("a decline is one trace from its request to its refund, though the app was killed in between", async () => {
  const { eventId, spans } = await stack.decline({ kill: true });
  expect(rootsOf(spans).map(({ name }) => name)).toEqual(["DELETE /goals/{goal_id}"]);
  const refund = one(spans, "ledger refund");
  expect(pathOf(spans, refund)).toEqual(toTheRefund);
  expect(refund.pid).not.toBe(one(spans, "DELETE /goals/{goal_id}").pid);
  expect(one(spans, "escrow_refund").pid).toBe(refund.pid);
  expect(eventId).not.toBe("");
});

test("the log says of a decline, by one id, who answered, what ran and that the money went back", async () => {
  const { eventId, goalId } = await stack.decline();
  await expect.poll(() => linesAbout(eventId).map(({ msg }) => msg)).toContain("a refund is in the ledger");
  const lines = linesAbout(eventId);
  expect(new Set(lines.map(({ goal_id }) => goal_id))).toEqual(new Set([goalId]));
  const said = lines.map(({ msg }) => msg);
  const facts = [
    "a decline was answered",
    "a goal has ended, and its signal is sent",
    "a refund is in the ledger",
  ];
  expect(said.filter((msg) => facts.includes(String(msg)))).toEqual(expect.arrayContaining(facts));
  const refund = lines.find(({ msg }) => msg === "a refund is in the ledger");
  expect(refund).toMatchObject({
    function: "escrow_refund",
    attempt: 0,
    run_id: expect.any(String) as unknown,
  });
  const steps = lines.filter(({ msg }) => msg === "a step is done").map(({ step }) => step);
  expect(steps).toEqual(expect.arrayContaining(["end the goal", "set the cooldown", "resolve the escrow"]));
  const functions = new Set(
    lines.filter(({ msg }) => msg === "a function was called").map((line) => line["function"]),
  );
  expect(functions.size).toBe(15);
});
