import type { FigureRange } from "#src/contract/console.ts";

const made = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${name} ${options.timeZone ?? ""}`;
  const found = made.get(key) ?? new Intl.DateTimeFormat(locale, options);
  made.set(key, found);
  return found;
}

/** A stretch's beginning as an axis has room for it, in the browser's zone unless another is given. */
export const axisTime = (locale: string, range: FigureRange, iso: string, timeZone?: string): string =>
  (range === "month"
    ? format(locale, "date", { month: "numeric", day: "numeric", timeZone })
    : format(locale, "time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone })
  ).format(new Date(iso));

/** A stretch's beginning in full, for who looks at one. */
export const stretchTime = (locale: string, range: FigureRange, iso: string, timeZone?: string): string =>
  (range === "month"
    ? format(locale, "day", { dateStyle: "full", timeZone })
    : format(locale, "moment", { dateStyle: "medium", timeStyle: "short", timeZone })
  ).format(new Date(iso));

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** A duration in the largest unit that it has two of, or milliseconds; at most one decimal. */
export function span(locale: string, span_ms: number): string {
  const [unit, length_ms] =
    units.find(([, length]) => span_ms >= 2 * length) ??
    (span_ms >= 1_000 ? units[3] : (["millisecond", 1] as const));
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: unit === "millisecond" ? 0 : 1,
  }).format(span_ms / length_ms);
}
