import { type Document, ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { newGoal } from "../operations/invite.ts";
import {
  endedAfter,
  findEndedAfter,
  findOverdue,
  findUnbegun,
  lastEnded,
  overdue,
  unbegun,
} from "./endings.ts";
import type { Place } from "./keyset.ts";

const now = new Date("2026-06-01T12:00:00.000Z");
const ago = (s: number) => new Date(now.getTime() - s * 1_000);
const streamerId = new ObjectId();
const count = 1_200;
const few = 20;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({}, false);
  const goal = (n: number) => ({
    ...newGoal({
      sessionId: new ObjectId(),
      streamerId,
      viewerId: new ObjectId(),
      prepaid_s: 60,
      standsFor_ms: 60_000,
      // Two at each time, so that it is the id that settles the order.
      now: ago(Math.floor(n / 2)),
    }),
    progress: 1,
  });
  const end = (n: number) => ({
    at: ago(Math.floor(n / 2)),
    by: streamerId,
    event_id: String(n),
    reason: "declined",
  });
  const goals = Array.from({ length: count }, (_, n) => n);
  await app.services.db.driver
    .collection("goals")
    .insertMany([
      ...goals.map((n) => ({ ...goal(n), deactivated: end(n) })),
      ...goals.map((n) => ({ ...goal(n), agreed: { at: ago(n) } })),
      ...goals.map((n) => ({ ...goal(n), active: true })),
      ...goals.slice(0, few).map((n) => ({ ...goal(n), progress: 0 })),
    ]);
});
afterAll(async () => app.close());

async function explained(pipeline: Document[]) {
  const plan = await app.services.db.driver.collection("goals").aggregate(pipeline).explain();
  const text = JSON.stringify(plan);
  const stats = plan["executionStats"] ?? plan["stages"]?.[0]?.["$cursor"]?.executionStats ?? {};
  const { nReturned, totalDocsExamined } = stats as Record<string, number>;
  return { scans: text.includes("COLLSCAN"), sorts: text.includes('"SORT"'), nReturned, totalDocsExamined };
}

describe("each batch is read by an index, and reads no more than it gives", () => {
  const place = { at: ago(300), id: new ObjectId("0".repeat(24)) };
  test.each<[string, Document[], number]>([
    ["what has run out", overdue(now, null, 100), 100],
    ["what has run out, further on", overdue(now, place, 100), 100],
    ["what has neither begun nor ended", unbegun(now, null, 100), few],
    ["the last ends", lastEnded(now, 100), 100],
    ["the ends from the first on", endedAfter(now, null, 100), 100],
    ["the ends from a place on", endedAfter(now, place, 100), 100],
  ])("%s", async (_, pipeline, found) => {
    const { scans, sorts, nReturned, totalDocsExamined } = await explained(pipeline);
    expect({ scans, sorts, nReturned }).toEqual({ scans: false, sorts: false, nReturned: found });
    expect(totalDocsExamined).toBeLessThanOrEqual(found + 2);
  });
});

describe("batch after batch gives every goal once, in order", () => {
  type Read = (after: Place<ObjectId> | null) => Promise<{ _id: ObjectId; at: Date }[]>;
  const limit = 77;
  const db = () => app.services.db;
  test.each<[string, number, Read]>([
    [
      "what has run out",
      count - 2 * 60,
      async (after) =>
        (await findOverdue(db(), { now, after, limit })).map(({ _id, exp }) => ({ _id, at: exp })),
    ],
    [
      "what has ended",
      count,
      async (after) =>
        (await findEndedAfter(db(), { before: now, after, limit })).map(({ _id, deactivated: { at } }) => ({
          _id,
          at,
        })),
    ],
    [
      "what has neither begun nor ended",
      few,
      async (after) =>
        (await findUnbegun(db(), { before: now, after, limit: 7 })).map(({ _id, created }) => ({
          _id,
          at: created,
        })),
    ],
  ])("%s", async (_, expected, read) => {
    const seen: { _id: ObjectId; at: Date }[] = [];
    for (let after: Place<ObjectId> | null = null; ;) {
      const found = await read(after);
      seen.push(...found);
      const last = found.at(-1);
      if (last === undefined) break;
      after = { at: last.at, id: last._id };
    }
    expect(new Set(seen.map(({ _id }) => _id.toHexString())).size).toBe(seen.length);
    expect(seen).toHaveLength(expected);
    const times = seen.map(({ at }) => at.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});
