import { type InngestFunction, NonRetriableError, StepError } from "inngest";
import { goalEnded, goalEndedRetry, type GoalEnded } from "#src/contract/events.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import { recordRun, type RunProgress } from "#src/server/data/receiver-runs.ts";
import type { Services } from "#src/server/services.ts";

/** How a receiver ended: it did its work, or this goal was not its business, and why. */
export type Outcome =
  | { readonly status: "done"; readonly reason?: string }
  | { readonly status: "returned"; readonly reason: string };

export const done: Outcome = { status: "done" };
export const returned = (reason: string): Outcome => ({ status: "returned", reason });

type StepTools = Parameters<Parameters<Services["inngest"]["createFunction"]>[1]>[0]["step"];

/** What a receiver is given. */
export interface Reception {
  readonly signal: GoalEnded;
  /** The id of the event that brought the signal: the same however often this run is repeated. */
  readonly eventId: string;
  readonly services: Services;
  readonly step: StepTools;
  /** A durable step whose failed attempts are seen in `receiver_runs`. It may run more than once. */
  readonly effect: <T>(name: string, run: () => Promise<T>) => Promise<T>;
  /** Records that the run waits, until something wakes it. */
  readonly waiting: (reason: string) => Promise<void>;
}

export type Receiver = (services: Services) => InngestFunction.Any;

interface ReceiverOptions {
  /** Attempts after the first one; everything that moves money has 20 (readings, 2). */
  readonly retries?: 4 | 20;
}

/**
 * Makes one receiver of the signal `goal.ended`, and of `goal.ended.retry` where it is named. Every run leaves its
 * document in `receiver_runs` here, and nowhere else; the receiver itself says only what it does.
 */
export function receiver(
  id: ReceiverId,
  receive: (reception: Reception) => Promise<Outcome>,
  { retries = 4 }: ReceiverOptions = {},
): Receiver {
  const triggers = [
    { event: goalEnded },
    { event: goalEndedRetry, if: `event.data.receiver == "${id}"` },
  ] as const;
  return (services) =>
    services.inngest.createFunction(
      { id, retries, triggers: [...triggers] },
      async ({ event, step, attempt, maxAttempts = retries + 1 }) => {
        const parsed = goalEnded.schema.safeParse(event.data);
        if (!parsed.success || event.id === undefined) {
          throw new NonRetriableError("This is no signal of a goal's end.", { cause: parsed.error });
        }
        const signal = parsed.data;
        const eventId = event.id;
        const record = async (progress: Omit<RunProgress, "attempt">) => {
          const key = { goalId: signal.goal_id, receiver: id, eventId };
          await recordRun(services.db, key, { ...progress, attempt }, services.clock());
          if (progress.status !== "running") {
            await services.live.hintModerators({ goal_id: signal.goal_id, receiver: id });
          }
        };
        const failing = async (error: unknown) => {
          const final =
            error instanceof NonRetriableError || error instanceof StepError || attempt + 1 >= maxAttempts;
          await record({ status: final ? "failed" : "running", error: messageOf(error) });
        };

        await record({ status: "running" });
        try {
          const outcome = await receive({
            signal,
            eventId,
            services,
            step,
            effect: (name, run) =>
              step.run(name, async () => {
                try {
                  return await run();
                } catch (error) {
                  await failing(error);
                  throw error;
                }
              }) as ReturnType<typeof run>,
            waiting: (reason) => record({ status: "waiting", reason }),
          });
          await record(outcome);
          return outcome;
        } catch (error) {
          await failing(error);
          throw error;
        }
      },
    );
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
