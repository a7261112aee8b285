/** Formatters by what they were made for: making one costs more than a thousand uses of it. */
const made = new Map<string, unknown>();

function once<T>(key: string, make: () => T): T {
  const found = made.get(key);
  if (found !== undefined) return found as T;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}

/** Money of `amount` whole minor units, with as many decimals as the currency has. */
export function formatMoney(locale: string, amount: number, currency: string): string {
  const format = once(
    `money ${locale} ${currency}`,
    () => new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "narrowSymbol" }),
  );
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** A date with its time to the minute, in the browser's time zone unless another is given. */
export function formatMoment(locale: string, iso: string, timeZone?: string): string {
  return once(
    `moment ${locale} ${timeZone ?? ""}`,
    () => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone }),
  ).format(new Date(iso));
}

/** A date with its time to the millisecond, for those who look into what happened. */
export function formatExactMoment(locale: string, iso: string, timeZone?: string): string {
  return once(
    `exact ${locale} ${timeZone ?? ""}`,
    () =>
      new Intl.DateTimeFormat(locale, {
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        fractionalSecondDigits: 3,
        hourCycle: "h23",
        timeZone,
      }),
  ).format(new Date(iso));
}

/** A date with its time to the second and the name of the zone it is told in: it means the same wherever it is read. */
export function formatReceiptMoment(locale: string, iso: string, timeZone?: string): string {
  return once(
    `receipt ${locale} ${timeZone ?? ""}`,
    () =>
      new Intl.DateTimeFormat(locale, {
        year: "numeric",
        month: "short",
        day: "numeric",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        hourCycle: "h23",
        timeZoneName: "short",
        timeZone,
      }),
  ).format(new Date(iso));
}

/** A time of day to the second, in the browser's time zone unless another is given. */
export function formatTimeOfDay(locale: string, iso: string, timeZone?: string): string {
  return once(
    `day ${locale} ${timeZone ?? ""}`,
    () => new Intl.DateTimeFormat(locale, { timeStyle: "medium", timeZone }),
  ).format(new Date(iso));
}

/** A duration in minutes, with at most one decimal. */
export function formatMinutes(locale: string, seconds: number): string {
  return once(
    `minutes ${locale}`,
    () =>
      new Intl.NumberFormat(locale, {
        style: "unit",
        unit: "minute",
        unitDisplay: "long",
        maximumFractionDigits: 1,
      }),
  ).format(seconds / 60);
}

/** How long something took, in milliseconds below a second and in seconds above. */
export function formatTook(locale: string, took_ms: number): string {
  const [unit, value] =
    took_ms < 1_000 ? (["millisecond", took_ms] as const) : (["second", took_ms / 1_000] as const);
  return once(
    `took ${locale} ${unit}`,
    () =>
      new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }),
  ).format(value);
}

/**
 * What is left on a clock: `m:ss`, from an hour on `h:mm:ss`. Counts up to the next second, so that it reads 0:00 only
 * when the time is over, and never less.
 */
export function formatClock(left_ms: number): string {
  const seconds = Math.max(0, Math.ceil(left_ms / 1_000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
