import type { FigurePoint } from "#src/server/operations/console/overview.ts";

/**
 * What is drawn over time, and in which colour: blue, orange, green and red of one lightness would be hard to tell apart
 * for some, so each has a chart of its own, named in words.
 */
export const measures = [
  { name: "invited", color: "--chart-invited" },
  { name: "declined", color: "--chart-declined" },
  { name: "refunded", color: "--chart-refunded" },
  { name: "failed", color: "--chart-failed" },
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
