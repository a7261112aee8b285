import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GoalFilter, type GoalSort, goalSorts } from "#src/contract/console.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { goalSummaries, summariesAfter } from "../../data/goal-summaries.ts";
import { planOfFilter } from "./filter.ts";

let app: TestApp;
const ids = Array.from({ length: 4 }, () => new ObjectId());
const id = (n: number) => ids[n % ids.length] ?? new ObjectId();
const hex = (n: number) => id(n).toHexString();
const began = Date.UTC(2026, 0, 1);
const total = 2_000;

/** Summaries of every kind, mixed: each filter matches some, and no filter goes with another. */
const outcomes = ["agreed", "declined", "expired", "superseded", undefined] as const;
const refunds = ["none", "held", "due", "refunded", "paid"] as const;
const troubles = [undefined, undefined, ["any", "failed"], ["any", "late"]] as const;
beforeAll(async () => {
  app = await startTestApp({}, false);
  // Strides without a common divisor spread each quality over all the others.
  const spread = (n: number, stride: number) => Math.floor(n / stride);
  await goalSummaries(app.services.db).insertMany(
    Array.from({ length: total }, (_, n) => {
      const outcome = outcomes[n % 5];
      const kinds = troubles[spread(n, 5) % 4];
      const created = began + ((n * 7_919) % total) * 1_000;
      return {
        _id: new ObjectId(),
        created: new Date(created),
        exp: new Date(created),
        state: outcome === undefined ? "pending" : "ended",
        ...(outcome !== undefined && { outcome, ended: new Date(created + (n % 50) * 500) }),
        streamer_id: id(spread(n, 20)),
        viewer_id: id(spread(n, 80)),
        session_id: id(spread(n, 320)),
        amount: (n * 31) % 97,
        currency: "USD",
        refund: refunds[(n * 13 + spread(n, 7)) % 5] ?? "none",
        effects: {},
        ...(kinds !== undefined && { trouble: [...kinds, ...kinds.map((kind) => `${kind}:track_goals`)] }),
        as_of: new Date(began),
      };
    }),
    // So many at once may take longer than any one write of the app, on a busy machine.
    { timeoutMS: 30_000 },
  );
});
afterAll(async () => app.close());

const explained = async (filter: GoalFilter) => {
  const plan = planOfFilter(filter);
  const { queryPlanner, executionStats } = await summariesAfter(app.services.db, plan, null)
    .limit(50)
    .explain();
  const stages = JSON.stringify(queryPlanner.winningPlan);
  return { plan, stages, read: executionStats.totalDocsExamined, given: executionStats.nReturned };
};

/** What the filters are, alone; and the pairs that people ask for. */
const alone: Record<string, GoalFilter> = {
  nothing: {},
  pending: { state: "pending" },
  ended: { state: "ended" },
  outcome: { outcome: "declined" },
  refund: { refund: "due" },
  "any trouble": { trouble: "any" },
  "a kind of trouble": { trouble: "failed" },
  "a receiver's trouble": { receiver: "track_goals" },
  "a receiver's kind of trouble": { trouble: "late", receiver: "track_goals" },
  streamer: { streamer: hex(0) },
  viewer: { viewer: hex(1) },
  session: { session: hex(2) },
};
const pairs: Record<string, GoalFilter> = {
  "refund and pending": { refund: "held", state: "pending" },
  "refund and outcome": { refund: "due", outcome: "expired" },
};
const pairsByCreation: Record<string, GoalFilter> = {
  "refund and ended": { refund: "held", state: "ended" },
  "streamer and pending": { streamer: hex(0), state: "pending" },
  "streamer and outcome": { streamer: hex(0), outcome: "declined" },
  "streamer and trouble": { streamer: hex(0), trouble: "failed" },
  "streamer and a receiver's trouble": { streamer: hex(0), trouble: "late", receiver: "track_goals" },
};
const from = new Date(began + 500_000).toISOString();
const to = new Date(began + 1_500_000).toISOString();
const bounded = (filter: GoalFilter, sort: GoalSort): GoalFilter =>
  sort === "amount" ? { ...filter, min_amount: 10, max_amount: 80 } : { ...filter, sort, from, to };
/** Among what has no end nothing is ordered by it. */
const makesSense = (filter: GoalFilter, sort: GoalSort) => sort !== "ended" || filter.state !== "pending";

