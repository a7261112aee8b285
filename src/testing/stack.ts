import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appSettings, environment, type AppSettings, type Source } from "#src/config/env.ts";
import { startLocalServices } from "#src/launcher/local-services.ts";
import { decideMode } from "#src/launcher/mode.ts";
import { dropDatabase, ownDatabase } from "./own-database.ts";

/** What an integration test runs against. */
export interface TestStack {
  /** Settings of the app over a database of this stack's own. */
  readonly settings: AppSettings;
  /** Drops the database, and ends and removes what was local. */
  close(): Promise<void>;
}

/**
 * Starts what integration tests run against: local services on free ports, in a folder of their own; or, where the
 * production settings are in the environment, those real services. In both cases the database is new, and is gone
 * at the end. `extra` overrides single settings.
 */
export async function startTestStack(extra: Source = {}): Promise<TestStack> {
  const env = environment();
  const { local } = decideMode(env);
  const cleanup = new AsyncDisposableStack();
  try {
    const dataDir = await mkdtemp(join(tmpdir(), "goalkeeper-test-"));
    cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
    const services =
      local.size === 0
        ? undefined
        : await startLocalServices({ dataDir, services: local, retryScale: 0.001, env });
    cleanup.defer(() => services?.stop());
    const found: Source = {
      APP_URL: "http://localhost:3000",
      LOG_LEVEL: "silent",
      RETRY_SCALE: "0.001",
      ...services?.settings,
      ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== "")),
    };
    const database = ownDatabase(found["DATABASE_URL"] ?? "");
    if (!local.has("mongodb")) cleanup.defer(() => dropDatabase(database));
    return {
      settings: appSettings({ ...found, DATABASE_URL: database, ...extra }),
      close: () => cleanup.disposeAsync(),
    };
  } catch (error) {
    await cleanup.disposeAsync();
    throw error;
  }
}
