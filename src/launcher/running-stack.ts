import { resolve } from "node:path";
import { appSettings, launcherSettings, type AppSettings, type Source } from "#src/config/env.ts";
import { localKeys } from "./keys.ts";
import { settingsOfLocal } from "./local-services.ts";
import { decideMode } from "./mode.ts";
import { keptPorts } from "./ports.ts";
import { readStackFile } from "./stack-file.ts";
import { StartError } from "./start-error.ts";

/** What a command works on. */
export interface RunningStack {
  readonly settings: AppSettings;
  /** True when all services are local and nothing names a real one: data made for show, which may be made anew. */
  readonly demo: boolean;
}

/**
 * The stack that a command such as `npm run invite` works on: the real services where the settings name them, else
 * the local ones that are running on DATA_DIR. Throws StartError when none is running there.
 */
export function runningStack(env: Source): RunningStack {
  const { local, demo } = decideMode(env);
  // A command prints its answer; what it says besides is for whoever raises the level.
  const quiet: Source = { ...env, LOG_LEVEL: env["LOG_LEVEL"] || "error" };
  if (local.size === 0) return { settings: appSettings(quiet), demo: false };

  const dataDir = resolve(launcherSettings(env).DATA_DIR);
  const stack = readStackFile(dataDir);
  if (stack === undefined)
    throw new StartError(
      `No local stack is running on ${dataDir}. Start one with npm start, in another terminal.`,
    );
  const ours = settingsOfLocal(local, Object.fromEntries(keptPorts(dataDir)), localKeys(dataDir));
  const settings = appSettings({ APP_URL: stack.app, ...ours, ...quiet });
  if (settings.DATABASE_URL !== stack.database)
    throw new StartError(
      `The stack on ${dataDir} was started with other settings: its database is ${new URL(stack.database).host}.`,
    );
  return { settings, demo };
}
