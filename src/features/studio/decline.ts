import { type ClientProblem, problemCode } from "../api/problem.ts";

/** How far the decline of one invitation has come, on this page. */
export type DeclineState =
  | { readonly kind: "sending" }
  /** The server has taken it; the invitation leaves when a reading says that it has ended. */
  | { readonly kind: "accepted" }
  | { readonly kind: "failed"; readonly problem: ClientProblem; readonly retryAfter_s: number | null };

const patience_ms = 15_000;

/** Declines a goal by the public route. Never throws: what went wrong is in the answer. */
export async function sendDecline(goalId: string): Promise<DeclineState> {
  try {
    const response = await fetch(`/goals/${goalId}`, {
      method: "DELETE",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ agree: false }),
      signal: AbortSignal.timeout(patience_ms),
    });
    const body: unknown = await response.json().catch(() => null);
    if (response.ok) return { kind: "accepted" };
    const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
    return {
      kind: "failed",
      problem: problemCode(body) ?? "internal_error",
      retryAfter_s: Number.isFinite(retryAfter) ? retryAfter : null,
    };
  } catch {
    return { kind: "failed", problem: "unreachable", retryAfter_s: null };
  }
}
