import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

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
