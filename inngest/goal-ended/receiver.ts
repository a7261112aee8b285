import { type InngestFunction, NonRetriableError } from "inngest";
import { z } from "zod";
import { goalEnded, goalEndedRetry, type GoalEnded } from "#src/contract/events.ts";
import { objectIdHex } from "#src/contract/ids.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import { recordRun, type RunKey, type RunProgress } from "#src/server/data/receiver-runs.ts";
import type { Services } from "#src/server/services.ts";
import { tellsStepsTogether } from "../tasks/task.ts";

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
  /** Records that the run is under way: for one that may take so long that somebody asks what has become of it. */
  readonly underway: () => Promise<void>;
}

export type Receiver = (services: Services) => InngestFunction.Any;

interface ReceiverOptions {
  /**
   * Attempts after the first one; everything that moves money has 20 (readings, 2). Those of the others go on for more
   * than an hour: what is told once must survive an outage, and nobody sends it again when it is given up.
   */
  readonly retries?: 8 | 20;
  /** Every step is kept before the next one begins, because what follows would change what it finds. */
  readonly keepsEachStep?: boolean;
}

/**
 * Makes one receiver of the signal `goal.ended`, and of `goal.ended.retry` where it is named. Every run leaves its
 * document in `receiver_runs` here, and nowhere else: when it has ended, when an attempt has failed, and where the
 * receiver itself says that it waits or is under way.
 */
export function receiver(
  id: ReceiverId,
  receive: (reception: Reception) => Promise<Outcome>,
  { retries = 8, keepsEachStep = false }: ReceiverOptions = {},
): Receiver {
  const triggers = [
    { event: goalEnded },
    { event: goalEndedRetry, if: `event.data.receiver == "${id}"` },
  ] as const;
  return (services) => {
    const recorderOf =
      (key: Omit<RunKey, "receiver">, attempt: number, started = services.clock()) =>
      async (progress: Omit<RunProgress, "attempt" | "started">) => {
        const run = { ...key, receiver: id };
        await recordRun(services.db, run, { ...progress, attempt, started }, services.clock());
        services.news.tell(key.goalId, id);
      };

    /** Inngest has given the run up, whether or not our code ever ran: it leaves its document all the same. */
    const recordFailure = async (event: { id?: string | undefined; data?: unknown }, error: Error) => {
      const about = z.object({ goal_id: objectIdHex }).safeParse(event.data);
      if (!about.success || event.id === undefined) return;
      const key = { goalId: about.data.goal_id, eventId: event.id };
      await recorderOf(key, 0)({ status: "failed", error: error.message });
    };

    return services.inngest.createFunction(
      {
        id,
        retries,
        ...(keepsEachStep ? {} : tellsStepsTogether),
        // The signal of a live decline goes before those of mass endings, and of what is sent again, for ten minutes.
        priority: { run: 'event.name == "goal.ended" && event.data.metadata.reason == "declined" ? 600 : 0' },
        triggers: [...triggers],
        onFailure: ({ event, error }) => recordFailure(event.data.event, error),
      },
      async ({ event, step, attempt, runId }) => {
        const parsed = goalEnded.schema.safeParse(event.data);
        if (!parsed.success || event.id === undefined) {
          throw new NonRetriableError("This is no signal of a goal's end.", { cause: parsed.error });
        }
        const signal = parsed.data;
        const eventId = event.id;
        const record = recorderOf({ goalId: signal.goal_id, eventId, runId }, attempt);
        /** Notes an attempt that failed. Whether it was the last is Inngest's to say: `recordFailure` hears of it. */
        const noting = async <T>(run: () => Promise<T>): Promise<T> => {
          try {
            return await run();
          } catch (error) {
            await record({
              status: "running",
              error: error instanceof Error ? error.message : String(error),
            });
            throw error;
          }
        };

        const outcome = await noting(() =>
          receive({
            signal,
            eventId,
            services,
            step,
            effect: <T>(name: string, run: () => Promise<T>) =>
              step.run(name, () => noting(run)) as Promise<T>,
            waiting: (reason) => record({ status: "waiting", reason }),
            underway: () => record({ status: "running" }),
          }),
        );
        await record(outcome);
        return outcome;
      },
    );
  };
}

/** A receiver whose business these goals never are: "**returned**", with the reason. */
export const bystander = (id: ReceiverId, reasonOf: (signal: GoalEnded) => string): Receiver =>
  receiver(id, ({ signal }) => Promise.resolve(returned(reasonOf(signal))));
