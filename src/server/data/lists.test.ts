import { type AggregateOptions, type Document, ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { cooldownFilter, pendingFilter, oldestOf, questions } from "./attention.ts";
import { auditPipeline } from "./audit-lists.ts";
import { dueRefundsPipeline } from "./due-refunds.ts";
import { comparedPipeline, comparedSummaries } from "./escrow-goals.ts";
import { countPipelines, durationsPipeline, failedFilter } from "./figures.ts";
import { newestFirst, sideSums, transferFilter } from "./ledger-lists.ts";
import { afterEscrow, writtenSince } from "./ledger-walk.ts";
import { sessionHint, sessionPipeline } from "./session-lists.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({}, false);
  await fill();
});
afterAll(async () => app.close());

const began = Date.UTC(2026, 10, 1);
const minute = 60_000;
const many = 300;
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, "0"));
const time = (n: number) => new Date(began + n * minute);
/** A place in the middle of every list. */
const middle = { at: time(many / 2), id: id(many / 2) };

/** Three hundred of everything, a minute apart. Every tenth is of somebody, of some kind, or wrong in some way. */
async function fill(): Promise<void> {
  const numbers = Array.from({ length: many }, (_, n) => n);
  const tenth = (n: number) => n % 10 === 0;
  const documents: Record<string, (n: number) => Document> = {
    audit_log: (n) => ({
      _id: id(n),
      at: time(n),
      actor: tenth(n) ? id(1) : id(2),
      action: tenth(n) ? "goal.retry" : "refund.hold",
      status: tenth(n) ? "lapsed" : "completed",
      target: tenth(n) ? "ledger" : `goal:${n}`,
    }),
    sessions: (n) => ({
      _id: id(n),
      user: { id: tenth(n) ? id(1) : id(2) },
      // The newest go on, and some others.
      statuses: { created: time(n), ...(n < many - 100 && n % 20 !== 0 && { ended: time(n + 60) }) },
    }),
    ledger_transfers: (n) => ({
      _id: `hold:${n}`,
      insert_id: id(n),
      at: time(n),
      debit: tenth(n) ? "viewer:1" : `${n % 2 === 0 ? "viewer" : "escrow"}:${n}`,
      credit: tenth(n) ? "escrow:1" : `${n % 2 === 0 ? "escrow" : "viewer"}:${n}`,
      escrow_id: tenth(n) ? "1" : String(n),
      amount: 1,
      currency: "USD",
    }),
    goals: (n) => ({
      _id: id(n),
      created: time(n),
      exp: time(n),
      active: n > many - 10,
      ...(tenth(n) && { deactivated: { at: time(n), reason: "declined" } }),
    }),
    goal_summaries: (n) => ({
      _id: id(n),
      created: time(n),
      state: n > many - 10 ? "pending" : "ended",
      refund: ["due", "held", "none", "refunded", "paid"][n % 5],
      refund_due: time(n),
      ...(n <= many - 10 && { ended: time(n) }),
      ...(tenth(n) && { trouble: ["any", "failed", "failed:track_goals", "late"], cooldown: time(n) }),
    }),
    refund_holds: (n) => ({ _id: id(n), at: time(n) }),
    bulk_actions: (n) => ({ _id: id(n), created: time(n), status: tenth(n) ? "awaiting_approval" : "done" }),
  };
  for (const [name, make] of Object.entries(documents)) {
    await app.services.db.driver.collection<{ _id: unknown }>(name).insertMany(numbers.map(make) as never);
  }
}

/** How the database finds what is asked for. The first stages of a pipeline are a search of their own. */
async function explained(
  collection: string,
  query: Document[] | { filter: Document; sort: Document },
  options: AggregateOptions = {},
) {
  const { driver } = app.services.db;
  const documents = driver.collection(collection);
  const answer: Document = Array.isArray(query)
    ? await documents.aggregate(query, options).explain("executionStats")
    : await documents
        .find(query.filter)
        .sort(query.sort as never)
        .limit(20)
        .explain("executionStats");
  const found = (answer["queryPlanner"] === undefined ? answer["stages"][0].$cursor : answer) as {
    queryPlanner: { winningPlan: Document };
    executionStats: { nReturned: number; totalDocsExamined: number };
  };
  return {
    plan: JSON.stringify(found.queryPlanner.winningPlan),
    given: found.executionStats.nReturned,
    read: found.executionStats.totalDocsExamined,
  };
}

