import type { Refusal } from "#src/contract/door.ts";

/** How many are served at once, and who waits for how long. */
export interface PlaceRules {
  /** How many are served at once, just now. */
  readonly limit: () => number;
  /** How many wait for a place; whoever comes then is turned away at once. */
  readonly room: number;
  /** How long one waits in a burst, in milliseconds. */
  readonly burst_ms: number;
  /** How long one waits in a flood: when, for as long as one waits in a burst, there was always somebody waiting. */
  readonly flood_ms: number;
}

/** One who wants to be served. */
export interface Guest {
  /** Whether it waits for its own client, while it is served: then it holds no place. */
  readonly isIdle: () => boolean;
  /** Its turn has come. */
  readonly begin: () => void;
  /** It is turned away. */
  readonly refuse: (why: Refusal) => void;
}

/** Places of which there are only so many. */
export interface Places {
  /** Begins, lets wait or refuses a guest. */
  enter(guest: Guest): void;
  /** The guest is done, or no longer wants what it waited for. Safe to call twice. */
  leave(guest: Guest): void;
  /** Whether too many of those who hold a place have done so for longer than this, in milliseconds. */
  isSlow(longest_ms: number): boolean;
  readonly inFlight: number;
  readonly waiting: number;
}

/** How often it is looked after those who wait, when nobody leaves. */
const look_ms = 20;
/** So many times the limit are served at most while most of them are idle: each of them costs memory. */
const mostIdle = 16;
/** So many, or one of ten, may be slow by their own nature. */
const slowByNature = 2;

/**
 * Opens places. Whoever waits does so in the order of coming: the wait is short, so that the first is still there to
 * be answered, and nobody who came later overtakes.
 */
export function openPlaces({ limit, room, burst_ms, flood_ms }: PlaceRules): Places {
  /** Those who are served, and since when. */
  const served = new Map<Guest, number>();
  /** Those who wait, and since when, the first to come first. */
  const queue = new Map<Guest, number>();
  /** When there was last nobody waiting. */
  let calm = 0;
  let looking: NodeJS.Timeout | undefined;

  const busy = () => [...served].filter(([guest]) => !guest.isIdle());
  const isFree = () => served.size < limit() || (served.size < mostIdle * limit() && busy().length < limit());
  const begin = (guest: Guest) => {
    served.set(guest, performance.now());
    guest.begin();
  };

  const look = () => {
    const now = performance.now();
    const patience_ms = now - calm < burst_ms ? burst_ms : flood_ms;
    for (const [guest, came] of queue) {
      const isLate = now - came >= patience_ms;
      if (!isLate && !isFree()) break;
      queue.delete(guest);
      if (isLate) guest.refuse("waited");
      else begin(guest);
    }
    if (queue.size > 0) return void (looking ??= setInterval(look, look_ms));
    calm = now;
    clearInterval(looking);
    looking = undefined;
  };

  return {
    enter(guest) {
      if (queue.size === 0 && isFree()) return begin(guest);
      if (queue.size >= room) return guest.refuse("full");
      if (queue.size === 0) calm = performance.now();
      queue.set(guest, performance.now());
      look();
    },
    leave(guest) {
      queue.delete(guest);
      served.delete(guest);
      look();
    },
    isSlow(longest_ms) {
      const all = busy();
      const slow = all.filter(([, since]) => performance.now() - since > longest_ms);
      return slow.length > Math.max(slowByNature, all.length / 10);
    },
    get inFlight() {
      return served.size;
    },
    get waiting() {
      return queue.size;
    },
  };
}
