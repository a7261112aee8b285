/** The shapes that the parts of this server hand to each other. */

/** A value as JSON carries it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** Whether a value that JSON.parse gave is an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One event as functions see it. `ts` is in milliseconds; `id` is the sender's own id, or the internal one. */
export interface EventPayload {
  id: string;
  name: string;
  data: JsonObject;
  ts: number;
  [extra: string]: Json;
}

/** An event with the internal id (a ULID) that the API answered with. */
export interface StoredEvent {
  internalId: string;
  receivedMs: number;
  payload: EventPayload;
}

/** Where a run is in its life; the last three never change again. */
export type RunStatus = "QUEUED" | "RUNNING" | "COMPLETED" | "FAILED" | "CANCELLED";

/** One run of one function. */
export interface Run {
  id: string;
  functionId: string;
  status: RunStatus;
  eventIds: string[];
  isBatch: boolean;
  cron: string | null;
  queuedMs: number;
  startedMs: number | null;
  endedMs: number | null;
  /** JSON text of the result, or of the error when the run failed. */
  output: string | null;
  /** Whether a step of another run waits for this one. */
  isInvoked: boolean;
  originalRunId: string | null;
  singletonKey: string | null;
  /** What this run's requests count against, in the order of the function's concurrency options. */
  lane: string[];
  /** Added to the queue time for ordering inside a lane; negative runs earlier. */
  rankShiftMs: number;
  /** Whether every step must be planned before it runs: the run has branches that go on by themselves. */
  isPlanned: boolean;
}

/** What a step stores once it is settled: exactly one of the two keys. */
export type StepOutcome = { data: Json } | { error: Json };

/** One step of a run: pending until `outcome` is there. */
export interface Step {
  runId: string;
  id: string;
  name: string;
  op: string;
  outcome: StepOutcome | null;
  queuedMs: number;
  startedMs: number | null;
  endedMs: number | null;
}

/** `call` asks the app to go on with a run, `step` to run one planned step; the others are timers. */
export type QueueKind =
  | "call"
  | "step"
  | "sleep"
  | "wait-timeout"
  | "invoke-timeout"
  | "run-timeout"
  | "cron"
  | "debounce"
  | "batch";

/** One thing to be done at a time. Durable: it leaves the queue only together with what it led to. */
export interface QueueItem {
  id: number;
  kind: QueueKind;
  runId: string | null;
  stepId: string | null;
  functionId: string;
  dueMs: number;
  /** Orders items of one lane. */
  rankMs: number;
  /** Attempts spent so far, from 0. */
  attempt: number;
  /** How often in a row the app could not be reached; these spend no attempt. */
  away: number;
  lane: string[];
  payload: string | null;
}

/** An error as the SDK serialises it. */
export interface RunError {
  name: string;
  message: string;
  stack?: string;
  [extra: string]: Json | undefined;
}
