import type { Refusal } from "#src/contract/door.ts";

/** How many are served at once, and who waits for how long. */
export interface PlaceRules {
  /** How many are served at once. */
  readonly places: number;
  /** How many wait for a place; whoever comes then is turned away at once. */
  readonly room: number;
  /** How long one waits, in milliseconds. */
  readonly patience_ms: number;
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
  readonly inFlight: number;
  readonly waiting: number;
}

/** How often it is looked after those who wait, when nobody leaves. */
const look_ms = 20;
/** So many times the places are served at most while most of them are idle: each of them costs memory. */
const mostIdle = 16;

/**
 * Opens places. Whoever waits does so in the order of coming: the wait is short, so that the first is still there to
 * be answered, and nobody who came later overtakes.
 */
export function openPlaces({ places, room, patience_ms }: PlaceRules): Places {
  const served = new Set<Guest>();
  /** Until when each of those who wait does so, the first to come first. */
  const queue = new Map<Guest, number>();
  let looking: NodeJS.Timeout | undefined;

  const busy = () => [...served].reduce((sum, guest) => sum + (guest.isIdle() ? 0 : 1), 0);
  const isFree = () => served.size < places || (served.size < mostIdle * places && busy() < places);
  const begin = (guest: Guest) => {
    served.add(guest);
    guest.begin();
  };

  const look = () => {
    for (const [guest, until] of queue) {
      const isLate = until <= performance.now();
      if (!isLate && !isFree()) break;
      queue.delete(guest);
      if (isLate) guest.refuse("waited");
      else begin(guest);
    }
    if (queue.size > 0) return void (looking ??= setInterval(look, look_ms));
    clearInterval(looking);
    looking = undefined;
  };

  return {
    enter(guest) {
      if (queue.size === 0 && isFree()) return begin(guest);
      if (queue.size >= room) return guest.refuse("full");
      queue.set(guest, performance.now() + patience_ms);
      look();
    },
    leave(guest) {
      queue.delete(guest);
      served.delete(guest);
      look();
    },
    get inFlight() {
      return served.size;
    },
    get waiting() {
      return queue.size;
    },
  };
}
