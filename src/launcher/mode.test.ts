import { expect, test } from "vitest";
import { decideMode } from "./mode.ts";

const production = {
  DATABASE_URL: "mongodb://db/goalkeeper",
  INNGEST_EVENT_KEY: "event-key",
  INNGEST_SIGNING_KEY: "signkey-prod-00",
  PUSHER_APP_ID: "1",
  PUSHER_KEY: "key",
  PUSHER_SECRET: "secret",
  AUTH_SECRET: "s".repeat(32),
  APP_URL: "https://goalkeeper.example",
};
const local = (source: Record<string, string>) => [...decideMode(source).local].toSorted();

test("without production settings all three services are local, with demo data", () => {
  expect(local({ PORT: "3000", HOST: "0.0.0.0" })).toEqual(["inngest", "mongodb", "pusher"]);
  expect(decideMode({}).demo).toBe(true);
});

test("a setting that is empty is not set", () => {
  expect(decideMode({ DATABASE_URL: "", PUSHER_KEY: "", LOCAL_SERVICES: "" }).demo).toBe(true);
});

test("with the production settings nothing is local, and there is no demo data", () => {
  expect(decideMode(production)).toEqual({ local: new Set(), demo: false });
});

test.each(Object.keys(production))("without %s beside the others the start is refused, naming it", (name) => {
  const { [name as keyof typeof production]: _, ...rest } = production;
  expect(() => decideMode(rest)).toThrow(`${name} is missing`);
});

test.each([
  "DATABASE_URL",
  "INNGEST_BASE_URL",
  "INNGEST_EVENT_KEY",
  "INNGEST_SIGNING_KEY",
  "PUSHER_APP_ID",
  "PUSHER_HOST",
  "PUSHER_CLUSTER",
  "AUTH_SECRET",
])("%s alone is enough for nothing to be local", (name) => {
  expect(() => decideMode({ [name]: "something" })).toThrow(/is missing/);
});

test("every missing setting is named at once", () => {
  expect(() => decideMode({ DATABASE_URL: "mongodb://db/goalkeeper" })).toThrow(
    /INNGEST_EVENT_KEY is missing\nINNGEST_SIGNING_KEY is missing\nPUSHER_APP_ID is missing[^]*AUTH_SECRET is missing/,
  );
});

test("Inngest's dev server needs no keys", () => {
  const { INNGEST_EVENT_KEY: _, INNGEST_SIGNING_KEY: __, ...rest } = production;
  expect(decideMode({ ...rest, INNGEST_DEV: "http://127.0.0.1:8288" }).local.size).toBe(0);
  expect(() => decideMode({ ...rest, INNGEST_DEV: "0" })).toThrow("INNGEST_EVENT_KEY is missing");
});

test("LOCAL_SERVICES mixes on purpose, and then there is no demo data", () => {
  const mixed = {
    LOCAL_SERVICES: "inngest, pusher",
    DATABASE_URL: production.DATABASE_URL,
    AUTH_SECRET: production.AUTH_SECRET,
  };
  expect(local(mixed)).toEqual(["inngest", "pusher"]);
  expect(decideMode(mixed).demo).toBe(false);
});

test("what LOCAL_SERVICES leaves out must be given", () => {
  expect(() => decideMode({ LOCAL_SERVICES: "mongodb" })).toThrow(
    /INNGEST_EVENT_KEY is missing[^]*AUTH_SECRET is missing/,
  );
});

test("a service cannot be local and real at once", () => {
  expect(() => decideMode({ LOCAL_SERVICES: "mongodb inngest pusher", PUSHER_KEY: "key" })).toThrow(
    "PUSHER_KEY is set although LOCAL_SERVICES asks for a local pusher",
  );
});

test("LOCAL_SERVICES with a service that does not exist is refused by its name", () => {
  expect(() => decideMode({ LOCAL_SERVICES: "mongodb,redis" })).toThrow("redis");
});
