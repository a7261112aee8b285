import { type InngestFunction, NonRetriableError } from "inngest";
import type { z } from "zod";
import type { Services } from "#src/server/services.ts";

export type Task = (services: Services) => InngestFunction.Any;

/**
 * For functions whose every step finds its own work when it runs again: Inngest is told of their steps together, with the
 * answer or before a wait, and not by a request of its own after each. A process that dies in between has its steps since
 * the last telling run again. A function one of whose steps must be kept before the next begins does without.
 */
export const tellsStepsTogether = { checkpointing: { bufferedSteps: 8 } } as const;

/** Reads a task's input. What does not fit its schema will not fit the next time either: no retry. */
export function readInput<T extends z.ZodType>(schema: T, data: unknown): z.output<T> {
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new NonRetriableError("The task's input is malformed.", { cause: parsed.error });
  return parsed.data;
}
