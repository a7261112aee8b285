import { NonRetriableError } from "inngest";
import type { ReceiverId } from "#src/contract/receivers.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import type { Actor, Turns } from "./turns.ts";

/** An event as it is kept. */
export interface KeptEvent {
  readonly id: string;
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly ts: number;
}

/** One function of the product, as it hands it to Inngest. */
type Handler = (context: Record<string, unknown>) => Promise<unknown>;

interface Run {
  readonly id: string;
  readonly functionId: string;
  readonly event: KeptEvent;
  /** What its steps came to, as JSON has it. */
  readonly steps: Map<string, unknown>;
  readonly ended: (output: unknown) => void;
  state: "new" | "running" | "asleep" | "over";
  attempt: number;
  due?: number;
  actor?: Actor;
}

/**
 * What Inngest promises, without Inngest, and as badly as it may: an event is kept once by its id; each function that it
 * triggers runs at least once; what a step has come to is kept, but only when the answer has arrived; whoever sleeps or
 * waits for another is entered again from the top; what fails or dies is tried again. Every part of it takes its turn.
 */
export interface Queue {
  /** In the place of the client: functions are made here, events are sent here. */
  readonly client: unknown;
  /** Every event that was kept, the oldest first. */
  readonly events: readonly KeptEvent[];
  /** What has failed for good. */
  readonly failures: readonly string[];
  /** Wakes whoever has slept until now. */
  wake(): void;
  /** The clock starts a function, unless it is still at it. */
  tick(functionId: string): void;
  /** Delivers the n-th event once more, as though nothing were known of the first time. */
  redeliver(n: number): KeptEvent | undefined;
  /** Loses a run for good: the n-th of those that end goals, or that have not been entered yet. */
  lose(n: number): KeptEvent | undefined;
}

const day_ms = 24 * 3_600_000;
/** More attempts than a world that is out of order a few times could ever take. */
const mostAttempts = 60;
const never = () => new Promise<never>(() => undefined);
const asJson = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

/** The functions that an event triggers. */
const triggeredBy = ({ name, data }: KeptEvent): readonly string[] => {
  switch (name) {
    case "goal.deactivate":
      return ["deactivate_goal"];
    case "goal.ended":
      return receiverIds;
    case "goal.ended.retry":
      return [data["receiver"] as ReceiverId];
    default:
      return [];
  }
};

/** Opens one, over a clock in milliseconds since the epoch. */
export function openQueue(turns: Turns, now: () => number): Queue {
  const handlers = new Map<string, Handler>();
  const events: KeptEvent[] = [];
  const runs: Run[] = [];
  const failures: string[] = [];

  const start = (functionId: string, event: KeptEvent, ended: Run["ended"] = () => undefined) => {
    const id = `run-${runs.length}`;
    const run: Run = { id, functionId, event, steps: new Map(), ended, state: "new", attempt: 0 };
    runs.push(run);
    enter(run);
  };
  const keep = (sent: KeptEvent | readonly KeptEvent[]) => {
    for (const { id, name, data } of [sent].flat() as KeptEvent[]) {
      if (events.some((event) => event.id === id && now() - event.ts < day_ms)) continue;
      const event: KeptEvent = { id, name, data: asJson(data) as KeptEvent["data"], ts: now() };
      events.push(event);
      for (const functionId of triggeredBy(event)) start(functionId, event);
    }
  };
  const again = (run: Run) => {
    if (run.state === "over") return;
    run.attempt++;
    if (run.attempt < mostAttempts) return enter(run);
    run.state = "over";
    failures.push(`${run.functionId} has failed ${mostAttempts} times.`);
  };
  /** Enters a run from the top. What comes of an earlier entry is its own and no longer counts. */
  const enter = (run: Run) => {
    const act = async () => {
      try {
        await turns.take(async () => undefined);
        run.state = "running";
        const step = stepsOf(run);
        const handler = handlers.get(run.functionId);
        if (handler === undefined) throw new Error(`There is no function ${run.functionId}.`);
        const { event, attempt, id } = run;
        const output = await handler({ event, step, attempt, runId: id });
        await turns.take(async () => {
          run.state = "over";
          run.ended(asJson(output));
        });
      } catch (error) {
        if (!(error instanceof NonRetriableError)) return again(run);
        run.state = "over";
        failures.push(`${run.functionId}: ${error.message}`);
      }
    };
    run.actor = turns.begin(run.functionId, act, () => again(run));
  };
  const stepsOf = (run: Run) => ({
    /** Does it, unless it is known what it came to. Dying before the answer has arrived does it again. */
    async run(name: string, body: () => Promise<unknown>): Promise<unknown> {
      if (run.steps.has(name)) return run.steps.get(name);
      try {
        const result = asJson(await body());
        return await turns.take(async () => {
          run.steps.set(name, result);
          return result;
        });
      } catch (error) {
        if (error instanceof NonRetriableError) throw error;
        again(run);
        return never();
      }
    },
    async sendEvent(name: string, sent: KeptEvent | readonly KeptEvent[]): Promise<void> {
      if (run.steps.has(name)) return;
      await turns.take(async () => keep(sent));
      await turns.take(async () => void run.steps.set(name, null));
    },
    async sleepUntil(name: string, time: string): Promise<void> {
      const due = Date.parse(time);
      if (run.steps.has(name)) return;
      run.steps.set(name, null);
      if (due <= now()) return;
      run.state = "asleep";
      run.due = due;
      return never();
    },
    async invoke(
      name: string,
      { function: called, data }: { function: { opts: { functionId: string } }; data: KeptEvent["data"] },
    ): Promise<unknown> {
      if (run.steps.has(name)) return run.steps.get(name);
      await turns.take(async () => undefined);
      const event: KeptEvent = { id: `${run.id}:${name}`, name: "inngest/function.invoked", data, ts: now() };
      start(called.opts.functionId, event, (output) => {
        run.steps.set(name, output);
        enter(run);
      });
      return never();
    },
  });

  return {
    client: {
      createFunction({ id }: { id: string }, handler: Handler) {
        handlers.set(id, handler);
        return { id };
      },
      send: (sent: KeptEvent | readonly KeptEvent[]) =>
        turns.take(async () => {
          keep(sent);
          return { ids: [sent].flat().map(({ id }: { id?: string }) => id) };
        }),
    },
    events,
    failures,
    wake() {
      for (const run of runs) if (run.state === "asleep" && (run.due ?? 0) <= now()) enter(run);
    },
    tick(functionId) {
      if (runs.some((run) => run.functionId === functionId && run.state !== "over")) return;
      start(functionId, { id: `tick-${now()}`, name: "inngest/scheduled.timer", data: {}, ts: now() });
    },
    redeliver(n) {
      const event = events[n % Math.max(1, events.length)];
      if (event !== undefined) for (const functionId of triggeredBy(event)) start(functionId, event);
      return event;
    },
    lose(n) {
      const losable = runs.filter(
        ({ state, functionId, event }) =>
          (functionId === "deactivate_goal" && state !== "over") ||
          (state === "new" && event.name.startsWith("goal.ended")),
      );
      const run = losable[n % Math.max(1, losable.length)];
      if (run === undefined) return undefined;
      run.state = "over";
      if (run.actor !== undefined) turns.kill(run.actor);
      return run.event;
    },
  };
}
