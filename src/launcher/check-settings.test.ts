import { describe, expect, test } from "vitest";
import type { Source } from "#src/config/env.ts";
import { checkSettings } from "./check-settings.ts";

const secret = "b1946ac92492d2347c6235b4d2611184e0f5c3a7";
const production: Source = {
  DATABASE_URL: `mongodb://goalkeeper:${secret}@one:27017,two:27017/goalkeeper?replicaSet=rs0`,
  INNGEST_BASE_URL: "http://inngest:8288",
  INNGEST_EVENT_KEY: secret,
  INNGEST_SIGNING_KEY: `signkey-prod-${secret}`,
  PUSHER_APP_ID: "1",
  PUSHER_KEY: "key",
  PUSHER_SECRET: secret,
  PUSHER_CLUSTER: "eu",
  AUTH_SECRET: secret,
  METRICS_TOKEN: secret,
  APP_URL: "https://studio.example.com",
  TRUSTED_PROXIES: "10.0.0.0/8",
};

/** What is said of settings: the lines of the refusal, or nothing. */
function refused(changed: Source, base: Source = production): string[] {
  try {
    checkSettings({ ...base, ...changed });
    return [];
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "SettingsError") throw error;
    return error.message.split("\n");
  }
}
const warned = (changed: Source, base: Source = production) =>
  checkSettings({ ...base, ...changed }).warnings;

test("good settings are taken without a word, whatever else is in the environment", () => {
  const others = {
    PATH: "/bin",
    HOME: "/",
    LANG: "C",
    npm_lifecycle_event: "start",
    HOSTNAME: "a",
    TERM: "x",
  };
  expect(checkSettings({ ...production, ...others })).toEqual({
    local: new Set(),
    demo: false,
    warnings: [],
  });
  expect(checkSettings(others)).toMatchObject({ demo: true, warnings: [] });
});

test.each<[string, Source]>([
  ["APP_URL", { APP_URL: "http://studio.example.com" }],
  ["APP_URL", { APP_URL: "https://studio.example.com/app" }],
  ["APP_URL", { APP_URL: "studio.example.com" }],
  ["AUTH_SECRET", { AUTH_SECRET: "short" }],
  ["AUTH_SECRET", { AUTH_SECRET: "s".repeat(40) }],
  ["AUTH_SECRET", { AUTH_SECRET: "goalkeeper".repeat(4) }],
  ["AUTH_SECRET", { AUTH_SECRET: "please-change-me-please-change-me" }],
  ["AUTH_SECRET", { AUTH_SECRET: "better-auth-secret-12345678901234567890" }],
  ["METRICS_TOKEN", { METRICS_TOKEN: "scrape" }],
  ["DATABASE_URL", { DATABASE_URL: "postgres://db/goalkeeper" }],
  ["DATABASE_URL", { DATABASE_URL: "mongodb://db:27017" }],
  ["DATABASE_URL", { DATABASE_URL: "mongodb://db:27017/?replicaSet=rs0" }],
  ["DATABASE_URL", { DATABASE_URL: "mongodb://user:changeme@db:27017/goalkeeper" }],
  ["INNGEST_BASE_URL", { INNGEST_BASE_URL: "inngest:8288" }],
  ["INNGEST_SIGNING_KEY", { INNGEST_SIGNING_KEY: "signkey-prod-nothex" }],
  ["INNGEST_SIGNING_KEY", { INNGEST_SIGNING_KEY: "signkey-prod-abc" }],
  ["INNGEST_SIGNING_KEY", { INNGEST_SIGNING_KEY: "abcd" }],
  ["INNGEST_DEV", { INNGEST_DEV: "1" }],
  ["PUSHER_HOST", { PUSHER_HOST: "https://live.example.com" }],
  ["PUSHER_HOST", { PUSHER_HOST: "live.example.com:443" }],
  ["PUSHER_CLUSTER", { PUSHER_CLUSTER: "api-eu.pusher.com" }],
  ["PUSHER_TLS", { PUSHER_HOST: "live.example.com", PUSHER_TLS: "false" }],
  ["PUSHER_PORT", { PUSHER_PORT: "70000" }],
  ["TRUSTED_PROXIES", { TRUSTED_PROXIES: "10.0.0.0/33" }],
  ["REFUND_DELAY_SECONDS", { REFUND_DELAY_SECONDS: "-1" }],
  ["REFUND_DELAY_SECONDS", { REFUND_DELAY_SECONDS: "40000000" }],
  ["TRIGGER_EXCLUSIVE_COOLDOWN", { TRIGGER_EXCLUSIVE_COOLDOWN: "ten" }],
  ["RATE_LIMIT_DECLINE", { RATE_LIMIT_DECLINE: "0" }],
  ["DRAIN_SECONDS", { DRAIN_SECONDS: "1.5" }],
  ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
  ["PORT", { PORT: "http" }],
])("a wrong %s is refused by its name alone: %o", (name, changed) => {
  expect(refused(changed)).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
});

