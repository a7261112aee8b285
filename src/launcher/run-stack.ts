import { once } from "node:events";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { appSettings, launcherSettings, type Source } from "#src/config/env.ts";
import { appHosts, claimAppPort, reachable, startAppProcess, untilReady } from "./app-process.ts";
import { banner } from "./banner.ts";
import { ensureBuild } from "./build.ts";
import { checkSettings } from "./check-settings.ts";
import { claimDataDir } from "./data-dir.ts";
import type { PreparationOrder } from "./database-process.ts";
import { planLocalServices, servicesHost } from "./local-services.ts";
import { localServices } from "./mode.ts";
import { forkChild } from "./parent.ts";
import { choosePorts } from "./ports.ts";
import type { ProcessName } from "./processes.ts";
import { describeStack, writeStackFile } from "./stack-file.ts";
import { StartError } from "./start-error.ts";
import { stopSignal } from "./stop-signals.ts";
import { supervise } from "./supervise.ts";
import { syncWithInngest } from "./sync.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const databaseFile = fileURLToPath(new URL("./database-process.ts", import.meta.url));
const log = (line: string) => console.log(`  ${line}`);

/**
 * Brings up what a start consists of, keeps it running until it is asked to stop, and stops all of it in order.
 * Throws SettingsError or StartError when the operator has something to mend.
 */
export async function runStack(env: Source, { dev }: { dev: boolean }): Promise<void> {
  const stop = stopSignal({ underNpm: env["npm_lifecycle_event"] !== undefined });
  const cleanup = new AsyncDisposableStack();
  const broken = Promise.withResolvers<never>();
  try {
    await bringUp(env, { dev, stop, cleanup, giveUp: broken.reject });
    await Promise.race([once(stop, "abort"), broken.promise]);
    console.log("\n  stopping");
  } catch (error) {
    // What was under way when the stop came ends with an error of its own, which is nobody's concern.
    if (!stop.aborted) throw error;
  } finally {
    await cleanup.disposeAsync();
  }
}

interface Frame {
  readonly dev: boolean;
  readonly stop: AbortSignal;
  /** Takes what is to be undone at the end, in reverse order. */
  readonly cleanup: AsyncDisposableStack;
  readonly giveUp: (reason: Error) => void;
}

async function bringUp(env: Source, { dev, stop, cleanup, giveUp }: Frame): Promise<void> {
  const began = performance.now();
  const { local, demo, warnings } = checkSettings(env);
  for (const line of warnings) log(line);
  const asked = launcherSettings(env);
  const anyLocal = local.size > 0;
  const dataDir = resolve(asked.DATA_DIR);

  // Where everything is real nothing is kept here, and the folder may well be read-only.
  const claim = anyLocal ? await claimDataDir(dataDir, log) : undefined;
  cleanup.defer(() => claim?.release());
  const note = (name: ProcessName) => (pid: number) => claim?.processes.note(name, pid);
  const waitForTurn = () => stop.aborted;

  const hosts = appHosts(asked.HOST, anyLocal);
  const host = reachable(hosts[0]);
  const port = asked.PORT === 0 ? await choosePort(dataDir, host) : asked.PORT;
  await claimAppPort(hosts[0], port);
  const plan = anyLocal
    ? await planLocalServices({
        dataDir,
        services: local,
        retryScale: asked.RETRY_SCALE,
        portBase: asked.STANDINS_PORT_BASE,
        env,
        onPid: note("services"),
        waitForTurn,
      })
    : undefined;
  for (const line of plan?.notes ?? []) log(line);

  const url = anyLocal ? `http://localhost:${port}` : (env["APP_URL"] ?? "");
  const appEnv: Source = {
    APP_URL: url,
    ...plan?.settings,
    ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== "")),
    PORT: String(port),
    DEMO_DATA: String(demo),
    NODE_ENV: dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
  };
  const settings = appSettings(appEnv);

  let syncing = new AbortController();
  const sync = () => {
    syncing.abort();
    syncing = new AbortController();
    const signal = AbortSignal.any([syncing.signal, stop]);
    const { APP_URL: appUrl, INNGEST_SIGNING_KEY: signingKey } = settings;
    return syncWithInngest({ host, port, appUrl, signingKey }, { signal, log });
  };
  const keepRunning = { log, onBack: () => void sync() };

  log(
    anyLocal
      ? `starting local ${[...local].join(", ")}`
      : "starting with the services that the settings name",
  );
  const build = dev
    ? Promise.resolve()
    : ensureBuild({ root, env: appEnv, log, signal: stop, onPid: note("build") });
  const services = plan
    ? supervise({
        ...keepRunning,
        name: "local services",
        start: () => plan.start(),
        onGiveUp: () => giveUp(new StartError("The local services do not stay up.")),
      })
    : undefined;
  cleanup.defer(async () => (await services?.catch(() => undefined))?.stop());
  cleanup.defer(async () => build.catch(() => undefined));
  await Promise.all([services && because("The local services did not start", services), build]);
  stop.throwIfAborted();

  const real = localServices.filter((service) => !local.has(service));
  const prepared = await because(
    "Nothing was started",
    forkChild({
      file: databaseFile,
      order: { demo, real } satisfies PreparationOrder,
      env: appEnv,
      onPid: note("preparation"),
      signal: stop,
    }),
  );
  await prepared.stop();
  stop.throwIfAborted();

  const starting = supervise({
    ...keepRunning,
    name: "the app",
    start: () =>
      startAppProcess(
        { dir: root, dev, hosts, port, trustedProxies: settings.TRUSTED_PROXIES },
        { env: appEnv, onPid: note("app"), waitForTurn, drain_s: asked.DRAIN_SECONDS },
      ),
    onGiveUp: () => giveUp(new StartError("The app does not stay up.")),
  });
  const app = await because("The app did not start", starting);
  cleanup.defer(() => app.stop());
  stop.throwIfAborted();

  const socketUrl = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  // Declines and refunds need no Pusher, so nothing waits for one that is away.
  const readiness = `${socketUrl}/readyz${anyLocal ? "" : "?without=pusher"}`;
  const notReady = await untilReady(readiness, { signal: stop, within_ms: 60_000 });
  stop.throwIfAborted();
  if (notReady !== undefined && anyLocal) throw new StartError(`The app is up, but not ready: ${notReady}`);
  if (notReady !== undefined) log(`the app is up, but not ready: ${notReady}`);
  const synced = sync();
  if (!dev) await warmUp(socketUrl);
  if (anyLocal) await synced;
  stop.throwIfAborted();

  if (anyLocal) writeStackFile(dataDir, describeStack(settings, url));
  const names = { mongodb: "MongoDB", inngest: "Inngest", pusher: "Pusher" };
  console.log(
    banner({
      url: settings.APP_URL,
      demo,
      services: [...local].map((service) => `${names[service]} ${servicesHost}:${plan?.ports[service]}`),
      dataDir: asked.DATA_DIR,
      seconds: (performance.now() - began) / 1000,
    }),
  );
}

/** Loads what people wait for, so that the first of them does not pay for it: the decline, and the way in. */
const warmUp = (url: string) =>
  Promise.allSettled([
    fetch(`${url}/goals/${"0".repeat(24)}`, { method: "DELETE" }),
    fetch(`${url}/sign-in`),
  ]);

/** Puts in front of a failure what it means to the operator. */
async function because<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new StartError(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** For PORT=0: a free port, kept in the data folder like those of the services. */
async function choosePort(dataDir: string, host: string): Promise<number> {
  const { ports } = await choosePorts(["app"], { dataDir, host });
  return ports["app"] ?? 0;
}
