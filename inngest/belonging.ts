import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { endedBy, goalDeactivate, goalEnded, goalEndedId, goalEndedRetry } from "#src/contract/events.ts";
import { goalIdOfEscrow, objectIdHex } from "#src/contract/ids.ts";
import type { Database } from "#src/server/data/database.ts";
import { findGoal } from "#src/server/data/goals.ts";
import { spanIdOf } from "#src/server/gateways/traces.ts";

/** An event, as far as this needs it. */
export interface SeenEvent {
  readonly name?: string | undefined;
  readonly id?: string | undefined;
  readonly data?: unknown;
}

/** What an event belongs to. */
export interface Belonging {
  readonly goalId?: string | undefined;
  /** The id of the event that asked for the goal's end: in the 202 answer, and in `goals.deactivated.event_id`. */
  readonly endingId?: string | undefined;
  /** The id of the span in which it was sent. */
  readonly sender?: string | undefined;
}

const aboutGoal = z.object({ goal_id: objectIdHex });
const aboutEscrow = z.object({ escrow_id: z.string() });
const invoked = "inngest/function.invoked";
const failed = "inngest/function.failed";

/** What an invoked function is told besides its input, so that it knows whose end it serves. */
const carried = z.object({
  _serves: z.object({
    ending_id: z.string(),
    goal_id: objectIdHex.optional(),
    span_id: z.string().optional(),
  }),
});
export type Carried = z.output<typeof carried>;

/** How long somebody waits to learn whose an event is: it is worth knowing, and nothing depends on it. */
const within_ms = 500;
const mostRemembered = 1_000;

const goalIdIn = (data: unknown): string | undefined => {
  const goal = aboutGoal.safeParse(data);
  if (goal.success) return goal.data.goal_id;
  const escrow = aboutEscrow.safeParse(data);
  return escrow.success ? (goalIdOfEscrow(escrow.data.escrow_id) ?? undefined) : undefined;
};

/** Tells whose end an event serves: by its id where that says so, otherwise by the goal. Never throws. */
export function openBelonging(db: Database): (event: SeenEvent) => Promise<Belonging> {
  const remembered = new Map<string, string>();

  const lookUp = async (goalId: string): Promise<string | undefined> => {
    const known = remembered.get(goalId);
    if (known !== undefined) return known;
    const patience = new AbortController();
    try {
      const late = wait(within_ms, null, { signal: patience.signal }).catch(() => null);
      const endingId = (await Promise.race([findGoal(db, goalId), late]))?.deactivated?.event_id;
      if (endingId === undefined) return undefined;
      const [oldest] = remembered.keys();
      if (remembered.size >= mostRemembered && oldest !== undefined) remembered.delete(oldest);
      remembered.set(goalId, endingId);
      return endingId;
    } catch {
      return undefined;
    } finally {
      patience.abort();
    }
  };

  return async function belonging({ name, id, data }): Promise<Belonging> {
    const goalId = goalIdIn(data);
    switch (name ?? "") {
      case goalDeactivate.name:
        return { goalId, endingId: id, sender: sender(id) };
      case goalEnded.name: {
        const endingId = endedBy(id ?? "") ?? (goalId && (await lookUp(goalId)));
        return { goalId, endingId, sender: sender(id) };
      }
      case goalEndedRetry.name: {
        const endingId = goalId && (await lookUp(goalId));
        // It stands in for the signal, whoever sends it.
        return { goalId, endingId, sender: sender(goalId && endingId && goalEndedId(goalId, endingId)) };
      }
      case invoked: {
        const { data: given } = carried.safeParse(data);
        const { ending_id, goal_id = goalId, span_id } = given?._serves ?? {};
        return { goalId: goal_id, endingId: ending_id, sender: span_id };
      }
      case failed: {
        const original = z
          .object({ event: z.object({ name: z.string(), id: z.string() }).loose() })
          .safeParse(data);
        return original.success ? belonging(original.data.event) : {};
      }
      default:
        return { goalId };
    }
  };
}

/** The id of the span in which an event is sent: who takes the event can say it, without having seen the span. */
export const sendingSpan = (eventId: string) => spanIdOf(`send ${eventId}`);
const sender = (eventId: string | undefined) => (eventId === undefined ? undefined : sendingSpan(eventId));
