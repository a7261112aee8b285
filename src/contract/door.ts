/**
 * What the app's own server counts at its door. The server and the routes run in one process, but are loaded as two
 * sets of modules: one writes here what the other shows.
 */

/** Who is served apart from whom, so that none of them can take the others' room. */
export const lanes = ["declines", "pages", "assets", "inngest", "health"] as const;
export type Lane = (typeof lanes)[number];

/** Why a request was turned away: too many were waiting already, or it had waited for as long as anybody does. */
export const refusals = ["full", "waited"] as const;
export type Refusal = (typeof refusals)[number];

/** The counts of one process. */
export interface DoorCounts {
  /** Requests that are being answered now. */
  readonly inFlight: Record<Lane, number>;
  /** Requests that wait for their turn. */
  readonly waiting: Record<Lane, number>;
  /** Requests that were turned away since the process began. */
  readonly refused: Record<Refusal, number>;
}

const none = (): Record<Lane, number> => ({ declines: 0, pages: 0, assets: 0, inngest: 0, health: 0 });

const shared = globalThis as { goalkeeperDoor?: DoorCounts };

/** The counts of this process; the same object for whoever asks. */
export const doorCounts = (): DoorCounts =>
  (shared.goalkeeperDoor ??= {
    inFlight: none(),
    waiting: none(),
    refused: { full: 0, waited: 0 },
  });
