import { type RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { ProblemError } from "#src/contract/problems.ts";

/** Counts one request of `whom` against a limit. Throws `rate_limited` with the time to wait, beyond it. */
export async function spend(limit: RateLimiterMemory, whom: string): Promise<void> {
  try {
    await limit.consume(whom);
  } catch (spent) {
    if (!(spent instanceof RateLimiterRes)) throw spent;
    throw new ProblemError("rate_limited", { retryAfterSeconds: Math.ceil(spent.msBeforeNext / 1_000) });
  }
}
