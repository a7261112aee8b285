import canonicalize from "canonicalize";

import type { RegisteredFunction } from "./catalog.ts";
import type { Engine } from "./engine.ts";
import { getEvent } from "./event-store.ts";
import type { QueueItem, Run } from "./model.ts";
import { pendingSteps, stepsOf } from "./run-store.ts";

/** Above this size (in characters) the SDK is told to fetch events and steps itself. */
const MAX_REQUEST_LENGTH = 4 * 1024 * 1024;
/** Events whose text is at hand, and how long such a text may be: those of the runs that go on now. */
const KEPT_EVENTS = 1000;
const MAX_KEPT_LENGTH = 16 * 1024;

/** The memoised steps as the SDK reads them. */
export function memoOf(engine: Engine, runId: string): { steps: Record<string, object>; stack: string[] } {
  const settled = stepsOf(engine.db, runId).flatMap(({ id, outcome }) => (outcome ? [{ id, outcome }] : []));
  return {
    steps: Object.fromEntries(settled.map(({ id, outcome }) => [id, outcome])),
    stack: settled.map(({ id }) => id),
  };
}

/** The same JSON twice: as it is sent, with keys as they came, and in the canonical form that the signature is over. */
interface Text {
  readonly sent: string;
  readonly signed: string;
}

const textOf = (value: object): Text => ({
  sent: JSON.stringify(value),
  signed: canonicalize(value) ?? "",
});

/**
 * Makes what writes the requests to apps. They are put together of texts: a signal's event goes to every function that
 * it triggers, and is written once for all of them.
 */
export function makeRequestWriter(engine: Engine) {
  const kept = new Map<string, Text>();

  function eventText(internalId: string): Text[] {
    const known = kept.get(internalId);
    if (known !== undefined) return [known];
    const event = getEvent(engine.db, internalId);
    if (!event) return [];
    const text = textOf(event.payload);
    if (text.sent.length <= MAX_KEPT_LENGTH) kept.set(internalId, text);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_EVENTS && oldest !== undefined) kept.delete(oldest);
    return [text];
  }

  /** The request that carries out a queue item of a run. */
  return (fn: RegisteredFunction, run: Run, item: QueueItem): Text => {
    const events = run.eventIds.flatMap(eventText);
    // Before its first call a run has no steps.
    const isFirst = run.status === "QUEUED";
    const { steps, stack } = isFirst ? { steps: {}, stack: [] } : memoOf(engine, run.id);
    const ctx = {
      run_id: run.id,
      fn_id: fn.uuid,
      qi_id: String(item.id),
      step_id: item.stepId ?? "step",
      attempt: item.attempt,
      max_attempts: fn.maxAttempts,
      // A step that is inline while others of the run are pending could run twice.
      disable_immediate_execution: run.isPlanned || (!isFirst && pendingSteps(engine.db, run.id) > 0),
      stack: { stack, current: stack.length },
    };
    const write = (isWhole: boolean): Text => {
      const context = canonicalize({ ...ctx, use_api: !isWhole });
      const memo = textOf(isWhole ? steps : {});
      const list = isWhole ? events : [];
      // The keys stand in their canonical order.
      const join = (form: keyof Text): string =>
        `{"ctx":${context},"event":${events[0]?.[form] ?? "{}"},"events":[${list.map((text) => text[form]).join(",")}],` +
        `"steps":${memo[form]},"use_api":${!isWhole},"version":-1}`;
      return { sent: join("sent"), signed: join("signed") };
    };
    const whole = write(true);
    return whole.sent.length <= MAX_REQUEST_LENGTH ? whole : write(false);
  };
}
