import { pino } from "pino";
import type { AppSettings } from "#src/config/env.ts";
import type { Fields } from "./scopes.ts";

/** Writes structured lines: fields first, then the sentence. Never secrets, never bodies. */
export type Log = ReturnType<typeof openLog>;

/** Fields that are never written, wherever they are in an object that is logged, three levels down. */
const secretFields = [
  "password",
  "newPassword",
  "currentPassword",
  "authorization",
  "cookie",
  '["set-cookie"]',
  '["set-auth-token"]',
  '["x-inngest-signature"]',
  "secret",
  "token",
];
const redact = secretFields.flatMap((field) =>
  ["", "*", "*.*"].map((place) =>
    place === "" ? field : field.startsWith("[") ? `${place}${field}` : `${place}.${field}`,
  ),
);

/** What stands in a URL or a header that an error tells of, though its field has another name. */
const inText = /(Bearer |auth_signature=|session_token=)[^\s"'&;\\]+/g;

interface LogOptions {
  /** What must not be in any line. */
  readonly secrets?: readonly string[];
  /** What the work under way belongs to: each line says it, so that all lines about one end are found by one id. */
  readonly fields?: () => Fields;
  readonly to?: NodeJS.WritableStream;
}

/**
 * Writes lines at `level` and above. Whatever an error of some library tells, the values of `secrets` and bearer tokens
 * are not in them.
 */
export const openLog = (level: string, { secrets = [], fields = () => ({}), to }: LogOptions = {}) => {
  const forms = secrets.flatMap((secret) => [
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ]);
  const options = {
    level,
    base: null,
    redact,
    mixin: fields,
    // What a line says itself goes before what it belongs to; neither twice.
    mixinMergeStrategy: (own: object, belongsTo: object) => ({ ...belongsTo, ...own }),
    hooks: {
      streamWrite: (line: string) => {
        const plain = forms.reduce((text, secret) => text.replaceAll(secret, "[secret]"), line);
        return plain.replaceAll(inText, "$1[secret]");
      },
    },
  };
  return to === undefined ? pino(options) : pino(options, to);
};

/** The values among the settings that nobody may read. */
export function secretsOf(settings: AppSettings): string[] {
  const { AUTH_SECRET, PUSHER_SECRET, INNGEST_SIGNING_KEY, INNGEST_EVENT_KEY, METRICS_TOKEN } = settings;
  const signingKey = INNGEST_SIGNING_KEY?.replace(/^signkey-\w+-/, "");
  const inUrls = [settings.DATABASE_URL, settings.OTEL_EXPORTER_OTLP_ENDPOINT ?? ""].map((url) =>
    URL.canParse(url) ? new URL(url).password : "",
  );
  return [AUTH_SECRET, PUSHER_SECRET, signingKey, INNGEST_EVENT_KEY, METRICS_TOKEN, ...inUrls].filter(
    // What is shorter is no secret, and may well be part of any word.
    (secret): secret is string => secret !== undefined && secret.length >= 8,
  );
}
