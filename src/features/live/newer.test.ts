import { expect, test } from "vitest";
import { newerAnswer } from "./newer.ts";

const answer = (as_of: string, goals: string[]) => ({ as_of, goals });

test("an answer that was overtaken on its way is not shown", () => {
  const shown = answer("2026-01-01T00:00:02.000Z", ["b"]);
  expect(newerAnswer(shown, answer("2026-01-01T00:00:01.999Z", ["a", "b"]))).toBe(shown);
});

test("a newer answer is shown, and what it did not change stays what it was", () => {
  const shown = answer("2026-01-01T00:00:01.000Z", ["a"]);
  const next = newerAnswer(shown, answer("2026-01-01T00:00:02.000Z", ["a"])) as typeof shown;
  expect(next.as_of).toBe("2026-01-01T00:00:02.000Z");
  expect(next.goals).toBe(shown.goals);
});

test("the first answer, and answers that do not tell their time, are shown", () => {
  expect(newerAnswer(undefined, ["a"])).toEqual(["a"]);
  expect(newerAnswer(["a"], ["b"])).toEqual(["b"]);
});
