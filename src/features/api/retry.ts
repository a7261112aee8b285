import { TRPCClientError } from "@trpc/client";
import { isPassing, problemOf } from "./problem.ts";

/** How often a read that failed is tried again at once, before the page says so; the net tries on after that. */
const retries = 2;
const first_ms = 1_000;
/** Nobody watches a page for longer: what is asked for beyond that is tried all the same. */
const longest_ms = 30_000;

/** How long the server asks to be left alone, in milliseconds; null when its answer says nothing, or none came. */
function asked_ms(error: unknown): number | null {
  const response = error instanceof TRPCClientError ? error.meta?.["response"] : undefined;
  if (!(response instanceof Response)) return null;
  const wait = response.headers.get("retry-after") ?? "";
  return /^\d+$/.test(wait) ? Number(wait) * 1_000 : null;
}

/** Whether a read that has failed `failures` times before is tried again: what may pass, or was asked to wait. */
export function mayRetry(failures: number, error: unknown): boolean {
  if (failures >= retries) return false;
  const problem = problemOf(error);
  return isPassing(problem) || (problem === "rate_limited" && asked_ms(error) !== null);
}

/**
 * How long to wait before the next try, in milliseconds: what the server asked for, else a second, doubling. Up to a quarter is
 * added by `chance` (0 to 1), so that pages that were turned away together do not come back together, and none too early.
 */
export function retryDelay_ms(failures: number, error: unknown, chance = Math.random()): number {
  return Math.min(longest_ms, asked_ms(error) ?? first_ms * 2 ** failures) * (1 + chance / 4);
}
