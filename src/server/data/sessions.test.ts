import fc from "fast-check";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import type { PairDocument } from "./documents.ts";
import { findOtherPairs, unsetPair } from "./pairs.ts";
import { findSession, insertSession, pairsOf, setEmbeddedGoalEnded } from "./sessions.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

const end = new Date("2026-01-01T12:00:00.000Z");
const earlier = new Date(end.getTime() - 1);
const own = new ObjectId();
const pending = (): PairDocument => ({ created: earlier, trigger_exclusive_goal: new ObjectId() });
const newViewer = () => new ObjectId().toHexString();
const sessions = () => app.services.db.driver.collection("sessions");

/** A session with these pairs, whatever they look like. */
async function sessionWith(pairs: Record<string, unknown>, records: Record<string, unknown> = {}) {
  const _id = new ObjectId();
  await insertSession(app.services.db, {
    _id,
    user: { id: new ObjectId() },
    statuses: { created: earlier },
    trigger_private_goals: records as never,
    exclusive_goal_pairs: pairs as never,
  });
  return _id.toHexString();
}
const look = (sessionId: string) =>
  findOtherPairs(app.services.db, { sessionId, goalId: own.toHexString(), before: end });
const pairsNow = async (sessionId: string) =>
  (await findSession(app.services.db, sessionId))?.exclusive_goal_pairs ?? {};

async function cleanUp(sessionId: string) {
  for (const other of await look(sessionId)) await unsetPair(app.services.db, sessionId, other, end);
  return await pairsNow(sessionId);
}

/** Entries that no page could show, and that no write of ours has made. */
const malformed = {
  "": pending(),
  $: pending(),
  "a.b": pending(),
  [newViewer()]: null,
  [newViewer()]: "pair",
  [newViewer()]: [pending()],
  [newViewer()]: {},
  [newViewer()]: { created: earlier },
  [newViewer()]: { ...pending(), trigger_exclusive_goal: null },
  [newViewer()]: { ...pending(), trigger_exclusive_goal: "x" },
  [newViewer()]: { ...pending(), trigger_exclusive_goal: [new ObjectId()] },
  [newViewer()]: { ...pending(), created: "yesterday" },
};

test("malformed pairs do not hide the others", async () => {
  const viewer = newViewer();
  const session = await findSession(
    app.services.db,
    await sessionWith({ ...malformed, [viewer]: pending() }),
  );
  if (session === null) throw new Error("The session is gone.");
  expect([...pairsOf(session).keys()]).toEqual([viewer]);
});

describe("the pairs that a decline removes", () => {
  test.each<[string, Record<string, unknown>]>([
    ["was agreed to", { trigger_exclusive_goal_agreed: end }],
    ["went on show", { exclusive_goal: new ObjectId() }],
    [
      "ended by a decline of its own",
      { trigger_exclusive_goal_ended: end, trigger_exclusive_goal_cooldown: end },
    ],
    ["was replaced by another invitation", { trigger_exclusive_goal: new ObjectId() }],
    ["was begun anew", { created: end }],
  ])("do not include one that %s after it was looked at", async (_, change) => {
    const viewer = newViewer();
    const sessionId = await sessionWith({ [viewer]: pending() });
    const [seen] = await look(sessionId);
    if (seen === undefined) throw new Error("The pair was not found.");
    const $set = Object.fromEntries(
      Object.entries(change).map(([field, value]) => [`exclusive_goal_pairs.${viewer}.${field}`, value]),
    );
    await sessions().updateOne({ _id: new ObjectId(sessionId) }, { $set });
    const before = await pairsNow(sessionId);
    await unsetPair(app.services.db, sessionId, seen, end);
    expect(await pairsNow(sessionId)).toEqual(before);
  });

  test("include one whose show came to its end after it was looked at", async () => {
    const viewer = newViewer();
    const sessionId = await sessionWith({ [viewer]: pending() });
    const [seen] = await look(sessionId);
    if (seen === undefined) throw new Error("The pair was not found.");
    await sessions().updateOne(
      { _id: new ObjectId(sessionId) },
      { $set: { [`exclusive_goal_pairs.${viewer}.exclusive_goal_ended`]: end } },
    );
    await unsetPair(app.services.db, sessionId, seen, end);
    expect(await pairsNow(sessionId)).toEqual({});
  });

  test("include one whose goal gave way, and was marked for it, after it was looked at", async () => {
    const viewer = newViewer();
    const sessionId = await sessionWith({ [viewer]: pending() });
    const [seen] = await look(sessionId);
    if (seen === undefined) throw new Error("The pair was not found.");
    await sessions().updateOne(
      { _id: new ObjectId(sessionId) },
      { $set: { [`exclusive_goal_pairs.${viewer}.trigger_exclusive_goal_ended`]: end } },
    );
    await unsetPair(app.services.db, sessionId, seen, end);
    expect(await pairsNow(sessionId)).toEqual({});
  });

  test("do not include malformed ones, which do not keep the others", async () => {
    const sessionId = await sessionWith({ ...malformed, [newViewer()]: pending() });
    expect(await cleanUp(sessionId)).toEqual(malformed);
  });

  test("are none where the session has no pairs at all, or is gone", async () => {
    expect(await look(await sessionWith({}))).toEqual([]);
    expect(await look(new ObjectId().toHexString())).toEqual([]);
    const sessionId = await sessionWith({});
    await sessions().updateOne({ _id: new ObjectId(sessionId) }, { $unset: { exclusive_goal_pairs: true } });
    expect(await look(sessionId)).toEqual([]);
  });

  test("are exactly the specified ones, whatever state the pairs are in", async () => {
    const optional = (value: Date | ObjectId) => fc.constantFrom(undefined, null, value);
    const pair = fc.record({
      created: fc.constantFrom(earlier, end, new Date(end.getTime() + 1)),
      trigger_exclusive_goal: fc.constantFrom(own, new ObjectId()),
      trigger_exclusive_goal_agreed: optional(earlier),
      trigger_exclusive_goal_ended: optional(earlier),
      exclusive_goal: optional(new ObjectId()),
      exclusive_goal_ended: optional(earlier),
    });
    const goes = (one: typeof pair extends fc.Arbitrary<infer T> ? T : never) =>
      one.created < end &&
      one.trigger_exclusive_goal !== own &&
      (one.exclusive_goal_ended != null ||
        (one.exclusive_goal == null &&
          one.trigger_exclusive_goal_agreed == null &&
          one.trigger_exclusive_goal_ended == null));
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { maxLength: 12 }), async (states) => {
        const pairs = states.map((state) => [newViewer(), state] as const);
        const present = (state: object) =>
          Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
        const sessionId = await sessionWith(
          Object.fromEntries(pairs.map(([viewer, state]) => [viewer, present(state)])),
        );
        const stay = pairs.filter(([, state]) => !goes(state)).map(([viewer]) => viewer);
        expect(Object.keys(await cleanUp(sessionId))).toEqual(stay);
      }),
      { numRuns: 60 },
    );
  });
});

