import fc from "fast-check";
import { expect, test } from "vitest";
import { type GoalFilter, goalFilter, goalOutcomes, goalSorts, refundStates } from "#src/contract/console.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import {
  changeFilter,
  exportAddress,
  goalsAddress,
  orderOf,
  partsSet,
  readGoalsAddress,
  writeGoalFilter,
} from "./filter-address.ts";

const read = (query: string) => readGoalsAddress(new URLSearchParams(query));

const hex = fc.stringMatching(/^[0-9a-f]{24}$/);
const time = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const amount = fc.integer({ min: 0, max: 2 ** 31 });
const filters: fc.Arbitrary<GoalFilter> = fc
  .record(
    {
      state: fc.constantFrom("pending", "ended"),
      outcome: fc.constantFrom(...goalOutcomes),
      refund: fc.constantFrom(...refundStates),
      trouble: fc.constantFrom("any", "failed", "late"),
      streamer: hex,
      viewer: hex,
      session: hex,
      from: time,
      to: time,
      min_amount: amount,
      max_amount: amount,
      q: fc.string({ minLength: 1, maxLength: 200 }).filter((text) => text.trim() === text && text !== ""),
      sort: fc.constantFrom(...goalSorts),
    },
    { requiredKeys: [] },
  )
  .chain((filter) =>
    filter.trouble === undefined
      ? fc.constant(filter)
      : fc
          .option(fc.constantFrom(...receiverIds), { nil: undefined })
          .map((receiver) => (receiver === undefined ? filter : { ...filter, receiver })),
  )
  .map(({ sort, ...filter }) =>
    sort === undefined || (sort !== "amount" && orderOf(filter) === "amount") ? filter : { ...filter, sort },
  );

test("whatever a filter says, its address says it back", () => {
  fc.assert(
    fc.property(filters, (filter) => {
      const query = writeGoalFilter(filter);
      expect(read(query)).toEqual({ filter, view: "table", dropped: [] });
      expect(writeGoalFilter(read(query).filter)).toBe(query);
    }),
  );
});

test("no address breaks the page, and what is left of it is a filter", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...Object.keys(goalFilter.shape), "view", "x"), fc.string())),
      (parts) => {
        const { filter } = readGoalsAddress(parts);
        expect(goalFilter.safeParse(filter).success).toBe(true);
      },
    ),
  );
});

test("what an address says wrongly is left out and named, and the rest holds", () => {
  expect(read("state=dead&refund=due&min_amount=1.5&streamer=ada&colour=red&view=pie")).toEqual({
    filter: { refund: "due" },
    view: "table",
    dropped: ["view", "state", "streamer", "min_amount", "colour"],
  });
  expect(read("state=ended&state=pending")).toEqual({
    filter: { state: "ended" },
    view: "table",
    dropped: ["state"],
  });
});

test("a receiver alone means any trouble of it", () => {
  expect(read("receiver=track_goals").filter).toEqual({ receiver: "track_goals", trouble: "any" });
});

test("the view is part of the address, and not of the export's", () => {
  expect(goalsAddress({}, "table")).toBe("/admin/goals");
  expect(goalsAddress({ state: "ended" }, "effects")).toBe("/admin/goals?state=ended&view=effects");
  expect(read("view=effects").view).toBe("effects");
  expect(exportAddress({})).toBe("/admin/export/goals.csv");
  expect(exportAddress({ q: "a@b.c" })).toBe("/admin/export/goals.csv?q=a%40b.c");
});

test("the order is no part that narrows", () => {
  expect(partsSet({ sort: "amount", state: "ended", q: "x" })).toBe(2);
});

test("a filter by amount orders by amount, whatever was said before", () => {
  expect(read("min_amount=5&sort=ended")).toMatchObject({ filter: { min_amount: 5 }, dropped: ["sort"] });
  expect(changeFilter({ sort: "ended" }, { max_amount: 5 })).toEqual({ max_amount: 5 });
  expect(orderOf({ max_amount: 5 })).toBe("amount");
  expect(orderOf({})).toBe("created");
});

test("changing a part leaves the others, and nothing that is undefined", () => {
  expect(
    changeFilter({ trouble: "failed", receiver: "track_goals", q: "x" }, { trouble: undefined }),
  ).toEqual({
    q: "x",
  });
  expect(changeFilter({}, { receiver: "track_goals" })).toEqual({ receiver: "track_goals", trouble: "any" });
});
