import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { doorCounts, lanes, refusals } from "#src/contract/door.ts";

/** What the app counts of itself, in Prometheus' terms. */
export interface Metrics {
  readonly registry: Registry;
  /** Answers to a decline, by HTTP status. */
  readonly declines: Counter<"status">;
  /** From a decline's request to its answer, in seconds. */
  readonly declineSeconds: Histogram;
  /** What the last check of the ledger found wrong, by kind; without any series while nothing is known. */
  readonly breaches: Gauge<"kind">;
}

export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  showDoor(registers);
  return {
    registry,
    declines: new Counter({
      name: "goalkeeper_decline_answers_total",
      help: "Answers to DELETE /goals/<goal_id>, by status.",
      labelNames: ["status"],
      registers,
    }),
    declineSeconds: new Histogram({
      name: "goalkeeper_decline_seconds",
      help: "Time to answer DELETE /goals/<goal_id>.",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    breaches: new Gauge({
      name: "goalkeeper_conservation_breaches",
      help: "What the last check of the ledger found wrong, by kind.",
      labelNames: ["kind"],
      registers,
    }),
  };
}

/** Shows what the app's own server counts at its door, as it is when somebody asks. */
function showDoor(registers: Registry[]): void {
  const refused = new Counter({
    name: "goalkeeper_requests_refused_total",
    help: "Requests that were turned away with 503, for too many came at once, by reason.",
    labelNames: ["reason"],
    registers,
    collect() {
      refused.reset();
      for (const reason of refusals) refused.inc({ reason }, doorCounts().refused[reason]);
    },
  });
  const inFlight = new Gauge({
    name: "goalkeeper_requests_in_flight",
    help: "Requests that are being answered now, by lane.",
    labelNames: ["lane"],
    registers,
    collect() {
      for (const lane of lanes) inFlight.set({ lane }, doorCounts().inFlight[lane]);
    },
  });
}
