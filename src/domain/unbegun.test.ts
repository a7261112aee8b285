import { expect, test } from "vitest";
import { decideUnbegun } from "./unbegun.ts";

const day_ms = 24 * 3_600_000;
const facts = { created: 0, exp: 30 * day_ms, balance: 1_200, isShown: true };

test("a goal that is held for and shown begins", () => {
  expect(decideUnbegun(facts, 300_000)).toBe("begin");
});

test.each([
  ["nobody is shown it", { isShown: false }, 300_000],
  ["it has run out", {}, 30 * day_ms],
])("what is held goes back at once where %s", (_, over, now) => {
  expect(decideUnbegun({ ...facts, ...over }, now)).toBe("give_up");
});

test("a goal that nothing is held for is closed, once no hold can come any more", () => {
  expect(decideUnbegun({ ...facts, balance: 0 }, day_ms - 1)).toBe("wait");
  expect(decideUnbegun({ ...facts, balance: 0 }, day_ms)).toBe("close");
});
