/** How many are served at once: as many as are served soon. */
export interface Pace {
  readonly limit: number;
  /** They take too long: fewer. */
  press(): void;
  /** They do not: more, up to the most. */
  ease(): void;
}

/** Never fewer than this part of the most: who comes one by one must not be turned away because a machine is slow. */
const least = 0.25;

/**
 * Opens a pace that begins at its most. It falls by a quarter at a time and rises by one, as the window of a TCP
 * connection does: too many at once harm all of them, too few only those who come last.
 */
export function openPace(most: number): Pace {
  let limit = most;
  return {
    get limit() {
      return limit;
    },
    press() {
      limit = Math.max(Math.ceil(least * most), Math.floor(0.75 * limit));
    },
    ease() {
      limit = Math.min(most, limit + 1);
    },
  };
}
