import { problemCode } from "../api/problem.ts";
import type { Outcome } from "./declines.ts";

const patience_ms = 15_000;

/**
 * Declines a goal by the public route. Never throws: what went wrong is in the answer. With `keepalive` the request
 * outlives the page that makes it.
 */
export async function sendDecline(goalId: string, keepalive: boolean): Promise<Outcome> {
  try {
    const response = await fetch(`/goals/${goalId}`, {
      method: "DELETE",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ agree: false }),
      keepalive,
      ...(!keepalive && { signal: AbortSignal.timeout(patience_ms) }),
    });
    const body: unknown = await response.json().catch(() => null);
    // 202 as well as 200: one that had been declined before is as declined as it can be.
    if (response.ok) return { kind: "accepted" };
    const retryAfter_s = Number(response.headers.get("retry-after") ?? Number.NaN);
    return {
      kind: "refused",
      // A gateway in between answers in its own words, and the app behind it has not spoken.
      problem: problemCode(body) ?? (response.status > 500 ? "unavailable" : "internal_error"),
      retryAfter_ms: Number.isFinite(retryAfter_s) ? retryAfter_s * 1_000 : null,
    };
  } catch {
    return { kind: "refused", problem: "unreachable", retryAfter_ms: null };
  }
}
