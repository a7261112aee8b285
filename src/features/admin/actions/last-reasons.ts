const key = "goalkeeper.console.reasons";
const kept = 5;

/** The reasons that were given last in this browser, the latest first; none where it keeps nothing. */
export function lastReasons(): readonly string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(found) ? found.filter((reason) => typeof reason === "string").slice(0, kept) : [];
  } catch {
    return [];
  }
}

/** Keeps a reason to be offered again: trouble rarely comes alone. */
export function rememberReason(reason: string): void {
  try {
    const others = lastReasons().filter((other) => other !== reason);
    localStorage.setItem(key, JSON.stringify([reason, ...others].slice(0, kept)));
  } catch {
    // A browser that keeps nothing offers nothing: the reason has been sent all the same.
  }
}
