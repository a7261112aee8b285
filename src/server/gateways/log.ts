import { pino } from "pino";
import type { AppSettings } from "#src/config/env.ts";

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

/**
 * Writes lines at `level` and above. Whatever an error of some library tells, the values of `secrets` and bearer tokens
 * are not in them.
 */
export const openLog = (level: string, secrets: readonly string[] = [], to?: NodeJS.WritableStream) => {
  const forms = secrets.flatMap((secret) => [
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ]);
  const options = {
    level,
    base: null,
    redact,
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
  const database = URL.canParse(settings.DATABASE_URL) ? new URL(settings.DATABASE_URL).password : "";
  return [AUTH_SECRET, PUSHER_SECRET, signingKey, INNGEST_EVENT_KEY, METRICS_TOKEN, database].filter(
    // What is shorter is no secret, and may well be part of any word.
    (secret): secret is string => secret !== undefined && secret.length >= 8,
  );
}
