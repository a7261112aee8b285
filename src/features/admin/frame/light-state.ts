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

/** Checks come every minute: five without one say that whoever checks has stopped. */
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
  if (light === "red") return { kind: "breached", count: breach_count };
  if (light === "unknown" || checked === null) return { kind: "unchecked" };
  const age_ms = now === null ? 0 : now - Date.parse(checked);
  return age_ms > stale_ms ? { kind: "stale", minutes: Math.floor(age_ms / 60_000) } : { kind: "agrees" };
}
