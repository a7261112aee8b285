import { Int32, Long, ObjectId, Timestamp } from "bson";
import { isDoc, isNullish } from "../../bson/types.ts";
import type { Doc, Value } from "../../bson/value.ts";
import { MongoError } from "../../error.ts";
import { locationError, named, typeOf } from "../arguments.ts";
import {
  addUnits,
  offsetOf,
  truncate,
  unitOf,
  unitsBetween,
  weekStartOf,
  wholeArgument,
} from "../calendar.ts";
import { parseDate } from "../dateText.ts";
import { dayOfYear, formatDate, isoDay, isoWeek, week } from "../dateFormat.ts";
import type { OperatorCompiler } from "../scope.ts";

/** What counts as a date: dates, timestamps, and ObjectIds by their time of creation. */
function dateOf(value: Value): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (value instanceof Timestamp) return new Date(value.t * 1000);
  throw locationError(16006, `can't convert from BSON type ${typeOf(value)} to Date`);
}

/** An operator that takes a date, or `{date, timezone}`, and gives one part of it. */
function datePart(
  get: (local: Date) => number,
  wrap: (value: number) => Value = (value) => new Int32(value),
): OperatorCompiler {
  return (operand, compiler, name) => {
    const single = Array.isArray(operand) && operand.length === 1 ? operand[0] : operand;
    const whole = isDoc(single) && single.has("date");
    for (const field of whole ? single.keys() : []) {
      if (field !== "date" && field !== "timezone") {
        throw locationError(40535, `unrecognized option to ${name}: "${field}"`);
      }
    }
    const date = compiler.compile((whole ? single.get("date") : single) ?? null);
    const zone = whole ? compiler.compile(single.get("timezone") ?? "UTC") : () => "UTC";
    return (scope) => {
      const value = date(scope);
      const timezone = zone(scope);
      if (isNullish(value) || isNullish(timezone)) return null;
      return wrap(get(new Date(dateOf(value).getTime() + offsetOf(timezone))));
    };
  };
}

const dateToString = named(
  ["date"],
  ["format", "timezone", "onNull"],
  ({ date, format, timezone, onNull }, given) => {
    if (given.has("timezone") && isNullish(timezone)) return null;
    if (isNullish(date)) return given.has("onNull") ? onNull : null;
    if (given.has("format") && isNullish(format)) return null;
    if (format !== undefined && typeof format !== "string") {
      throw locationError(
        18533,
        `$dateToString requires that 'format' be a string, found: ${typeOf(format)}`,
      );
    }
    const standard =
      isNullish(timezone) || timezone === "UTC" ? "%Y-%m-%dT%H:%M:%S.%LZ" : "%Y-%m-%dT%H:%M:%S.%L";
    return formatDate(dateOf(date), format ?? standard, offsetOf(timezone));
  },
);

const dateFromString = named(
  ["dateString"],
  ["timezone", "onNull", "onError", "format"],
  ({ dateString, timezone, onNull, onError }, given) => {
    if (given.has("format")) {
      throw new MongoError(115, "CommandNotSupported", "$dateFromString with a 'format' is not supported");
    }
    if (isNullish(dateString)) return given.has("onNull") ? onNull : null;
    const date = typeof dateString === "string" ? parseDate(dateString, offsetOf(timezone)) : undefined;
    if (date !== undefined) return date;
    if (given.has("onError")) return onError;
    throw new MongoError(
      241,
      "ConversionFailure",
      `Error parsing date string '${typeof dateString === "string" ? dateString : typeOf(dateString)}'`,
    );
  },
);

function dateMath(direction: 1 | -1): OperatorCompiler {
  const name = direction === 1 ? "$dateAdd" : "$dateSubtract";
  return named(
    ["startDate", "unit", "amount"],
    ["timezone"],
    ({ startDate, unit, amount, timezone }, given) => {
      const missing = isNullish(startDate) || isNullish(unit) || isNullish(amount);
      if (missing || (given.has("timezone") && isNullish(timezone))) return null;
      const count = wholeArgument(name, "amount", amount);
      return addUnits(dateOf(startDate), unitOf(name, unit), direction * count, offsetOf(timezone));
    },
  );
}

