import { toIndex } from "../bson/numbers.ts";
import { isNullish, isNumber } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { locationError, typeOf } from "./arguments.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** Units of a fixed length, in milliseconds (there is no summer time in UTC or at a fixed offset). */
const fixedUnits = { week: WEEK, day: DAY, hour: HOUR, minute: MINUTE, second: SECOND, millisecond: 1 };
/** Units that are a number of months. */
const monthUnits = { year: 12, quarter: 3, month: 1 };

/** A unit of time as the date operators take it. */
export type Unit = keyof typeof fixedUnits | keyof typeof monthUnits;

const isFixed = (unit: Unit): unit is keyof typeof fixedUnits => unit in fixedUnits;

/** Reads a `unit` argument. */
export function unitOf(name: string, value: Value | undefined): Unit {
  if (typeof value !== "string") {
    throw locationError(5439013, `${name} requires 'unit' to be a string, but got ${typeOf(value)}`);
  }
  if (Object.hasOwn(fixedUnits, value) || Object.hasOwn(monthUnits, value)) return value as Unit;
  throw new MongoError(
    9,
    "FailedToParse",
    `${name} parameter 'unit' value cannot be recognized as a time unit: ${value}`,
  );
}

/** Reads a `timezone` argument: UTC and fixed offsets. In milliseconds. */
export function offsetOf(value: Value | undefined): number {
  if (isNullish(value)) return 0;
  if (typeof value !== "string") {
    throw locationError(40533, `timezone must evaluate to a string, found ${typeOf(value)}`);
  }
  if (value === "UTC" || value === "GMT" || value === "Z" || value === "Etc/UTC") return 0;
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(value);
  if (match === null) {
    throw new MongoError(
      115,
      "CommandNotSupported",
      `Time zones other than UTC and fixed offsets are not supported: "${value}"`,
    );
  }
  const size = Number(match[2]) * HOUR + Number(match[3] ?? 0) * MINUTE;
  return match[1] === "-" ? -size : size;
}

/** Months since the year 0, of the date in UTC. */
const monthsOf = (date: Date): number => date.getUTCFullYear() * 12 + date.getUTCMonth();

function startOfMonth(months: number): number {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(months / 12), months - Math.floor(months / 12) * 12, 1);
  return date.getTime();
}

function checked(time: number): Date {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw new MongoError(15, "Overflow", "date overflow");
  return date;
}

/** The date moved by a number of units. A month too short for the day of the month ends on its last day. */
export function addUnits(date: Date, unit: Unit, amount: number, offset: number): Date {
  if (isFixed(unit)) return checked(date.getTime() + amount * fixedUnits[unit]);
  const local = new Date(date.getTime() + offset);
  const months = monthsOf(local) + amount * monthUnits[unit];
  const start = startOfMonth(months);
  const days = Math.round((startOfMonth(months + 1) - start) / DAY);
  const day = Math.min(local.getUTCDate(), days);
  const timeOfDay = ((local.getTime() % DAY) + DAY) % DAY;
  return checked(start + (day - 1) * DAY + timeOfDay - offset);
}

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** Reads a `startOfWeek` argument: 0 for Sunday, which is the default. */
export function weekStartOf(name: string, value: Value | undefined): number {
  if (isNullish(value)) return 0;
  if (typeof value !== "string") {
    throw locationError(5439015, `${name} requires 'startOfWeek' to be a string, but got ${typeOf(value)}`);
  }
  const text = value.toLowerCase();
  const day = weekdays.findIndex((weekday) => weekday === text || weekday.slice(0, 3) === text);
  if (day === -1) {
    throw new MongoError(
      9,
      "FailedToParse",
      `${name} parameter 'startOfWeek' value cannot be recognized as a day of a week: ${value}`,
    );
  }
  return day;
}

/** Which of the unit's periods a time lies in, counted from some fixed beginning. */
function periodOf(time: number, unit: Unit, weekStart: number): number {
  if (!isFixed(unit)) return Math.floor(monthsOf(new Date(time)) / monthUnits[unit]);
  // The epoch was a Thursday.
  const shift = unit === "week" ? (4 - weekStart) * DAY : 0;
  return Math.floor((time + shift) / fixedUnits[unit]);
}

/** How many boundaries of the unit lie between two dates. */
export function unitsBetween(from: Date, to: Date, unit: Unit, offset: number, weekStart: number): number {
  return (
    periodOf(to.getTime() + offset, unit, weekStart) - periodOf(from.getTime() + offset, unit, weekStart)
  );
}

/** The beginning of the unit, or of the bin of several units counted from the year 2000, in which a date lies. */
export function truncate(date: Date, unit: Unit, bin: number, offset: number, weekStart: number): Date {
  const reference = Date.UTC(2000, 0, 1);
  const local = date.getTime() + offset;
  if (!isFixed(unit)) {
    const size = monthUnits[unit] * bin;
    const months = monthsOf(new Date(local)) - 2000 * 12;
    return checked(startOfMonth(Math.floor(months / size) * size + 2000 * 12) - offset);
  }
  if (unit === "week") {
    if (bin !== 1)
      throw new MongoError(
        115,
        "CommandNotSupported",
        "$dateTrunc with bins of several weeks is not supported",
      );
    const shift = (4 - weekStart) * DAY;
    return checked(Math.floor((local + shift) / WEEK) * WEEK - shift - offset);
  }
  const size = fixedUnits[unit] * bin;
  return checked(Math.floor((local - reference) / size) * size + reference - offset);
}

/** Reads a whole number argument. */
export function wholeArgument(name: string, field: string, value: Value | undefined): number {
  const whole = isNumber(value) ? toIndex(value) : undefined;
  if (whole === undefined) {
    throw locationError(5166405, `${name} expects '${field}' to be a whole number, but got ${typeOf(value)}`);
  }
  return whole;
}