test("all that is missing and all that is wrong is named at once", () => {
  const lines = refused({
    AUTH_SECRET: "",
    PUSHER_KEY: "",
    APP_URL: "http://studio.example.com",
    RATE_LIMIT_SIGN_IN: "many",
    TRUSTED_PROXIES: "here, there",
  });
  expect(lines.map((line) => line.split(" ")[0] ?? "").toSorted()).toEqual([
    "APP_URL",
    "AUTH_SECRET",
    "PUSHER_KEY",
    "RATE_LIMIT_SIGN_IN",
    "TRUSTED_PROXIES",
    "TRUSTED_PROXIES",
  ]);
});

test("no value of a secret is in what is said", () => {
  const password = "Tr0ub4dor-and-3-changeme";
  const said = [
    ...refused({
      DATABASE_URL: `mongodb://user:${password}@db/goalkeeper`,
      INNGEST_SIGNING_KEY: password,
      INNGEST_EVENT_KEY: password,
      PUSHER_SECRET: password,
      PUSHER_PORT: password,
      AUTH_SECRET: password,
      METRICS_TOKEN: password,
      RATE_LIMIT_DECLINE: password,
      LOG_LEVEL: password,
    }),
  ].join("\n");
  expect(said).toContain("INNGEST_SIGNING_KEY");
  expect(said).not.toContain(password);
});

describe("on this machine alone", () => {
  const here = { ...production, APP_URL: "http://localhost:3000" };
  test.each<[string, Source]>([
    ["plain http", {}],
    ["a secret for trying things out", { AUTH_SECRET: "s".repeat(32), METRICS_TOKEN: "scrape" }],
    ["Inngest's dev server", { INNGEST_DEV: "1", INNGEST_EVENT_KEY: "", INNGEST_SIGNING_KEY: "" }],
    ["a plain connection to Pusher", { PUSHER_HOST: "127.0.0.1", PUSHER_CLUSTER: "", PUSHER_TLS: "false" }],
  ])("%s will do", (_, changed) => {
    expect(refused(changed, here)).toEqual([]);
  });

  test("a real service beside local ones is looked at like any other", () => {
    const mixed = { LOCAL_SERVICES: "inngest,pusher", AUTH_SECRET: secret };
    expect(refused({ DATABASE_URL: "mongodb://db:27017" }, mixed)).toEqual([
      expect.stringMatching(/^DATABASE_URL /),
    ]);
    expect(refused({ DATABASE_URL: "mongodb://127.0.0.1:27017/goalkeeper" }, mixed)).toEqual([]);
  });

  test("what the settings of a wholly local stack have wrong is named as well", () => {
    expect(refused({ MAX_IN_FLIGHT: "0", TRUSTED_PROXIES: "x" }, {})).toHaveLength(2);
  });
});

test.each<[string, Source, RegExp]>([
  ["no proxy to believe", { TRUSTED_PROXIES: "" }, /^TRUSTED_PROXIES is not set/],
  ["everybody to believe", { TRUSTED_PROXIES: "0.0.0.0/0" }, /^TRUSTED_PROXIES believes everybody/],
  ["no cluster", { PUSHER_CLUSTER: "" }, /^PUSHER_CLUSTER is not set/],
  ["a cluster beside a host", { PUSHER_HOST: "live.example.com" }, /^PUSHER_CLUSTER means nothing/],
  [
    "a key that is not of the cloud",
    { INNGEST_BASE_URL: "", INNGEST_SIGNING_KEY: secret },
    /^INNGEST_SIGNING_KEY/,
  ],
  ["no token for the figures", { METRICS_TOKEN: "" }, /^METRICS_TOKEN is not set/],
  ["a port without a host", { PUSHER_PORT: "6001" }, /^PUSHER_PORT means nothing/],
  [
    "a name that is nearly a setting",
    { REFUND_DELAY_SECOND: "5" },
    /^REFUND_DELAY_SECOND is no setting: REFUND_DELAY_SECONDS/,
  ],
  ["a name with letters swapped", { LOG_LEVLE: "debug" }, /^LOG_LEVLE is no setting: LOG_LEVEL/],
  ["a name in small letters", { drain_seconds: "5" }, /^drain_seconds is no setting: DRAIN_SECONDS/],
])("%s is warned of, and the start goes on", (_, changed, line) => {
  expect(warned(changed)).toEqual([expect.stringMatching(line)]);
});

test("another program's name is no misspelling of a setting that is given", () => {
  expect(warned({ API_URL: "x", INNGEST_DEVS: "x", PUSHER_SECRETS: "x" })).toEqual([
    expect.stringMatching(/^INNGEST_DEVS /),
  ]);
});
