import { type InngestFunction, NonRetriableError } from "inngest";
import type { z } from "zod";
import type { Services } from "#src/server/services.ts";

export type Task = (services: Services) => InngestFunction.Any;

/** Reads a task's input. What does not fit its schema will not fit the next time either: no retry. */
export function readInput<T extends z.ZodType>(schema: T, data: unknown): z.output<T> {
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new NonRetriableError("The task's input is malformed.", { cause: parsed.error });
  return parsed.data;
}
