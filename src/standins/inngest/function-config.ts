import { z } from "zod";

import { cronProblem } from "./cron.ts";
import { durationMs } from "./durations.ts";
import { expressionProblem } from "./expressions.ts";

/** The most attempts a function may ask for, after the first. */
const MAX_RETRIES = 20;
/** Retries of a function that asks for nothing: five attempts. */
export const DEFAULT_RETRIES = 4;
const MAX_CANCELLATIONS = 5;
const DAY_MS = 86_400_000;

function refine(problem: (text: string) => string | undefined) {
  return z.string().superRefine((text, context) => {
    const message = problem(text);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
}

const expression = refine((text) => {
  const problem = expressionProblem(text);
  return problem === undefined ? undefined : `the expression \`${text}\` is invalid: ${problem}`;
});
const cron = refine((text) => {
  const problem = cronProblem(text);
  return problem === undefined ? undefined : `the schedule \`${text}\` is invalid: ${problem}`;
});

/** A duration of at least `min`, at most `max` milliseconds. */
function duration(min: number, max: number) {
  return refine((text) => {
    const length = text === "" ? undefined : durationMs(text);
    if (length === undefined) return `\`${text}\` is not a duration`;
    return length < min || length > max ? `the duration \`${text}\` is out of bounds` : undefined;
  });
}

/** An option that this server knows of and does not do: naming it is better than doing something else. */
function unsupported(name: string) {
  return z.undefined({ error: `${name} is not supported by the local Inngest server` }).optional();
}

const limit = z.int().min(1);
const concurrency = z.strictObject({
  limit: z.int().min(0),
  key: expression.optional(),
  scope: z.enum(["fn", "env", "account"]).optional(),
});
type ConcurrencyOption = z.infer<typeof concurrency>;
const serveUrl = z.url({
  protocol: /^https?$/,
  error: "steps must have an http or https URL: connect is not supported by the local Inngest server",
});

/** One function as the SDK registers it; what is not named here is refused. */
export const functionConfig = z
  .strictObject({
    id: z.string().min(1),
    name: z.string().min(1, "A function name is required"),
    triggers: z.array(
      z.union([
        z.strictObject({ event: z.string().min(1), expression: expression.optional() }),
        z.strictObject({ cron, jitter: unsupported("cron jitter") }),
      ]),
    ),
    steps: z.strictObject({
      step: z.strictObject({
        id: z.string(),
        name: z.string(),
        runtime: z.strictObject({ type: z.string(), url: serveUrl }),
        retries: z.strictObject({ attempts: z.int().min(0).max(MAX_RETRIES).optional() }).optional(),
      }),
    }),
    idempotency: expression.optional(),
    concurrency: z
      .union([
        z
          .int()
          .min(0)
          .transform((number): ConcurrencyOption[] => [{ limit: number }]),
        concurrency.transform((one): ConcurrencyOption[] => [one]),
        z.array(concurrency).min(1).max(2),
      ])
      .optional(),
    rateLimit: z.strictObject({ key: expression.optional(), limit, period: duration(1, DAY_MS) }).optional(),
    throttle: unsupported("throttle"),
    priority: z.strictObject({ run: expression.optional() }).optional(),
    singleton: z.strictObject({ key: expression.optional(), mode: z.enum(["skip", "cancel"]) }).optional(),
    timeouts: z
      .strictObject({
        start: duration(1, 366 * DAY_MS).optional(),
        finish: duration(1, 366 * DAY_MS).optional(),
      })
      .optional(),
    debounce: z
      .strictObject({
        key: expression.optional(),
        period: duration(1000, 7 * DAY_MS),
        timeout: duration(1000, 366 * DAY_MS).optional(),
      })
      .optional(),
    batchEvents: z
      .strictObject({
        maxSize: limit,
        timeout: duration(1, 7 * DAY_MS),
        key: expression.optional(),
        if: expression.optional(),
      })
      .optional(),
    cancel: z
      .array(
        z.strictObject({
          event: z.string().min(1),
          if: expression.optional(),
          timeout: z.string().optional(),
        }),
      )
      .max(
        MAX_CANCELLATIONS,
        `This function exceeds the max number of cancellation events: ${MAX_CANCELLATIONS}`,
      )
      .optional(),
  })
  .superRefine((config, context) => {
    if (!config.batchEvents) return;
    const other =
      (config.cancel && config.cancel.length > 0 && "cancellation") ||
      (config.debounce && "debouncing") ||
      (config.singleton && "singletons") ||
      (config.priority?.run !== undefined && "priority");
    if (other) {
      context.addIssue({ code: "custom", message: `Batching and ${other} are mutually exclusive` });
    }
  });

/** One function as it is kept. */
export type FunctionConfig = z.infer<typeof functionConfig>;

/** Everything that is wrong with a value that a schema refused, in one line. */
export function problemsOf(error: z.ZodError): string {
  const flatten = (issues: z.core.$ZodIssue[], base: PropertyKey[]): string[] =>
    issues.flatMap((issue) => {
      const at = [...base, ...issue.path];
      if (issue.code === "invalid_union" && issue.errors.length > 0) {
        // The variant that was understood furthest is the one that was meant.
        const depth = (variant: z.core.$ZodIssue[]) => Math.max(...variant.map(({ path }) => path.length));
        const order = (a: z.core.$ZodIssue[], b: z.core.$ZodIssue[]) =>
          depth(b) - depth(a) || a.length - b.length;
        return flatten(issue.errors.toSorted(order)[0] ?? [], at);
      }
      return [at.length > 0 ? `${at.join(".")}: ${issue.message}` : issue.message];
    });
  return flatten(error.issues, []).join("; ");
}
