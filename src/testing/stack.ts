import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { appSettings, environment, type AppSettings, type Source } from "#src/config/env.ts";
import { startLocalServices } from "#src/launcher/local-services.ts";
import { decideMode } from "#src/launcher/mode.ts";

/** What an integration test runs against. */
export interface TestStack {
  /** Settings of the app over a database of this stack's own. */
  readonly settings: AppSettings;
  /** Drops the database, and ends and removes what was local. */
  close(): Promise<void>;
}

/** The same server, another database. */
function withDatabase(url: string, name: string): string {
  const parts = new URL(url);
  parts.pathname = `/${name}`;
  return parts.href;
}

async function dropDatabase(url: string): Promise<void> {
  const client = new MongoClient(url);
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}

/**
 * Starts what integration tests run against: local services on free ports, in a folder of their own; or, where the
 * production settings are in the environment, those real services. In both cases the database is new, and is gone
 * at the end. `extra` overrides single settings.
 */
export async function startTestStack(extra: Source = {}): Promise<TestStack> {
  const env = environment();
  const { local } = decideMode(env);
  const dataDir = await mkdtemp(join(tmpdir(), "goalkeeper-test-"));
  const services =
    local.size === 0
      ? undefined
      : await startLocalServices({ dataDir, services: local, retryScale: 0.001, env });
  const found: Source = {
    APP_URL: "http://localhost:3000",
    LOG_LEVEL: "silent",
    RETRY_SCALE: "0.001",
    ...services?.settings,
    ...env,
  };
  const database = withDatabase(
    found["DATABASE_URL"] ?? "",
    `goalkeeper_test_${randomBytes(6).toString("hex")}`,
  );
  return {
    settings: appSettings({ ...found, DATABASE_URL: database, ...extra }),
    close: async () => {
      if (!local.has("mongodb")) await dropDatabase(database);
      await services?.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
