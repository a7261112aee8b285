import { ObjectId } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expiryId, goalEndedId, supersessionId } from "#src/contract/events.ts";
import { createServices } from "#src/server/services.ts";
import { writeEndedGoals } from "#src/testing/ended-goals.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { openBelonging, sendingSpan } from "./belonging.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({}, false);
});
afterAll(() => app.close());

const goal = "a".repeat(24);
const uuid = "2460fe28-447c-4efc-8486-cde622abb427";

test.each([
  ["a decline", uuid],
  ["the clock", expiryId(goal, 0, 7_200_000)],
])("a signal's id says by what %s ended the goal, also when it is sent again", async (_, endingId) => {
  const belongingOf = openBelonging(app.services.db);
  for (const id of [goalEndedId(goal, endingId), goalEndedId(goal, endingId, 3)]) {
    const belonging = await belongingOf({ name: "goal.ended", id, data: { goal_id: goal } });
    expect(belonging).toEqual({ goalId: goal, endingId, sender: sendingSpan(id) });
  }
});

test("where no id says it, the goal does", async () => {
  const { goalIds } = await writeEndedGoals(app.services, 1);
  const goalId = goalIds[0] ?? "";
  const endingId = `test-${goalId}`;
  const belongingOf = openBelonging(app.services.db);
  const data = { goal_id: goalId };
  const ids = [supersessionId(goalId, goal), "by-hand:1"];
  for (const id of ids.map((ended) => goalEndedId(goalId, ended))) {
    expect(await belongingOf({ name: "goal.ended", id, data })).toMatchObject({ endingId });
  }
  // It hangs on the signal that it stands in for.
  expect(await belongingOf({ name: "goal.ended.retry", id: "reconcile:1", data })).toEqual({
    goalId,
    endingId,
    sender: sendingSpan(goalEndedId(goalId, endingId)),
  });
});

test("an event of a goal that nobody knows belongs to it, and to no end", async () => {
  const goalId = new ObjectId().toHexString();
  const event = { name: "goal.ended.retry", id: "x", data: { goal_id: goalId } };
  expect(await openBelonging(app.services.db)(event)).toEqual({
    goalId,
    endingId: undefined,
    sender: undefined,
  });
});

test("whoever invokes a task tells it whose end it serves, and a failure is its event's", async () => {
  const belongingOf = openBelonging(app.services.db);
  const _serves = { ending_id: uuid, goal_id: goal, span_id: "b".repeat(16) };
  const invoked = { name: "inngest/function.invoked", id: "1", data: { session_id: goal, _serves } };
  expect(await belongingOf(invoked)).toEqual({ goalId: goal, endingId: uuid, sender: _serves.span_id });
  const event = { name: "goal.deactivate", id: uuid, data: { goal_id: goal } };
  const failed = { name: "inngest/function.failed", id: "2", data: { event } };
  expect(await belongingOf(failed)).toEqual({ goalId: goal, endingId: uuid, sender: sendingSpan(uuid) });
});

test("nobody waits long for a database that is away", async () => {
  const away = createServices({ ...app.services.settings, DATABASE_URL: "mongodb://127.0.0.1:9/away" });
  const began = performance.now();
  const event = { name: "goal.ended.retry", id: "1", data: { goal_id: goal } };
  expect(await openBelonging(away.db)(event)).toMatchObject({ endingId: undefined });
  expect(performance.now() - began).toBeLessThan(1_500);
  await away.close();
});

test("nothing is known of what names no goal", async () => {
  const belongingOf = openBelonging(app.services.db);
  expect(await belongingOf({ name: "bulk.started", id: "1", data: { bulk_id: goal } })).toEqual({});
  expect(await belongingOf({ name: "goal.ended.retry", data: "nonsense" })).toEqual({});
});
