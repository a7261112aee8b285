import { expect, test } from "vitest";
import { figureOf, missedOf, quantile, tableOf } from "./figures.ts";

test("a quantile is the nearest rank of the sample", () => {
  const samples = [5, 1, 4, 2, 3];
  expect([0, 0.2, 0.5, 0.95, 1].map((q) => quantile(samples, q))).toEqual([1, 1, 3, 5, 5]);
});

test("a figure is shown with its ratio to the floor of the same run, and with its targets", () => {
  const figures = [
    figureOf("floor", [2]),
    figureOf("request", [6], { floor: "floor", targets: [{ timesFloor: 4 }, { of: "p95", most: 5 }] }),
  ];
  expect(tableOf(figures)).toContain(
    "| request | ms | 1 | 6.0 | 6.0 | 6.0 | 3.0x floor | under 4x floor ✓; p95 ≤ 5 ms **MISSED** |",
  );
  expect(missedOf(figures)).toEqual(["request: p95 ≤ 5 ms"]);
});

test("what could not be measured misses its target", () => {
  const nothing = figureOf("answers", [], { unit: "/s", targets: [{ of: "p50", least: 300 }] });
  expect(missedOf([nothing])).toEqual(["answers: p50 ≥ 300 /s"]);
});
