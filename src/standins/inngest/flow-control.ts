import type { RegisteredFunction } from "./catalog.ts";
import type { Database } from "./database.ts";
import { durationMs } from "./durations.ts";
import { takeKey } from "./event-store.ts";
import { keyOf, numberOf, type ExpressionInput } from "./expressions.ts";

/** How long an event id or an idempotency key starts no second run. */
export const IDEMPOTENCY_MS = 86_400_000;
const MAX_PRIORITY_S = 600;

/** The keys that a run's requests count against, one for each concurrency option of its function. */
export function laneOf({ id, config }: RegisteredFunction, input: ExpressionInput): string[] {
  return (config.concurrency ?? []).map(({ key, scope = "fn" }) => {
    const value = key === undefined ? "" : keyOf(key, input);
    return scope === "fn" ? `fn:${id}:${key ?? ""}:${value}` : `${scope}:${key ?? ""}:${value}`;
  });
}

/** What the priority expression (seconds, at most ten minutes either way) takes off the queue time, negated. */
export function rankShiftOf({ config }: RegisteredFunction, input: ExpressionInput): number {
  if (config.priority?.run === undefined) return 0;
  const seconds = numberOf(config.priority.run, input);
  return -1000 * Math.trunc(Math.max(-MAX_PRIORITY_S, Math.min(MAX_PRIORITY_S, seconds)));
}

/** What no two runs of a singleton function may have in common at a time. */
export function singletonKeyOf({ id, config }: RegisteredFunction, input: ExpressionInput): string | null {
  if (!config.singleton) return null;
  return `${id}:${config.singleton.key === undefined ? "" : keyOf(config.singleton.key, input)}`;
}

/**
 * The real service's generic cell rate: runs are spread over the period, with a tenth of the limit allowed at once on
 * top of the next one.
 */
function isWithinRate(db: Database, fn: RegisteredFunction, input: ExpressionInput, nowMs: number): boolean {
  const { rateLimit } = fn.config;
  if (!rateLimit) return true;
  const key = rateLimit.key === undefined ? "" : keyOf(rateLimit.key, input);
  const emissionMs = (durationMs(rateLimit.period) ?? 0) / rateLimit.limit;
  const toleranceMs = emissionMs * (Math.floor(rateLimit.limit / 10) + 1);
  const stored = db.get("SELECT arrival_ms FROM rates WHERE function_id = ? AND key = ?", fn.id, key);
  const arrivalMs = Math.max(Number(stored?.["arrival_ms"] ?? nowMs), nowMs) + emissionMs;
  if (arrivalMs - toleranceMs > nowMs) return false;
  db.run(
    "INSERT INTO rates (function_id, key, arrival_ms) VALUES (?1, ?2, ?3) ON CONFLICT (function_id, key) DO UPDATE SET arrival_ms = ?3",
    fn.id,
    key,
    arrivalMs,
  );
  return true;
}

/** Why an event starts no run of a function; undefined when it may. Takes what it needs: ask once an event. */
export function refusalOf(
  db: Database,
  fn: RegisteredFunction,
  input: ExpressionInput,
  nowMs: number,
): string | undefined {
  const { idempotency } = fn.config;
  if (idempotency !== undefined) {
    const key = `key:${keyOf(idempotency, input)}`;
    // An idempotency key takes the place of a rate limit, as in the real service.
    return takeKey(db, fn.id, key, nowMs, nowMs + IDEMPOTENCY_MS)
      ? undefined
      : "its idempotency key was seen";
  }
  return isWithinRate(db, fn, input, nowMs) ? undefined : "the rate limit was reached";
}
