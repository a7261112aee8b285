import { existsSync } from "node:fs";
import { z } from "zod";

/**
 * The only reader of `process.env`: every setting of the interface, checked once, with a default where it has one.
 * Nothing else in the project looks at the environment.
 */

/** Raised when settings are missing or malformed; its message names each of them, one a line. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** An environment: names and their texts, as `process.env` has them. */
export type Source = Readonly<Record<string, string | undefined>>;

/** The environment of this process, with what `.env` adds to it; what the environment has already wins. */
export function environment(): Source {
  if (existsSync(".env")) process.loadEnvFile(".env");
  return { ...process.env };
}

/**
 * Makes the environment of this process a plain object, with the same in it. Node's own asks the system for each name at
 * each look, and the Inngest SDK looks at all of them several times in a call.
 */
export function settleEnvironment(): void {
  process.env = { ...process.env };
}

const blankIsUnset = (value: unknown) => (value === "" ? undefined : value);
const setting = <T extends z.ZodType>(schema: T) => z.preprocess(blankIsUnset, schema);
const text = setting(z.string().optional());
const required = setting(z.string({ error: "is missing" }));
const between = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int(error).min(min, error).max(max, error);
};
const port = (fallback: number) => setting(between(0, 65_535).default(fallback));
const whole = (fallback: number, min = 0, max = 1_000_000_000) =>
  setting(between(min, max).default(fallback));
/** A year in seconds, which is how long Inngest lets a run sleep at most. */
const year = 365 * 24 * 60 * 60;
const flag = (fallback: boolean) =>
  setting(
    z
      .enum(["true", "false", "1", "0"], { error: "must be true or false" })
      .default(fallback ? "true" : "false")
      .transform((value) => value === "true" || value === "1"),
  );

/** What the settings of the interface share between the launcher and the app. */
const common = {
  PORT: port(3000),
  HOST: text,
  APP_URL: setting(z.url({ error: "is no URL" }).optional()),
  LOG_LEVEL: setting(
    z
      .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
        error: "must be fatal, error, warn, info, debug, trace or silent",
      })
      .default("info"),
  ),
  RETRY_SCALE: setting(z.coerce.number({ error: "must be a number" }).positive("must be above 0").default(1)),
};

const launcherSchema = z.object({
  ...common,
  DATA_DIR: setting(z.string().default(".data")),
  STANDINS_PORT_BASE: setting(between(1, 65_500).optional()),
  LOCAL_SERVICES: setting(z.string().optional()),
  DRAIN_SECONDS: whole(0, 0, 600),
});

const appSchema = z.object({
  ...common,
  APP_URL: setting(z.url({ error: ({ input }) => (input === undefined ? "is missing" : "is no URL") })),
  DATABASE_URL: required,
  INNGEST_BASE_URL: text,
  INNGEST_EVENT_KEY: text,
  INNGEST_SIGNING_KEY: text,
  INNGEST_DEV: text,
  PUSHER_APP_ID: required,
  PUSHER_KEY: required,
  PUSHER_SECRET: required,
  PUSHER_HOST: text,
  PUSHER_PORT: setting(between(1, 65_535).optional()),
  PUSHER_TLS: flag(true),
  PUSHER_CLUSTER: setting(z.string().default("mt1")),
  AUTH_SECRET: setting(z.string({ error: "is missing" }).min(32, "must have at least 32 characters")),
  TRIGGER_EXCLUSIVE_COOLDOWN: whole(600, 0, year),
  REFUND_DELAY_SECONDS: whole(0, 0, year),
  RATE_LIMIT_DECLINE: whole(60, 1),
  RATE_LIMIT_SIGN_IN: whole(20, 1),
  RATE_LIMIT_BY_HAND: whole(60, 1),
  BULK_APPROVAL_GOALS: whole(50),
  BULK_APPROVAL_AMOUNT: whole(100_000),
  MAX_IN_FLIGHT: whole(32, 1),
  MAX_INNGEST_IN_FLIGHT: whole(16, 1),
  METRICS_TOKEN: text,
  TRUSTED_PROXIES: text,
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(z.url({ error: "is no URL" }).optional()),
  OTEL_SERVICE_NAME: setting(z.string().default("goalkeeper")),
  OTEL_TRACES_SAMPLER_ARG: setting(
    z.coerce.number({ error: "must be a number" }).min(0, "is below 0").max(1, "is above 1").default(1),
  ),
  /** Set by the launcher alone: demo accounts are offered on the sign-in page. */
  DEMO_DATA: flag(false),
});

export type LauncherSettings = z.output<typeof launcherSchema>;
export type AppSettings = z.output<typeof appSchema>;

/** Read by tests and by Node alone. */
const elsewhere = ["CHROMIUM_PATH", "NODE_ENV"];

/** The name of every setting. */
export const settingNames: ReadonlySet<string> = new Set([
  ...Object.keys(launcherSchema.shape),
  ...Object.keys(appSchema.shape),
  ...elsewhere,
]);

/**
 * What is malformed in an environment, whoever reads it, one line each that never has the value in it. What is missing
 * is not among it: that depends on what is local.
 */
export function malformed(source: Source): readonly string[] {
  const issues = [launcherSchema, appSchema].flatMap(
    (schema) => schema.safeParse(source).error?.issues ?? [],
  );
  const given = issues.filter(({ path: [name] }) => blankIsUnset(source[String(name)]) !== undefined);
  return [...new Set(given.map(lineOf))];
}

const lineOf = (issue: z.core.$ZodIssue) => `${issue.path.join(".")} ${issue.message}`;

function read<T extends z.ZodType>(schema: T, source: Source): z.output<T> {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  throw new SettingsError(result.error.issues.map(lineOf).join("\n"));
}

/** What `npm start` itself needs to know. Throws SettingsError. */
export const launcherSettings = (source: Source = process.env): LauncherSettings =>
  read(launcherSchema, source);

/** What the app needs, the same on a laptop and in production. Throws SettingsError. */
export const appSettings = (source: Source = process.env): AppSettings => read(appSchema, source);
