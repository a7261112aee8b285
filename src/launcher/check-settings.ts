import { isIP } from "node:net";
import { malformed, SettingsError, settingNames, type Source } from "#src/config/env.ts";
import { trustedProxies } from "#src/door/client-address.ts";
import { misspelt } from "./misspelt.ts";
import { decideMode, type Mode } from "./mode.ts";

/** What the settings come to, when nothing is known to be wrong with them. */
export interface CheckedSettings extends Mode {
  /** What may be meant so, but seldom is; one line each. */
  readonly warnings: readonly string[];
}

/**
 * Looks at everything that can be known of settings before anything runs. Throws SettingsError with all that is wrong,
 * one a line, each with what to do; never with the value of a secret. Who tries things out on one machine may do so with
 * secrets that nobody should have on a network.
 */
export function checkSettings(source: Source): CheckedSettings {
  const wrong = [...malformed(source)];
  const collect = <T>(check: () => T): T | undefined => {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      wrong.push(...error.message.split("\n"));
      return undefined;
    }
  };
  collect(() => trustedProxies(source["TRUSTED_PROXIES"]));
  const mode = collect(() => decideMode(source));
  const given = (name: string) => (source[name] ?? "") !== "";
  const isReal = (service: "mongodb" | "inngest" | "pusher") => mode?.local.has(service) !== true;
  const isProduction = mode?.local.size === 0 || (mode === undefined && !given("LOCAL_SERVICES"));

  for (const [name, { of, complain }] of Object.entries(checks)) {
    const value = source[name] ?? "";
    const isLookedAt = of === "app" ? isProduction : isReal(of);
    if (value === "" || !isLookedAt || wrong.some((line) => line.startsWith(`${name} `))) continue;
    const complaint = complain(value, source);
    if (complaint !== null) wrong.push(`${name} ${complaint}`);
  }
  if (mode === undefined || wrong.length > 0) throw new SettingsError([...new Set(wrong)].join("\n"));
  return { ...mode, warnings: warningsOf(source, isProduction) };
}

interface Check {
  /** Whose setting it is: it is looked at where that service is real; the app's own, where all are. */
  readonly of: "mongodb" | "inngest" | "pusher" | "app";
  readonly complain: (value: string, source: Source) => string | null;
}

const isLoopback = (host: string) => host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
const urlOf = (text: string | undefined) => (text !== undefined && URL.canParse(text) ? new URL(text) : null);
/** Whether people reach the app by a network, and not only from the machine that it runs on. */
const isPublic = (source: Source) => !isLoopback(urlOf(source["APP_URL"])?.hostname ?? "");
const isByHttps = (source: Source) => urlOf(source["APP_URL"])?.protocol === "https:";
const isOn = (value: string | undefined) => !["", "0", "false"].includes((value ?? "").toLowerCase());

/** What stands in examples where a secret belongs. */
const stopgap =
  /change.?me|replace.?me|^your[-_ ]|<.*>|…|\.\.\.|placeholder|example|xxxx|^(my|the|app)?[-_ ]?(secret|password|token|key)$|better-auth-secret/i;
const notAStopgap = (value: string) =>
  stopgap.test(value) ? "is an example's: make one of your own, openssl rand -hex 32" : null;

/** Whether a secret has so few different characters, or repeats itself so, that it can be guessed. */
const isWeak = (value: string) => new Set(value).size < 8 || /^(.{1,16}?)\1+$/.test(value);
const random = (value: string) =>
  notAStopgap(value) ?? (isWeak(value) ? "can be guessed: make one of your own, openssl rand -hex 32" : null);

