import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { doorCounts, lanes, refusals } from "#src/contract/door.ts";

/**
 * What the app says of itself, in Prometheus' terms. Counters and histograms are each process's own, and are to be added
 * up over all of them; gauges that are read from the database are the same everywhere, and are not. Labels have few
 * values: never an id, never what a client sent.
 */
export interface Metrics {
  readonly registry: Registry;
  /** Answers to requests of any kind, by route (`/goals/{goal_id}`), method and HTTP status. This process's own. */
  readonly requests: Counter<"route" | "method" | "status">;
  /** From a request to the end of its answer, in seconds. This process's own. */
  readonly requestSeconds: Histogram<"route">;
  /** Answers to a decline, by HTTP status. This process's own. */
  readonly declines: Counter<"status">;
  /** From a decline's request to its answer, in seconds. This process's own. */
  readonly declineSeconds: Histogram;
  /**
   * Runs of receivers that have come to an end here, by how: `done`, `returned`, `failed` for good; and `retrying`, once for
   * each attempt that failed with another one to come. This process's own.
   */
  readonly receiverRuns: Counter<"receiver" | "status">;
  /** What one call of a receiver takes, in seconds; a run that sleeps is called again afterwards. This process's own. */
  readonly receiverSeconds: Histogram<"receiver">;
  /**
   * From a refund's due time to its writing, in seconds; what was held back counts with the time for which it was. This
   * process's own.
   */
  readonly refundDelay: Histogram;
  /** From an event's time, when Inngest took it, to the first call of a function for it, in seconds. This process's own. */
  readonly queueLag: Histogram<"function">;
  /** For how long the refund that is due longest has been due, in seconds; 0 when none is. From the database. */
  readonly oldestDueRefund: Gauge;
  /** Goals that ended over 60 s ago and of which not every receiver has heard, counted up to 300. From the database. */
  readonly signalsMissing: Gauge;
  /** What the last check of the ledger found wrong, by kind; without any series while nothing is known. From the database. */
  readonly breaches: Gauge<"kind">;
  /** Whether this process reaches each of the services that it needs: 1 or 0. */
  readonly dependencyUp: Gauge<"dependency">;
}

const quick = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const slow = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const late = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 86_400];

export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  showDoor(registers);
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: `goalkeeper_${name}`, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name: `goalkeeper_${name}`, help, labelNames, registers });
  const seconds = <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly Label[] = [],
  ) => new Histogram({ name: `goalkeeper_${name}_seconds`, help, buckets, labelNames, registers });
  return {
    registry,
    requests: counter("requests_total", "Answers, by route, method and status.", [
      "route",
      "method",
      "status",
    ]),
    requestSeconds: seconds("request", "Time to answer a request.", quick, ["route"]),
    declines: counter("decline_answers_total", "Answers to DELETE /goals/<goal_id>, by status.", ["status"]),
    declineSeconds: seconds("decline", "Time to answer DELETE /goals/<goal_id>.", quick),
    receiverRuns: counter("receiver_runs_total", "Ends of receivers' runs, and attempts that are retried.", [
      "receiver",
      "status",
    ]),
    receiverSeconds: seconds("receiver", "Time that one call of a receiver takes.", slow, ["receiver"]),
    refundDelay: seconds("refund_delay", "Time from a refund's due time to its writing.", late),
    queueLag: seconds("queue_lag", "Time from an event to the first call of a function for it.", late, [
      "function",
    ]),
    oldestDueRefund: gauge("refund_oldest_due_age_seconds", "How long the oldest refund has been due."),
    signalsMissing: gauge("signals_missing", "Goals that ended over 60 s ago and lack receivers' runs."),
    breaches: gauge("conservation_breaches", "What the last check of the ledger found wrong, by kind.", [
      "kind",
    ]),
    dependencyUp: gauge("dependency_up", "Whether a service answers.", ["dependency"]),
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

const shared = globalThis as { goalkeeperMetrics?: Metrics };

/**
 * The metrics of this process. The server at the socket and what Next has bundled are two module graphs in one process,
 * and count in the same place.
 */
export const processMetrics = (): Metrics => (shared.goalkeeperMetrics ??= openMetrics());