describe("a declared index gives what is asked for, in order, and nothing besides", () => {
  const inEveryOrder = (filters: Record<string, GoalFilter>) =>
    Object.entries(filters).flatMap(([name, filter]) =>
      goalSorts
        .filter((sort) => makesSense(filter, sort))
        .flatMap((sort) => [
          { name: `${name}, by ${sort}`, filter: { ...filter, sort } },
          { name: `${name}, by ${sort} within bounds`, filter: bounded(filter, sort) },
        ]),
    );
  const cases = [
    ...inEveryOrder({ ...alone, ...pairs }),
    ...Object.entries(pairsByCreation).flatMap(([name, filter]) => [
      { name, filter },
      { name: `${name} within bounds`, filter: bounded(filter, "created") },
    ]),
  ];
  test.each(cases)("$name", async ({ filter }) => {
    const { plan, stages, read, given } = await explained(filter);
    expect(stages).toContain(`"keyPattern":${JSON.stringify(plan.hint)}`);
    expect(given).toBeGreaterThan(0);
    const matching = await goalSummaries(app.services.db).countDocuments(plan.match);
    expect(given).toBe(Math.min(50, matching));
    expect({ sorts: stages.includes("SORT"), read }).toEqual({ sorts: false, read: given });
  });
});

describe("every combination of filters", () => {
  const values: readonly GoalFilter[] = [
    { session: hex(0) },
    { viewer: hex(0) },
    { streamer: hex(0) },
    { trouble: "failed" },
    { receiver: "track_goals" },
    { refund: "due" },
    { state: "pending" },
    { state: "ended" },
    { outcome: "declined" },
    { from, to },
    { min_amount: 10 },
  ];
  const combinations = Array.from({ length: 2 ** values.length }, (_, bits): GoalFilter =>
    Object.assign({}, ...values.filter((__, place) => (bits & (2 ** place)) !== 0)),
  );

  test("is served by a declared index, by the narrowest filter of all, and finds what it says", async () => {
    const declared = (await goalSummaries(app.services.db).indexes()).map(({ key }) => JSON.stringify(key));
    for (const filter of combinations) {
      for (const sort of filter.min_amount === undefined ? goalSorts : ([undefined] as const)) {
        const { hint } = planOfFilter(sort === undefined ? filter : { ...filter, sort });
        expect(declared).toContain(JSON.stringify(hint));
      }
    }
  });

  test("gives the same as reading everything would", async () => {
    const everything = await goalSummaries(app.services.db).find().toArray();
    // Some of the 2,048, and among them every filter with every other.
    for (const filter of combinations.filter((_, n) => n % 23 === 0)) {
      const { match, sort } = planOfFilter(filter);
      const found = await summariesAfter(app.services.db, planOfFilter(filter), null).toArray();
      const inFilter = everything.filter((summary) => {
        const { outcome, refund, trouble = [] } = summary;
        const kind =
          filter.receiver === undefined ? filter.trouble : `${filter.trouble ?? "any"}:track_goals`;
        return (
          (filter.session === undefined || String(summary.session_id) === filter.session) &&
          (filter.viewer === undefined || String(summary.viewer_id) === filter.viewer) &&
          (filter.streamer === undefined || String(summary.streamer_id) === filter.streamer) &&
          (kind === undefined || trouble.includes(kind)) &&
          (filter.refund === undefined || refund === filter.refund) &&
          (filter.state === undefined || summary.state === filter.state) &&
          (filter.outcome === undefined || outcome === filter.outcome) &&
          (filter.from === undefined ||
            (summary.created >= new Date(from) && summary.created < new Date(to))) &&
          (filter.min_amount === undefined || summary.amount >= filter.min_amount)
        );
      });
      const order = (a: (typeof found)[number], b: (typeof found)[number]) =>
        Number(b[sort]) - Number(a[sort]) || (String(a._id) < String(b._id) ? 1 : -1);
      expect(match).toBeDefined();
      expect(found.map(({ _id }) => String(_id))).toEqual(
        inFilter.toSorted(order).map(({ _id }) => String(_id)),
      );
    }
  });
});

test("amounts order by amount, and go with no other order", () => {
  expect(planOfFilter({ min_amount: 5 }).sort).toBe("amount");
  expect(planOfFilter({ max_amount: 5, sort: "amount" }).sort).toBe("amount");
  expect(() => planOfFilter({ min_amount: 5, sort: "ended" })).toThrow("not understood");
});

test("words that were not understood before are refused", () => {
  expect(() => planOfFilter({ q: "vic@example.com" })).toThrow("not understood");
  expect(planOfFilter({ q: hex(0) }).hint).toEqual({ _id: 1 });
});
