/** Why a sign-in did not succeed, as the page can say it. */
export type SignInFailure = "wrong_credentials" | "rate_limited" | "unreachable" | "unavailable";

const patience_ms = 15_000;

/** What an answer of the sign-in route means; null for success. The body says no more than the status does. */
export function failureOf(status: number): SignInFailure | null {
  if (status >= 200 && status < 300) return null;
  if (status === 429) return "rate_limited";
  // A malformed address belongs to nobody either.
  return status < 500 ? "wrong_credentials" : "unavailable";
}

/** Signs in by e-mail and password; the session comes as a cookie. Never throws. */
export async function signIn(email: string, password: string): Promise<SignInFailure | null> {
  try {
    const response = await fetch("/api/auth/sign-in/email", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, password }),
      signal: AbortSignal.timeout(patience_ms),
    });
    // An answer that is left unread counts as broken off when the page goes on.
    await response.arrayBuffer();
    return failureOf(response.status);
  } catch {
    return "unreachable";
  }
}
