const UNITS_MS: Record<string, number> = {
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};

/** Milliseconds of a duration as the SDK writes it (`1d2h`, `90s`, empty for none); undefined for anything else. */
export function durationMs(text: string): number | undefined {
  if (text === "") return 0;
  if (!/^(\d+(\.\d+)?(ms|[wdhms]))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[wdhms])/g)) {
    total += Number(amount) * (UNITS_MS[unit ?? ""] ?? 0);
  }
  return total;
}

/** The time, in milliseconds since the epoch, that a duration or an ISO time means as seen from `nowMs`. */
export function timeMs(text: string, nowMs: number): number | undefined {
  const duration = durationMs(text);
  if (duration !== undefined) return nowMs + duration;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
