import fc from "fast-check";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { receiverStatuses } from "#src/contract/receivers.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { recordRun, type RunKey, type RunProgress, runsOfGoal } from "./receiver-runs.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

const newRun = (): RunKey => ({
  goalId: new ObjectId().toHexString(),
  receiver: "track_goals",
  eventId: "event",
});
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

/** Records these in turn, a second apart, and gives what is known after each. */
async function recorded(...entries: RunProgress[]) {
  const key = newRun();
  const seen = [];
  for (const [second, entry] of entries.entries()) {
    await recordRun(app.services.db, key, entry, at(second));
    seen.push((await runsOfGoal(app.services.db, key.goalId))[0]);
  }
  return seen;
}
const last = async (...entries: RunProgress[]) => (await recorded(...entries)).at(-1);

describe("the record of a run", () => {
  test("says since when it runs, and when and how it ended", async () => {
    const [begun, ended] = await recorded(
      { status: "running", attempt: 0 },
      { status: "returned", attempt: 0, reason: "Serves others." },
    );
    expect(begun).toMatchObject({ status: "running", attempt: 0, started: at(0) });
    expect(begun).not.toHaveProperty("finished");
    expect(ended).toEqual({
      ...begun,
      status: "returned",
      reason: "Serves others.",
      finished: at(1),
    });
  });

  test("shows the error of an attempt that failed, and counts attempts upwards only", async () => {
    const seen = await recorded(
      { status: "running", attempt: 0 },
      { status: "running", attempt: 0, error: "no" },
      { status: "running", attempt: 1 },
      { status: "running", attempt: 2, error: "never" },
      { status: "running", attempt: 0 },
      { status: "failed", attempt: 0, error: "never ever" },
    );
    expect(seen.map((run) => [run?.attempt, run?.error])).toEqual([
      [0, undefined],
      [0, "no"],
      [1, "no"],
      [2, "never"],
      [2, "never"],
      [2, "never ever"],
    ]);
    expect(seen.at(-1)).toMatchObject({ status: "failed", finished: at(5) });
  });

  test("keeps nothing of the way there once it is done", async () => {
    const run = await last(
      { status: "waiting", attempt: 0, reason: "until tomorrow" },
      { status: "running", attempt: 1, error: "no" },
      { status: "done", attempt: 1 },
    );
    expect(run).toMatchObject({ status: "done", attempt: 1 });
    expect(run).not.toHaveProperty("error");
    expect(run).not.toHaveProperty("reason");
  });

  test("of a failed run that is taken up again has no end until it ends again", async () => {
    const [failed, running, done] = await recorded(
      { status: "failed", attempt: 4, error: "no" },
      { status: "running", attempt: 0 },
      { status: "done", attempt: 0 },
    );
    expect(failed).toHaveProperty("finished");
    expect(running).not.toHaveProperty("finished");
    expect(done).toMatchObject({ status: "done", finished: at(2), started: at(0) });
  });

  test("says when it began, though nothing was recorded of it then", async () => {
    const [first, second] = await recorded(
      { status: "running", attempt: 1, started: at(-9), error: "no" },
      { status: "done", attempt: 2, started: at(-3) },
    );
    expect(first).toMatchObject({ started: at(-9) });
    expect(second).toMatchObject({ started: at(-9), finished: at(1) });
  });

  test("is one document, however many write it at once", async () => {
    const key = newRun();
    await Promise.all(
      Array.from({ length: 20 }, (_, attempt) =>
        recordRun(app.services.db, key, { status: "running", attempt }, at(0)),
      ),
    );
    await recordRun(app.services.db, key, { status: "done", attempt: 0 }, at(1));
    const runs = await runsOfGoal(app.services.db, key.goalId);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ status: "done" });
  });

  test("is another document for another receiver, and for another event", async () => {
    const key = newRun();
    const done: RunProgress = { status: "done", attempt: 0 };
    await recordRun(app.services.db, key, done, at(0));
    await recordRun(app.services.db, { ...key, receiver: "notify_goal_ended" }, done, at(1));
    await recordRun(app.services.db, { ...key, eventId: "another" }, done, at(2));
    const runs = await runsOfGoal(app.services.db, key.goalId);
    expect(runs.map(({ receiver, event_id }) => [receiver, event_id])).toEqual([
      ["track_goals", "event"],
      ["notify_goal_ended", "event"],
      ["track_goals", "another"],
    ]);
  });

  test("never changes again once it is done or returned, whatever comes late", async () => {
    const entry = fc
      .record({ status: fc.constantFrom(...receiverStatuses), attempt: fc.nat(20), error: fc.string() })
      .map(({ error, ...rest }): RunProgress => (rest.status === "failed" ? { ...rest, error } : rest));
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 2, maxLength: 8 }), async (entries) => {
        const seen = await recorded(...entries);
        const settled = seen.findIndex((run) => run?.status === "done" || run?.status === "returned");
        const after = settled < 0 ? [] : seen.slice(settled);
        expect(after).toEqual(after.map(() => after[0]));
        const attempts = seen.map((run) => run?.attempt ?? -1);
        expect(attempts).toEqual(attempts.toSorted((a, b) => a - b));
      }),
      { numRuns: 30 },
    );
  });
});
