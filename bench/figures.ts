/** What one measurement came to. Times are milliseconds. */
export interface Figure {
  readonly name: string;
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** The name of the figure that this one is compared with, taken in the same run. */
  readonly floor?: string;
}

/** The quantile of a sample by nearest rank. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

export const figureOf = (name: string, samples_ms: readonly number[], floor?: string): Figure => ({
  name,
  count: samples_ms.length,
  p50: quantile(samples_ms, 0.5),
  p95: quantile(samples_ms, 0.95),
  p99: quantile(samples_ms, 0.99),
  ...(floor === undefined ? {} : { floor }),
});

/** The figures as a table in Markdown, each with the ratio of its p50 to its floor's. */
export function tableOf(figures: readonly Figure[]): string {
  const ms = (value: number) => value.toFixed(1);
  const rows = figures.map((figure) => {
    const floor = figures.find(({ name }) => name === figure.floor);
    const ratio = floor === undefined ? "" : `${(figure.p50 / floor.p50).toFixed(1)}x ${floor.name}`;
    return `| ${figure.name} | ${figure.count} | ${ms(figure.p50)} | ${ms(figure.p95)} | ${ms(figure.p99)} | ${ratio} |`;
  });
  return [
    "| figure | n | p50 ms | p95 ms | p99 ms | p50 to floor |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
