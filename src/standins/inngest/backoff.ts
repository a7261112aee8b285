const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The waits of the real service after the first, second, … failed attempt; the last one repeats. */
const WAITS_MS = [
  15 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  20 * MINUTE_MS,
  40 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
];
const JITTER_MS = 30 * SECOND_MS;

/**
 * How long to wait after a failed attempt, in milliseconds.
 * @param attempt the attempt that failed, from 0
 * @param scale multiplies wait and jitter (the setting RETRY_SCALE)
 * @param random from 0 to below 1: the share of the jitter
 */
export function backoffMs(attempt: number, scale: number, random: number): number {
  const wait = WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)] ?? 2 * HOUR_MS;
  return Math.round((wait + random * JITTER_MS) * scale);
}

/**
 * When a `retry-after` header (whole seconds, or a time as ISO or HTTP writes it) allows the next attempt. It was
 * asked for by the function itself, so the retry scale leaves it alone. Undefined when there is none that can be read.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return nowMs + Number(header) * SECOND_MS;
  const time = Date.parse(header);
  return Number.isNaN(time) ? undefined : Math.max(time, nowMs);
}
