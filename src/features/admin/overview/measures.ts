import type { FigurePoint } from "#src/server/operations/console/overview.ts";

/**
 * What is drawn over time, and in which colour: blue, orange, green and red of one lightness would be hard to tell apart
 * for some, so each has a chart of its own, named in words.
 */
export const measures = [
  { name: "invited", text: "invited", color: "--chart-invited" },
  { name: "declined", text: "declined", color: "--chart-declined" },
  { name: "refunded", text: "refunds", color: "--chart-refunded" },
  { name: "failed", text: "failed", color: "--chart-failed" },
] as const;

export type Measure = (typeof measures)[number];

export const totalOf = (points: readonly FigurePoint[], name: Measure["name"]): number =>
  points.reduce((sum, point) => sum + point[name], 0);

/** The stretch with the most of a measure; null when there is nothing at all. */
export const mostOf = (points: readonly FigurePoint[], name: Measure["name"]): FigurePoint | null =>
  points.reduce<FigurePoint | null>(
    (best, point) => (point[name] > (best?.[name] ?? 0) ? point : best),
    null,
  );

/** What an axis from 0 to `highest` is marked with: five whole numbers at most, evenly apart, the last one not below it. */
export function axisTicks(highest: number): number[] {
  const magnitude = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, highest / 4))));
  const step = [1, 2, 5, 10].map((of) => of * magnitude).find((of) => of * 4 >= highest) ?? 10 * magnitude;
  const marks = Math.max(1, Math.ceil(highest / step));
  return Array.from({ length: marks + 1 }, (_, mark) => mark * step);
}
