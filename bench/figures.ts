const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;
type Quantile = keyof typeof quantiles;

/** What a figure is to be: a quantile at most or at least a value in its unit, or its p50 under a multiple of its floor's. */
export type Target =
  | { readonly of: Quantile; readonly most: number }
  | { readonly of: Quantile; readonly least: number }
  | { readonly timesFloor: number };

type Unit = "ms" | "s" | "MB" | "kB" | "/s" | "";

/** What one measurement came to. Something that was measured once has its one value in each quantile. */
export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** The name of the figure that this one is compared with, taken in the same run. */
  readonly floor?: string;
  readonly targets: readonly Target[];
}

/** The quantile of a sample by nearest rank. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

interface About {
  readonly unit?: Unit;
  readonly floor?: string;
  readonly targets?: readonly Target[];
}

/** The figure of a sample; milliseconds where nothing else is said. */
export const figureOf = (
  name: string,
  samples: readonly number[],
  { unit = "ms", floor, targets = [] }: About = {},
): Figure => ({
  name,
  unit,
  count: samples.length,
  p50: quantile(samples, quantiles.p50),
  p95: quantile(samples, quantiles.p95),
  p99: quantile(samples, quantiles.p99),
  ...(floor === undefined ? {} : { floor }),
  targets,
});

/** The p50 of a figure in multiples of its floor's; undefined where it has none. */
function ratioOf(figure: Figure, figures: readonly Figure[]): number | undefined {
  const floor = figures.find(({ name }) => name === figure.floor);
  return floor === undefined ? undefined : figure.p50 / floor.p50;
}

/** Whether a figure is what it was to be. What could not be measured is not. */
function isMet(target: Target, figure: Figure, figures: readonly Figure[]): boolean {
  if ("timesFloor" in target) return (ratioOf(figure, figures) ?? Infinity) < target.timesFloor;
  const value = figure[target.of];
  return "most" in target ? value <= target.most : value >= target.least;
}

const shown = (value: number) =>
  !Number.isFinite(value) ? "–" : Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1);

const wordsOf = (target: Target, unit: Unit) => {
  if ("timesFloor" in target) return `under ${target.timesFloor}x floor`;
  const [sign, value] = "most" in target ? ["≤", target.most] : ["≥", target.least];
  return `${target.of} ${sign} ${value} ${unit}`.trimEnd();
};

/** The targets that were missed, each in words after its figure's name. */
export const missedOf = (figures: readonly Figure[]): string[] =>
  figures.flatMap((figure) =>
    figure.targets
      .filter((target) => !isMet(target, figure, figures))
      .map((target) => `${figure.name}: ${wordsOf(target, figure.unit)}`),
  );

/** The figures as a table in Markdown, each with the ratio of its p50 to its floor's, its targets, and whether they were met. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const ratio = ratioOf(figure, figures);
    const targets = figure.targets.map(
      (target) => `${wordsOf(target, figure.unit)} ${isMet(target, figure, figures) ? "✓" : "**MISSED**"}`,
    );
    const cells = [
      figure.name,
      figure.unit,
      figure.count,
      shown(figure.p50),
      shown(figure.p95),
      shown(figure.p99),
      ratio === undefined ? "" : `${shown(ratio)}x ${figure.floor}`,
      targets.join("; "),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| figure | unit | n | p50 | p95 | p99 | p50 to floor | target |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