describe("marking an invitation as ended", () => {
  const cooldown = new Date(end.getTime() + 600_000);
  const marks = { trigger_exclusive_goal_ended: end, trigger_exclusive_goal_cooldown: cooldown };
  const mark = (sessionId: string, viewerId: string, now = end) =>
    setEmbeddedGoalEnded(app.services.db, { sessionId, goalId: own.toHexString(), viewerId, cooldown, now });

  test("marks the record and the pair that points at the goal, and nothing of other viewers", async () => {
    const [viewer, other] = [newViewer(), newViewer()];
    const [pair, another] = [{ ...pending(), trigger_exclusive_goal: own }, pending()];
    const record = { goal: another.trigger_exclusive_goal };
    const sessionId = await sessionWith(
      { [viewer]: pair, [other]: another },
      { [viewer]: { goal: own }, [other]: record },
    );
    await mark(sessionId, viewer);
    expect(await findSession(app.services.db, sessionId)).toMatchObject({
      exclusive_goal_pairs: { [viewer]: { ...pair, ...marks }, [other]: another },
      trigger_private_goals: { [viewer]: { goal: own, ...marks }, [other]: record },
    });
  });

  test("again keeps the first end, and changes nothing", async () => {
    const viewer = newViewer();
    const sessionId = await sessionWith(
      { [viewer]: { ...pending(), trigger_exclusive_goal: own } },
      { [viewer]: { goal: own } },
    );
    await mark(sessionId, viewer);
    const first = await findSession(app.services.db, sessionId);
    await mark(sessionId, viewer, new Date(end.getTime() + 5_000));
    expect(await findSession(app.services.db, sessionId)).toEqual(first);
  });

  test("takes an end that is null for one that is not set", async () => {
    const viewer = newViewer();
    const sessionId = await sessionWith(
      {},
      { [viewer]: { goal: own, trigger_exclusive_goal_ended: null, trigger_exclusive_goal_cooldown: null } },
    );
    await mark(sessionId, viewer);
    const session = await findSession(app.services.db, sessionId);
    expect(session?.trigger_private_goals).toEqual({ [viewer]: { goal: own, ...marks } });
  });

  test("leaves a pair alone that was replaced by another invitation", async () => {
    const viewer = newViewer();
    const replaced = pending();
    const sessionId = await sessionWith({ [viewer]: replaced }, { [viewer]: { goal: own } });
    await mark(sessionId, viewer);
    expect(await pairsNow(sessionId)).toEqual({ [viewer]: replaced });
  });

  test("creates no pair where there is none", async () => {
    const [viewer, other] = [newViewer(), newViewer()];
    const another = pending();
    const sessionId = await sessionWith({ [other]: another }, { [viewer]: { goal: own } });
    await mark(sessionId, viewer);
    expect(await pairsNow(sessionId)).toEqual({ [other]: another });
  });

  test("changes nothing when the record points at another goal, or there is none", async () => {
    const [viewer, other] = [newViewer(), newViewer()];
    const sessionId = await sessionWith(
      { [viewer]: { ...pending(), trigger_exclusive_goal: own } },
      { [viewer]: { goal: new ObjectId() } },
    );
    const before = await findSession(app.services.db, sessionId);
    await mark(sessionId, viewer);
    await mark(sessionId, other);
    expect(await findSession(app.services.db, sessionId)).toEqual(before);
  });
});
