import { locationError } from "./arguments.ts";

const DAY = 86_400_000;
const pad = (value: number, width: number): string => String(value).padStart(width, "0");

/** The day of the year, from 1. */
export function dayOfYear(local: Date): number {
  return Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / DAY) + 1;
}

/** The week of the year, from 0, weeks beginning on Sundays. */
export function week(local: Date): number {
  return Math.floor((dayOfYear(local) + 6 - local.getUTCDay()) / 7);
}

/** The day of the week by ISO 8601: 1 (Monday) to 7. */
export function isoDay(local: Date): number {
  return local.getUTCDay() || 7;
}

/** The year and the week by ISO 8601. */
export function isoWeek(local: Date): { year: number; week: number } {
  const thursday = new Date(local.getTime() + (4 - isoDay(local)) * DAY);
  return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

function offsetText(offset: number): string {
  const minutes = Math.abs(offset) / 60_000;
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60), 2)}${pad(minutes % 60, 2)}`;
}

function part(code: string, local: Date, offset: number): string {
  switch (code) {
    case "%":
      return "%";
    case "Y":
      return pad(local.getUTCFullYear(), 4);
    case "m":
      return pad(local.getUTCMonth() + 1, 2);
    case "d":
      return pad(local.getUTCDate(), 2);
    case "H":
      return pad(local.getUTCHours(), 2);
    case "M":
      return pad(local.getUTCMinutes(), 2);
    case "S":
      return pad(local.getUTCSeconds(), 2);
    case "L":
      return pad(local.getUTCMilliseconds(), 3);
    case "j":
      return pad(dayOfYear(local), 3);
    case "w":
      return String(local.getUTCDay() + 1);
    case "u":
      return String(isoDay(local));
    case "U":
      return pad(week(local), 2);
    case "V":
      return pad(isoWeek(local).week, 2);
    case "G":
      return pad(isoWeek(local).year, 4);
    case "b":
      return local.toLocaleString("en-US", { month: "short", timeZone: "UTC" });
    case "B":
      return local.toLocaleString("en-US", { month: "long", timeZone: "UTC" });
    case "z":
      return offsetText(offset);
    case "Z":
      return String(offset / 60_000);
    default:
      throw locationError(18536, `Invalid format character '%${code}' in format string`);
  }
}

/** Writes a date in a format of `$dateToString`. `offset` is the time zone's, in milliseconds. */
export function formatDate(date: Date, format: string, offset: number): string {
  const local = new Date(date.getTime() + offset);
  if (format.replaceAll("%%", "").endsWith("%"))
    throw locationError(18535, "Unmatched '%' at end of format string");
  return format.replace(/%(.)/gs, (_, code: string) => part(code, local, offset));
}
