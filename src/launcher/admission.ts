import { randomInt } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AppSettings } from "#src/config/env.ts";
import { doorCounts, type Lane } from "#src/contract/door.ts";
import { problems } from "#src/contract/problems.ts";
import { type Guest, openPlaces, type PlaceRules } from "./places.ts";

type Settings = Pick<AppSettings, "MAX_IN_FLIGHT" | "MAX_INNGEST_IN_FLIGHT" | "INNGEST_DEV">;

/** Lets requests in, as many at once as can be answered soon. */
export interface Admission {
  /** Does `work` for a request now or in a moment; or answers 503, and never does it. */
  admit(request: IncomingMessage, response: ServerResponse, path: string, work: () => Promise<void>): void;
}

/** How long anything lasts that is not the work itself, in milliseconds. */
interface Patience {
  /** How long a person waits for a place: a burst passes within it, and a flood is turned away quickly. */
  readonly patience_ms: number;
  /** How long the work for a client that has gone keeps its place, unless it ends before. */
  readonly abandoned_ms: number;
}

/** What nobody may lose waits until its turn comes; so many of them do, each with its head in memory. */
const waitForEver = { room: 2_000, patience_ms: Number.POSITIVE_INFINITY };
/** Whoever is turned away comes back after 1 to 4 seconds, and not all at once. */
const retryAfter_s = () => randomInt(1, 5);
/** A body up to this size is read to its end and dropped, so that its connection serves again. */
const smallBody = 16_384;

const health = new Set(["/healthz", "/readyz", "/metrics"]);

/** Each lane's places. What a person waits for, Inngest's calls and what watches over us take no room from each other. */
const rulesOf = (
  { MAX_IN_FLIGHT, MAX_INNGEST_IN_FLIGHT }: Settings,
  patience_ms: number,
): Record<Lane, PlaceRules> => ({
  people: { places: MAX_IN_FLIGHT, room: 2 * MAX_IN_FLIGHT, patience_ms },
  // A refusal would cost a run one of its attempts, a wait costs it nothing.
  inngest: { places: MAX_INNGEST_IN_FLIGHT, ...waitForEver },
  health: { places: 8, ...waitForEver },
});

function refuse(request: IncomingMessage, response: ServerResponse, path: string): void {
  const { status, title } = problems.unavailable;
  const { "content-length": length = "0", "transfer-encoding": chunked } = request.headers;
  if (chunked !== undefined || Number(length) > smallBody) response.setHeader("connection", "close");
  response.writeHead(status, {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "retry-after": String(retryAfter_s()),
  });
  const code = "unavailable";
  response.end(
    JSON.stringify({ type: `urn:goalkeeper:problem:${code}`, title, status, code, instance: path }),
  );
}

/** Opens the app's door, by its settings, and counts at it (see contract/door.ts). */
export function openAdmission(
  settings: Settings,
  { patience_ms, abandoned_ms }: Patience = { patience_ms: 250, abandoned_ms: 5_000 },
): Admission {
  const counts = doorCounts();
  const rules = rulesOf(settings, patience_ms);
  const doors = {
    people: openPlaces(rules.people),
    inngest: openPlaces(rules.inngest),
    health: openPlaces(rules.health),
  };
  /** A dev server signs nothing. Elsewhere a call that nobody has signed is some stranger's. */
  const isSigned = ({ headers }: IncomingMessage) =>
    settings.INNGEST_DEV !== undefined || headers["x-inngest-signature"] !== undefined;
  const laneOf = (request: IncomingMessage, path: string): Lane => {
    if (health.has(path)) return "health";
    return path === "/api/inngest" && isSigned(request) ? "inngest" : "people";
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
          void work().finally(leave);
        },
        refuse: (why) => {
          counts.refused[why] += 1;
          note();
          refuse(request, response, path);
        },
      };
      response.once("close", () => {
        if (response.writableFinished || !hasBegun) return leave();
        // The work goes on, and its end frees the place; some of Next's never ends once the client has gone.
        setTimeout(leave, abandoned_ms).unref();
      });
      places.enter(guest);
      note();
    },
  };
}