const dateDiff = named(
  ["startDate", "endDate", "unit"],
  ["timezone", "startOfWeek"],
  ({ startDate, endDate, unit, timezone, startOfWeek }, given) => {
    const missing = isNullish(startDate) || isNullish(endDate) || isNullish(unit);
    if (missing || (given.has("timezone") && isNullish(timezone))) return null;
    const parsed = unitOf("$dateDiff", unit);
    const weekStart = weekStartOf("$dateDiff", startOfWeek);
    return Long.fromNumber(
      unitsBetween(dateOf(startDate), dateOf(endDate), parsed, offsetOf(timezone), weekStart),
    );
  },
);

const dateTrunc = named(
  ["date", "unit"],
  ["binSize", "timezone", "startOfWeek"],
  ({ date, unit, binSize, timezone, startOfWeek }, given) => {
    if (isNullish(date) || isNullish(unit)) return null;
    if ((given.has("timezone") && isNullish(timezone)) || (given.has("binSize") && isNullish(binSize)))
      return null;
    const bin = binSize === undefined ? 1 : wholeArgument("$dateTrunc", "binSize", binSize);
    if (bin < 1)
      throw locationError(
        5439018,
        `$dateTrunc requires 'binSize' to be greater than 0, but got value ${bin}`,
      );
    const parsed = unitOf("$dateTrunc", unit);
    return truncate(dateOf(date), parsed, bin, offsetOf(timezone), weekStartOf("$dateTrunc", startOfWeek));
  },
);

const dateToParts = named(["date"], ["timezone", "iso8601"], ({ date, timezone, iso8601 }, given) => {
  if (isNullish(date) || (given.has("timezone") && isNullish(timezone))) return null;
  const local = new Date(dateOf(date).getTime() + offsetOf(timezone));
  const iso = isoWeek(local);
  const days: [string, number][] =
    iso8601 === true
      ? [
          ["isoWeekYear", iso.year],
          ["isoWeek", iso.week],
          ["isoDayOfWeek", isoDay(local)],
        ]
      : [
          ["year", local.getUTCFullYear()],
          ["month", local.getUTCMonth() + 1],
          ["day", local.getUTCDate()],
        ];
  const times: [string, number][] = [
    ["hour", local.getUTCHours()],
    ["minute", local.getUTCMinutes()],
    ["second", local.getUTCSeconds()],
    ["millisecond", local.getUTCMilliseconds()],
  ];
  return new Map([...days, ...times].map(([name, value]) => [name, new Int32(value)])) satisfies Doc;
});

/** Dates, in UTC or at a fixed offset from it. Units: millisecond, second, minute, hour, day, week, month, quarter, year. */
export const dateOperators: Readonly<Record<string, OperatorCompiler>> = {
  $dateToString: dateToString,
  $dateFromString: dateFromString,
  $dateAdd: dateMath(1),
  $dateSubtract: dateMath(-1),
  $dateDiff: dateDiff,
  $dateTrunc: dateTrunc,
  $dateToParts: dateToParts,
  $year: datePart((local) => local.getUTCFullYear()),
  $month: datePart((local) => local.getUTCMonth() + 1),
  $dayOfMonth: datePart((local) => local.getUTCDate()),
  $dayOfWeek: datePart((local) => local.getUTCDay() + 1),
  $dayOfYear: datePart(dayOfYear),
  $hour: datePart((local) => local.getUTCHours()),
  $minute: datePart((local) => local.getUTCMinutes()),
  $second: datePart((local) => local.getUTCSeconds()),
  $millisecond: datePart((local) => local.getUTCMilliseconds()),
  $week: datePart(week),
  $isoDayOfWeek: datePart(isoDay),
  $isoWeek: datePart((local) => isoWeek(local).week),
  $isoWeekYear: datePart(
    (local) => isoWeek(local).year,
    (value) => Long.fromNumber(value),
  ),
};