const checks: Readonly<Record<string, Check>> = {
  APP_URL: {
    of: "app",
    complain: (value, source) => {
      const url = urlOf(value);
      if (url === null) return null;
      if (url.href !== `${url.origin}/`)
        return "must be an origin alone, as https://studio.example.com, with no path and no user";
      return url.protocol !== "https:" && isPublic(source)
        ? "must begin with https://: sign-ins and their cookies must not be read on the way"
        : null;
    },
  },
  AUTH_SECRET: { of: "app", complain: (value, source) => (isPublic(source) ? random(value) : null) },
  METRICS_TOKEN: {
    of: "app",
    complain: (value, source) =>
      !isPublic(source)
        ? null
        : value.length < 16
          ? "must have at least 16 characters: openssl rand -hex 16"
          : random(value),
  },
  DATABASE_URL: {
    of: "mongodb",
    complain: (value) => {
      // Several hosts, as replica sets have them, are no URL to anybody but MongoDB.
      const parts = /^mongodb(?:\+srv)?:\/\/(?:([^@/]*)@)?[^@/?]+(?:\/([^?]*))?(?:\?.*)?$/.exec(value);
      if (parts === null)
        return "must be mongodb://host:27017/name or mongodb+srv://host/name; what is special in a password is written as in any URL";
      if ((parts[2] ?? "") === "")
        return "must end with the database's name, as in mongodb://host:27017/goalkeeper";
      return notAStopgap(parts[1]?.split(":")[1] ?? "");
    },
  },
  INNGEST_BASE_URL: {
    of: "inngest",
    complain: (value) => (isHttpUrl(value) ? null : "must be Inngest's URL, as http://inngest:8288"),
  },
  INNGEST_EVENT_KEY: { of: "inngest", complain: notAStopgap },
  INNGEST_SIGNING_KEY: {
    of: "inngest",
    complain: (value, source) => {
      const digits = /^(?:signkey-\w+-)?((?:[0-9a-f]{2})+)$/i.exec(value)?.[1];
      if (digits === undefined)
        return "must be hexadecimal, an even number of digits, after signkey-…- where Inngest's cloud made it";
      return isPublic(source) && digits.length < 32
        ? "must have at least 32 digits: openssl rand -hex 32"
        : null;
    },
  },
  INNGEST_DEV: {
    of: "inngest",
    complain: (value, source) =>
      isOn(value) && isPublic(source)
        ? "takes orders from anyone, unsigned: it is for an APP_URL on this machine alone"
        : null,
  },
  PUSHER_SECRET: { of: "pusher", complain: notAStopgap },
  PUSHER_HOST: {
    of: "pusher",
    complain: (value) =>
      /^[\w.-]+$/.test(value) || isIP(value.replaceAll(/^\[|\]$/g, "")) === 6
        ? null
        : "must be a host's name alone: what comes before it is PUSHER_TLS, and what comes after it PUSHER_PORT",
  },
  PUSHER_CLUSTER: {
    of: "pusher",
    complain: (value) => (/^[a-z0-9-]+$/.test(value) ? null : "must be a cluster's name alone, such as eu"),
  },
  PUSHER_TLS: {
    of: "pusher",
    complain: (value, source) =>
      !isOn(value) && isByHttps(source) && isPublic(source)
        ? "must be true: a browser opens no plain connection from a page that came by https"
        : null,
  },
};

const isHttpUrl = (text: string) => /^https?:$/.test(urlOf(text)?.protocol ?? "");

function warningsOf(source: Source, isProduction: boolean): string[] {
  const has = (name: string) => (source[name] ?? "") !== "";
  const warnings: [boolean, string][] = [
    [
      isProduction && isPublic(source) && !has("TRUSTED_PROXIES"),
      "TRUSTED_PROXIES is not set: behind a proxy everybody counts as one address, and shares its rate limits",
    ],
    [
      (source["TRUSTED_PROXIES"] ?? "").split(/[\s,]+/).some((range) => range.endsWith("/0")),
      "TRUSTED_PROXIES believes everybody: anyone can choose the address that they are limited by",
    ],
    [
      isProduction && !has("PUSHER_HOST") && !has("PUSHER_CLUSTER"),
      "PUSHER_CLUSTER is not set: the app is taken to be in Pusher's cluster mt1",
    ],
    [has("PUSHER_HOST") && has("PUSHER_CLUSTER"), "PUSHER_CLUSTER means nothing where PUSHER_HOST is set"],
    [
      isProduction &&
        !has("INNGEST_BASE_URL") &&
        !isOn(source["INNGEST_DEV"]) &&
        !(source["INNGEST_SIGNING_KEY"] ?? "").startsWith("signkey-"),
      "INNGEST_SIGNING_KEY does not look like one of Inngest's cloud; INNGEST_BASE_URL names one of your own",
    ],
    [
      isProduction && !has("METRICS_TOKEN"),
      "METRICS_TOKEN is not set: /metrics answers nobody, and no alert can be raised",
    ],
    [has("PUSHER_PORT") && !has("PUSHER_HOST"), "PUSHER_PORT means nothing without PUSHER_HOST"],
  ];
  return [
    ...warnings.flatMap(([holds, line]) => (holds ? [line] : [])),
    ...misspelt(Object.keys(source), settingNames).map(
      ([name, meant]) => `${name} is no setting: ${meant} was probably meant`,
    ),
  ];
}
