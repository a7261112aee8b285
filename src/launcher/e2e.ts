import "./require-node.js";
import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SettingsError, appSettings, environment, launcherSettings, type Source } from "#src/config/env.ts";
import { dropDatabase, ownDatabase } from "#src/testing/own-database.ts";
import { startStackProcess } from "#src/testing/stack-process.ts";
import { ensureBrowser } from "./browser.ts";
import { prepareDatabase } from "./database.ts";
import { decideMode } from "./mode.ts";
import { freePort } from "./ports.ts";
import { describeStack, readStackFile, writeStackFile } from "./stack-file.ts";
import { StartError } from "./start-error.ts";

const playwright = fileURLToPath(new URL("../../node_modules/@playwright/test/cli.js", import.meta.url));

/** A local stack, in a folder and on ports of its own. */
async function startLocal(env: Source, dataDir: string) {
  const port = await freePort("127.0.0.1");
  const settings = {
    RETRY_SCALE: "0.02",
    // One address signs in again and again, one story after the other.
    RATE_LIMIT_SIGN_IN: "1000",
    LOG_LEVEL: "warn",
    ...env,
    DATA_DIR: dataDir,
    PORT: String(port),
    HOST: "",
  };
  return startStackProcess(settings, async () => readStackFile(dataDir) !== undefined);
}

/**
 * The services that the settings name, over a database of our own with demo data in it. Inngest must be able to reach
 * the app under APP_URL. Such a stack does not describe itself, so we do.
 */
async function startReal(env: Source, dataDir: string, cleanup: AsyncDisposableStack) {
  const found: Source = { LOG_LEVEL: "warn", ...env, DATABASE_URL: ownDatabase(env["DATABASE_URL"] ?? "") };
  const settings = appSettings(found);
  cleanup.defer(() => dropDatabase(settings.DATABASE_URL));
  await prepareDatabase(settings, { demo: true });
  const { PORT } = launcherSettings(env);
  const isUp = () =>
    fetch(`http://127.0.0.1:${PORT}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
  const stack = await startStackProcess({ ...found, DATA_DIR: dataDir }, isUp);
  writeStackFile(dataDir, describeStack(settings, settings.APP_URL));
  return stack;
}

function runPlaywright(env: Source): Promise<number> {
  const child = fork(playwright, ["test", ...process.argv.slice(2)], {
    env: { ...env, NODE_ENV: "test" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("exit", (code) => resolve(code ?? 1));
  });
}

/**
 * `npm run e2e`: a whole stack by the real `npm start`, and Playwright's stories against it. Arguments go to
 * Playwright, whose exit code is ours.
 */
async function main(): Promise<number> {
  const env = environment();
  const { local } = decideMode(env);
  const browser = ensureBrowser(env);
  const cleanup = new AsyncDisposableStack();
  // Ctrl-C reaches Playwright as well: it ends, and then we clean up.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
  try {
    const dataDir = await mkdtemp(join(tmpdir(), "goalkeeper-e2e-"));
    cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
    const stack = local.size === 0 ? await startReal(env, dataDir, cleanup) : await startLocal(env, dataDir);
    cleanup.defer(() => stack.stop());
    return await runPlaywright({ ...env, CHROMIUM_PATH: browser, DATA_DIR: dataDir });
  } finally {
    await cleanup.disposeAsync();
  }
}

try {
  process.exit(await main());
} catch (error) {
  const expected = error instanceof StartError || error instanceof SettingsError;
  console.error(expected ? error.message : error);
  process.exit(1);
}
