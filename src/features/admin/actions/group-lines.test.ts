import { expect, test } from "vitest";
import { groupLines, partsByEffect, totalsOf } from "./group-lines.ts";
import type { PreviewLine, PreviewPart } from "./preview-types.ts";

const push = (channel: string): PreviewLine => ({ kind: "push", channel, event: "goal.ended" });
const cache = (tag: string, entries: number): PreviewLine => ({ kind: "cache", tag, entries });
const field = (name: string): PreviewLine => ({
  kind: "database",
  collection: "goals",
  id: "1",
  field: name,
  before: null,
  after: 1,
});
const money = (amount: number, currency: string): PreviewLine => ({
  kind: "money",
  from: "escrow:1",
  to: "viewer:1",
  amount,
  currency,
});
const part = (changes: PreviewLine[]): PreviewPart => ({ receiver: null, changes, unchanged: [] });

test("what belongs together is one group, and money comes first", () => {
  const groups = groupLines([
    push("a"),
    field("x"),
    cache("t", 2),
    push("b"),
    field("y"),
    money(5, "USD"),
    cache("u", 1),
  ]);
  expect(groups.map(({ kind }) => kind)).toEqual(["money", "database", "push", "cache"]);
  expect(groups).toMatchObject([
    { line: { amount: 5 } },
    { fields: [{ field: "x" }, { field: "y" }] },
    { channels: ["a", "b"] },
    { entries: 3 },
  ]);
});

test("two moves of money are two groups, however alike", () => {
  expect(groupLines([money(5, "USD"), money(6, "USD")])).toHaveLength(2);
});

test("totals add each currency by itself, and count entries that are kept", () => {
  const { money: sums, ...counts } = totalsOf([
    part([money(5, "USD"), money(7, "EUR"), field("x")]),
    part([money(1, "USD"), push("a"), push("b"), cache("t", 0), cache("u", 4)]),
  ]);
  expect([...sums]).toEqual([
    ["USD", 6],
    ["EUR", 7],
  ]);
  expect(counts).toEqual({ fields: 1, pushes: 2, caches: 4 });
});

test("a part that would only drop empty caches changes nothing", () => {
  const [idle, active] = [part([cache("t", 0)]), part([cache("t", 0), push("a")])];
  expect(partsByEffect([idle, active])).toEqual({ active: [active], idle: [idle] });
});
