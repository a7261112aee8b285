import type { IncomingMessage, ServerResponse } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { AppSettings } from "#src/config/env.ts";
import { doorCounts, type Lane, lanes } from "#src/contract/door.ts";
import { answerBusy } from "./busy.ts";
import { openPace } from "./pace.ts";
import { type Guest, openPlaces, type Places } from "./places.ts";

type Settings = Pick<AppSettings, "MAX_IN_FLIGHT" | "MAX_INNGEST_IN_FLIGHT" | "INNGEST_DEV">;

/** Lets requests in, as many at once as can be answered soon. */
export interface Admission {
  /** Does `work` for a request now or in a moment; or answers 503, and never does it. */
  admit(request: IncomingMessage, response: ServerResponse, path: string, work: () => Promise<void>): void;
}

/** How long things may last, in milliseconds. */
export interface Patience {
  /** How long a person waits for a place in a burst, and in a flood (see places.ts). */
  readonly burst_ms: number;
  readonly flood_ms: number;
  /** Beyond this the answers to people are slow, and fewer are worked on at once. */
  readonly slow_ms: number;
  /** When our own process is late by more than this on the average, Inngest's calls are fewer. */
  readonly late_ms: number;
  /** How long the work for a client that has gone keeps its place, unless it ends before. */
  readonly abandoned_ms: number;
}

const inProduction: Patience = {
  burst_ms: 500,
  flood_ms: 100,
  slow_ms: 300,
  late_ms: 10,
  abandoned_ms: 5_000,
};
/** With hot reload a page is built while somebody waits for it. */
export const inDevelopment: Patience = {
  ...inProduction,
  burst_ms: Number.POSITIVE_INFINITY,
  slow_ms: Number.POSITIVE_INFINITY,
};

/** What must not be refused waits until its turn comes; so many of them do, each with its head in memory. */
const untilItsTurn = { room: 2_000, burst_ms: Number.POSITIVE_INFINITY, flood_ms: 0 };
/** The rest of a page that was let in waits for longer than a page does: without it there would be none. */
const restOfPage = { room: 1_000, burst_ms: 5_000, flood_ms: 5_000 };
/** How often the pace is set. */
const pace_ms = 100;
/** How often it is looked whether our process is late. */
const sample_ms = 10;

const health = new Set(["/healthz", "/readyz", "/metrics"]);

/** Each lane's places: what one of them takes is not taken from another, but for the machine itself. */
function openLanes({ MAX_IN_FLIGHT, MAX_INNGEST_IN_FLIGHT }: Settings, patience: Patience) {
  const paces = {
    declines: openPace(MAX_IN_FLIGHT),
    pages: openPace(MAX_IN_FLIGHT),
    inngest: openPace(MAX_INNGEST_IN_FLIGHT),
  };
  const people = { ...patience, room: 2 * MAX_IN_FLIGHT };
  const doors: Record<Lane, Places> = {
    declines: openPlaces({ ...people, limit: () => paces.declines.limit }),
    pages: openPlaces({ ...people, limit: () => paces.pages.limit }),
    assets: openPlaces({ ...restOfPage, limit: () => MAX_IN_FLIGHT }),
    // A refusal would cost a run one of its attempts, a wait costs it nothing.
    inngest: openPlaces({ ...untilItsTurn, limit: () => paces.inngest.limit }),
    health: openPlaces({ ...untilItsTurn, limit: () => 8 }),
  };
  const delay = monitorEventLoopDelay({ resolution: sample_ms });
  let pacing: NodeJS.Timeout | undefined;
  const pace = () => {
    const slow = (["declines", "pages"] as const).filter((lane) => doors[lane].isSlow(patience.slow_ms));
    for (const lane of ["declines", "pages"] as const)
      if (slow.includes(lane)) paces[lane].press();
      else paces[lane].ease();
    // What was accepted is not in a hurry. When our process is late it has no use for more at once, and people wait for it.
    const late_ms = delay.mean / 1e6 - sample_ms;
    delay.reset();
    if (slow.length > 0 || late_ms > patience.late_ms) paces.inngest.press();
    else paces.inngest.ease();
    if (lanes.some((lane) => doors[lane].inFlight > 0)) return;
    clearInterval(pacing);
    delay.disable();
    pacing = undefined;
  };
  return {
    doors,
    /** Sets the pace from now on, until nobody is served. */
    keepPace: () => {
      if (pacing !== undefined) return;
      delay.reset();
      delay.enable();
      pacing = setInterval(pace, pace_ms).unref();
    },
  };
}

/** Opens the app's door, by its settings, and counts at it (see contract/door.ts). */
export function openAdmission(settings: Settings, patience = inProduction): Admission {
  const counts = doorCounts();
  const { doors, keepPace } = openLanes(settings, patience);
  /** A dev server signs nothing. Elsewhere a call that nobody has signed is some stranger's. */
  const isSigned = ({ headers }: IncomingMessage) =>
    settings.INNGEST_DEV !== undefined || headers["x-inngest-signature"] !== undefined;
  const laneOf = (request: IncomingMessage, path: string): Lane => {
    if (health.has(path)) return "health";
    if (path === "/api/inngest" && isSigned(request)) return "inngest";
    if (path.startsWith("/_next/static/")) return "assets";
    return request.method === "DELETE" && path.startsWith("/goals/") ? "declines" : "pages";
  };

  return {
    admit(request, response, path, work) {
      const lane = laneOf(request, path);
      const places = doors[lane];
      const note = () => {
        counts.inFlight[lane] = places.inFlight;
        counts.waiting[lane] = places.waiting;
      };
      let hasBegun = false;
      const leave = () => {
        places.leave(guest);
        note();
      };
      const guest: Guest = {
        // A request that still arrives, or an answer that nobody takes, costs nothing but its connection.
        isIdle: () => !request.complete || response.writableNeedDrain || response.writableEnded,
        begin: () => {
          hasBegun = true;
          note();
          keepPace();
          void work().finally(leave);
        },
        refuse: (why) => {
          counts.refused[why] += 1;
          note();
          answerBusy(request, response, path);
        },
      };
      response.once("close", () => {
        if (response.writableFinished || !hasBegun) return leave();
        // The work goes on, and its end frees the place; some of Next's never ends once the client has gone.
        setTimeout(leave, patience.abandoned_ms).unref();
      });
      places.enter(guest);
      note();
    },
  };
}
