import type { Conservation } from "#src/server/operations/console/conservation.ts";

/** How the conservation light reads: what its last check said, and whether that is still to be relied on. */
export type LightState =
  /** Not read yet. */
  | { readonly kind: "looking" }
  /** Never checked. */
  | { readonly kind: "unchecked" }
  | { readonly kind: "agrees" }
  | { readonly kind: "breached"; readonly count: number }
  /** All was well, but that was `minutes` ago: nobody looks any more. */
  | { readonly kind: "stale"; readonly minutes: number };

/** Checks come every minute. The server says when they have stopped; this is for a page that no longer hears the server. */
const stale_ms = 5 * 60_000;

/**
 * Reads the light at `now` (milliseconds; null where it is not known). What was found broken stays so, however long ago:
 * only a check says that it is well again.
 */
export function lightState(
  conservation: Pick<Conservation, "light" | "checked" | "breach_count"> | undefined,
  now: number | null,
): LightState {
  if (conservation === undefined) return { kind: "looking" };
  const { light, checked, breach_count } = conservation;
  if (light === "red" || breach_count > 0) return { kind: "breached", count: breach_count };
  if (checked === null) return { kind: "unchecked" };
  const age_ms = now === null ? 0 : now - Date.parse(checked);
  if (light === "green" && age_ms <= stale_ms) return { kind: "agrees" };
  return { kind: "stale", minutes: Math.max(1, Math.floor(age_ms / 60_000)) };
}
