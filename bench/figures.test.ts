import { expect, test } from "vitest";
import { figureOf, quantile, tableOf } from "./figures.ts";

test("a quantile is the nearest rank of the sample", () => {
  const samples = [5, 1, 4, 2, 3];
  expect([0, 0.2, 0.5, 0.95, 1].map((q) => quantile(samples, q))).toEqual([1, 1, 3, 5, 5]);
});

test("a figure is shown with its ratio to the floor of the same run", () => {
  expect(tableOf([figureOf("floor", [2]), figureOf("request", [6], "floor")])).toContain(
    "| request | 1 | 6.0 | 6.0 | 6.0 | 3.0x floor |",
  );
});