const escrow = { at: middle.at, id: "hold:150" };
const day = { from: began, to: began + 24 * 3_600_000 };
const wanting = Object.values(questions({ now: began + 100 * minute, late_ms: minute, since: began }));
const lists: [string, string, Document[] | { filter: Document; sort: Document }, AggregateOptions?][] = [
  ...[
    {},
    { actor: id(1).toHexString() },
    { action: "goal.retry" as const },
    { status: "lapsed" as const },
    { target: "ledger" },
    { from: time(20), to: time(200) },
    { target: "ledger", from: time(20) },
  ].flatMap((filter): [string, string, Document[]][] => [
    [
      `entries by ${Object.keys(filter).join(" and ") || "time"}`,
      "audit_log",
      auditPipeline(filter, null, 20),
    ],
    [`the same after a place`, "audit_log", auditPipeline(filter, middle, 5)],
  ]),
  ...[
    {},
    { live: true },
    { live: false },
    { streamer: id(1).toHexString() },
    { live: true, streamer: id(1).toHexString() },
  ].flatMap((filter): [string, string, Document[], AggregateOptions][] => [
    [
      `sessions by ${JSON.stringify(filter)}`,
      "sessions",
      sessionPipeline(filter, null, 5),
      sessionHint(filter),
    ],
    [`the same after a place`, "sessions", sessionPipeline(filter, middle, 5), sessionHint(filter)],
  ]),
  ...[{}, { debit: "viewer:1" }, { credit: "escrow:1" }, { escrow_id: "1" }].flatMap(
    (of): [string, string, { filter: Document; sort: Document }][] => [
      [
        `transfers by ${JSON.stringify(of)}`,
        "ledger_transfers",
        { filter: transferFilter(of, null), sort: newestFirst },
      ],
      [
        "the same after a place",
        "ledger_transfers",
        { filter: transferFilter(of, escrow), sort: newestFirst },
      ],
    ],
  ),
  ["balances, what was given", "ledger_transfers", sideSums("debit", ["viewer:1", "viewer:2"])],
  ["balances, what was got", "ledger_transfers", sideSums("credit", ["escrow:1", "escrow:2"])],
  ["the whole ledger", "ledger_transfers", { filter: afterEscrow("15"), sort: { escrow_id: 1 } }],
  ["what is new", "ledger_transfers", { filter: writtenSince(time(280), null), sort: { at: 1, _id: 1 } }],
  [
    "what is new after a place",
    "ledger_transfers",
    { filter: writtenSince(time(0), escrow), sort: { at: 1, _id: 1 } },
  ],
  ...comparedSummaries.map((of): [string, string, Document[]] => [
    `summaries to compare, ${JSON.stringify(of)}`,
    "goal_summaries",
    comparedPipeline(of, { created: middle.at, _id: middle.id }),
  ]),
  ["escrows that should be empty", "goal_summaries", dueRefundsPipeline(null, null, 20)],
  ["the same after a place", "goal_summaries", dueRefundsPipeline(null, middle, 20)],
  ["refunds that are late", "goal_summaries", dueRefundsPipeline(time(200), middle, 20)],
  ...Object.entries(countPipelines(day, minute)).map(([what, pipeline]): [string, string, Document[]] => [
    `how many were ${what}`,
    what === "refunded" ? "ledger_transfers" : "goals",
    pipeline,
  ]),
  ["what failed", "goal_summaries", [{ $match: failedFilter(day, "failed:track_goals") }]],
  ["how long effects took", "goal_summaries", durationsPipeline(began, 20)],
  ["what is in cooldown", "goal_summaries", [{ $match: cooldownFilter(time(200)) }]],
  ...wanting.flatMap(
    ({ collection, ...question }): [string, string, Document[] | { filter: Document; sort: Document }][] => [
      [
        `how much of ${collection} ${JSON.stringify(question.filter)}`,
        collection,
        [{ $match: question.filter }],
      ],
      ["and since when", collection, oldestOf(question)],
    ],
  ),
];

describe("each is found by a declared index, without sorting and without looking at others", () => {
  test.each(lists)("%s", async (name, collection, query, options) => {
    const { plan, given, read } = await explained(collection, query, options);
    expect(plan).toContain("IXSCAN");
    expect(plan).not.toMatch(/COLLSCAN|SORT/);
    expect(given).toBeGreaterThan(name.includes("none") ? -1 : 0);
    // The place itself is looked at, and what is counted by time has others among it.
    const others = name.startsWith("how many were") ? many : 1;
    expect(read).toBeLessThanOrEqual(given + others);
  });

  test("pending invitations, by when they run out", async () => {
    const { plan, read } = await explained("goals", [{ $match: pendingFilter(time(many - 20)) }]);
    expect(plan).toContain("IXSCAN");
    expect(read).toBeLessThan(20);
  });
});
