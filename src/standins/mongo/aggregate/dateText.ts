/**
 * Reads a date from text in ISO 8601: a day, or a day and a time with or without a zone ("2026-11-22T10:00:00.000Z").
 * `offset` is the zone's, in milliseconds, where the text names none. Undefined where the text is no such date.
 */
export function parseDate(text: string, offset = 0): Date | undefined {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d:?(?:\d\d)?)?)?$/i.exec(
      text.trim(),
    );
  if (match === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone] = match;
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const checked = new Date(local);
  // A day that the month does not have would roll over into the next one.
  if (checked.getUTCDate() !== Number(day) || checked.getUTCMonth() !== Number(month) - 1) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const milliseconds = Number(fraction.padEnd(3, "0").slice(0, 3));
  const date = new Date(local + milliseconds - (zone === undefined ? offset : zoneOffset(zone)));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function zoneOffset(zone: string): number {
  if (zone.toUpperCase() === "Z") return 0;
  const digits = zone.replace(/\D/g, "").padEnd(4, "0");
  const size = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
  return zone.startsWith("-") ? -size : size;
}
