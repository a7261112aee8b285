const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const units = [
  ["day", day],
  ["hour", hour],
  ["minute", minute],
  ["second", second],
] as const;

/**
 * How long something took, in few letters: milliseconds below a second, seconds with a decimal below a minute, from
 * there the two largest units that are not zero. `narrow` is for where there is little room.
 */
export function formatSpan(
  locale: string,
  length_ms: number,
  unitDisplay: "short" | "narrow" = "short",
): string {
  const length = Math.max(0, length_ms);
  const write = (value: number, unit: string, digits = 0) =>
    new Intl.NumberFormat(locale, {
      style: "unit",
      unit,
      unitDisplay,
      maximumFractionDigits: digits,
    }).format(value);
  if (length < second) return write(Math.round(length), "millisecond");
  if (length < minute) return write(Math.floor(length / 100) / 10, "second", 1);
  const parts: string[] = [];
  let rest = length;
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(write(count, unit));
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}
