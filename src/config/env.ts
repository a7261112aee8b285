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

const blankIsUnset = (value: unknown) => (value === "" ? undefined : value);
const setting = <T extends z.ZodType>(schema: T) => z.preprocess(blankIsUnset, schema);
const text = setting(z.string().optional());
const required = setting(z.string({ error: "is missing" }));
const port = (fallback: number) => setting(z.coerce.number().int().min(0).max(65_535).default(fallback));
const whole = (fallback: number) => setting(z.coerce.number().int().min(0).default(fallback));
const flag = (fallback: boolean) =>
  setting(
    z
      .enum(["true", "false", "1", "0"])
      .default(fallback ? "true" : "false")
      .transform((value) => value === "true" || value === "1"),
  );

/** What the settings of the interface share between the launcher and the app. */
const common = {
  PORT: port(3000),
  HOST: text,
  APP_URL: setting(z.url().optional()),
  LOG_LEVEL: setting(z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info")),
  RETRY_SCALE: setting(z.coerce.number().positive().default(1)),
};

const launcherSchema = z.object({
  ...common,
  DATA_DIR: setting(z.string().default(".data")),
  STANDINS_PORT_BASE: setting(z.coerce.number().int().min(1).max(65_500).optional()),
  LOCAL_SERVICES: setting(z.string().optional()),
  DRAIN_SECONDS: setting(z.coerce.number().int().min(0).max(600).default(0)),
});

const appSchema = z.object({
  ...common,
  APP_URL: setting(z.url({ error: "is missing or is no URL" })),
  DATABASE_URL: required,
  INNGEST_BASE_URL: text,
  INNGEST_EVENT_KEY: text,
  INNGEST_SIGNING_KEY: text,
  INNGEST_DEV: text,
  PUSHER_APP_ID: required,
  PUSHER_KEY: required,
  PUSHER_SECRET: required,
  PUSHER_HOST: text,
  PUSHER_PORT: setting(z.coerce.number().int().min(1).max(65_535).optional()),
  PUSHER_TLS: flag(true),
  PUSHER_CLUSTER: setting(z.string().default("mt1")),
  AUTH_SECRET: setting(z.string({ error: "is missing" }).min(32, "must have at least 32 characters")),
  TRIGGER_EXCLUSIVE_COOLDOWN: whole(600),
  REFUND_DELAY_SECONDS: whole(0),
  RATE_LIMIT_DECLINE: whole(60),
  RATE_LIMIT_SIGN_IN: whole(20),
  RATE_LIMIT_BY_HAND: whole(60),
  BULK_APPROVAL_GOALS: whole(50),
  BULK_APPROVAL_AMOUNT: whole(100_000),
  MAX_IN_FLIGHT: setting(z.coerce.number().int().min(1).default(32)),
  MAX_INNGEST_IN_FLIGHT: setting(z.coerce.number().int().min(1).default(16)),
  METRICS_TOKEN: text,
  TRUSTED_PROXIES: text,
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(z.url({ error: "is no URL" }).optional()),
  OTEL_SERVICE_NAME: setting(z.string().default("goalkeeper")),
  OTEL_TRACES_SAMPLER_ARG: setting(z.coerce.number().min(0).max(1).default(1)),
  /** Set by the launcher alone: demo accounts are offered on the sign-in page. */
  DEMO_DATA: flag(false),
});

export type LauncherSettings = z.output<typeof launcherSchema>;
export type AppSettings = z.output<typeof appSchema>;

function read<T extends z.ZodType>(schema: T, source: Source): z.output<T> {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
  throw new SettingsError(lines.join("\n"));
}

/** What `npm start` itself needs to know. Throws SettingsError. */
export const launcherSettings = (source: Source = process.env): LauncherSettings =>
  read(launcherSchema, source);

/** What the app needs, the same on a laptop and in production. Throws SettingsError. */
export const appSettings = (source: Source = process.env): AppSettings => read(appSchema, source);
