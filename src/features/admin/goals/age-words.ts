const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

const formats = new Map<string, Intl.RelativeTimeFormat>();

function formatOf(locale: string): Intl.RelativeTimeFormat {
  const found = formats.get(locale);
  if (found !== undefined) return found;
  const made = new Intl.RelativeTimeFormat(locale, { style: "short", numeric: "auto" });
  formats.set(locale, made);
  return made;
}

/** An age in words, by its largest unit: `5 min. ago`; below a second "now", and what is to come as `in 2 hr.` */
export function formatAge(locale: string, age_ms: number): string {
  for (const [unit, length_ms] of units) {
    if (Math.abs(age_ms) >= length_ms) return formatOf(locale).format(-Math.trunc(age_ms / length_ms), unit);
  }
  return formatOf(locale).format(0, "second");
}
