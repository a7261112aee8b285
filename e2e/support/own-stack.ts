import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { environment, type Source } from "#src/config/env.ts";
import { localKeys } from "#src/launcher/keys.ts";
import { planLocalServices, settingsOfLocal } from "#src/launcher/local-services.ts";
import { localServices, withoutProductionSettings, type LocalService } from "#src/launcher/mode.ts";
import { forkChild, type RunningChild } from "#src/launcher/parent.ts";
import { freePort, keptPorts } from "#src/launcher/ports.ts";
import { processPid } from "#src/launcher/processes.ts";
import { readStackFile, removeStackFile, type StackDescription } from "#src/launcher/stack-file.ts";
import { syncWithInngest } from "#src/launcher/sync.ts";
import { startStackProcess, type StackProcess } from "#src/testing/stack-process.ts";
import { startHttpTap, type HttpTap } from "./http-tap.ts";
import { startMongoTap, type MongoTap } from "./mongo-tap.ts";

const host = "127.0.0.1";
const databaseFile = fileURLToPath(new URL("../../src/launcher/database-process.ts", import.meta.url));

/** The proxies in front of the services that a test asked for. */
interface Taps {
  readonly mongodb?: MongoTap;
  readonly inngest?: HttpTap;
  readonly pusher?: HttpTap;
}

/** A stack that belongs to one test, with demo data in it, which may be killed: local, whatever the settings are. */
export interface OwnStack<Tapped extends LocalService = never> {
  /** The environment in which commands such as `npm run invite` find it. */
  readonly env: Source;
  readonly description: StackDescription;
  readonly taps: Required<Pick<Taps, Tapped>>;
  /** SIGKILL, and comes back when what was killed is gone. The launcher may be starting it again by then. */
  kill(what: "app" | "services" | "all"): Promise<void>;
  /** SIGTERM to the launcher, as an orchestrator sends it. Gives its exit code when all has stopped. */
  terminate(): Promise<number | null>;
  /** Starts what was killed, as far as nobody else does, and comes back when everything answers. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Services with a tap in front. The launcher takes them for real ones: nothing in the product knows of taps. */
async function startTapped(dataDir: string, services: readonly LocalService[], env: Source) {
  if (services.length === 0) return undefined;
  const retryScale = Number(env["RETRY_SCALE"]);
  const plan = await planLocalServices({ dataDir: join(dataDir, "tapped"), services, retryScale, env });
  const child = await plan.start();
  const target = (service: LocalService) => ({ host, port: plan.ports[service] ?? 0 });
  // Below the range of outgoing connections, for the reason that the services' own ports are.
  const taps: Taps = {
    ...(services.includes("mongodb") && {
      mongodb: await startMongoTap(target("mongodb"), await freePort(host)),
    }),
    ...(services.includes("inngest") && {
      inngest: await startHttpTap(target("inngest"), await freePort(host)),
    }),
    ...(services.includes("pusher") && {
      pusher: await startHttpTap(target("pusher"), await freePort(host)),
    }),
  };
  const settings = {
    ...plan.settings,
    ...(taps.mongodb && { DATABASE_URL: `mongodb://${host}:${taps.mongodb.port}/goalkeeper` }),
    ...(taps.inngest && { INNGEST_BASE_URL: `http://${host}:${taps.inngest.port}` }),
    ...(taps.pusher && { PUSHER_PORT: String(taps.pusher.port) }),
  };
  return { plan, child, taps, settings };
}

async function isReady(app: string): Promise<boolean> {
  try {
    return (await fetch(`${app}/readyz`, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

/** Waits for it, 60 s at most. */
async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await holds()); await wait(50))
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
}

/**
 * Starts a stack by the real `npm start`, in a folder and on ports of its own. `settings` are settings of the
 * interface. `tap` names services that get a tap in front, two at most: the launcher runs the others. `onOutput` is told
 * all that its processes write.
 */
export async function ownStack<Tapped extends LocalService = never>({
  settings = {},
  tap = [],
  onOutput,
}: { settings?: Source; tap?: readonly Tapped[]; onOutput?: (text: string) => void } = {}): Promise<
  OwnStack<Tapped>
> {
  const untapped = localServices.filter((service) => !tap.some((tapped) => tapped === service));
  if (untapped.length === 0) throw new Error("one service at least is left to the launcher");
  const cleanup = new AsyncDisposableStack();
  const dataDir = mkdtempSync(join(tmpdir(), "goalkeeper-own-"));
  cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
  try {
    // Playwright forces colours; Node warns on stderr where NO_COLOR says otherwise.
    const { FORCE_COLOR: _, NO_COLOR: __, ...plain } = withoutProductionSettings(environment());
    const base: Source = {
      ...plain,
      RETRY_SCALE: "0.02",
      RATE_LIMIT_SIGN_IN: "1000",
      LOG_LEVEL: "error",
      ...settings,
      DATA_DIR: dataDir,
      PORT: "0",
      HOST: "",
    };
    const tapped = await startTapped(dataDir, tap, base);
    let tappedChild: RunningChild | undefined = tapped?.child;
    cleanup.defer(() => tappedChild?.stop());
    for (const one of Object.values<MongoTap | HttpTap>({ ...tapped?.taps }))
      cleanup.defer(() => one.close());
    const env: Source = tapped ? { ...base, ...tapped.settings, LOCAL_SERVICES: untapped.join(",") } : base;

    let launcher: StackProcess | undefined;
    const startLauncher = async () => {
      const started = await startStackProcess(env, async () => readStackFile(dataDir) !== undefined, {
        quiet: true,
        onOutput,
      });
      launcher = started;
      // It also ends by itself, when what it watches over dies too often.
      void started.exited.then(() => {
        if (launcher === started) launcher = undefined;
      });
    };
    await startLauncher();
    cleanup.defer(() => launcher?.stop());
    const description = readStackFile(dataDir);
    if (description === undefined) throw new Error("the stack does not describe itself");
    if (tapped) {
      const found = settingsOfLocal(
        new Set(untapped),
        Object.fromEntries(keptPorts(dataDir)),
        localKeys(dataDir),
      );
      const appEnv = { ...found, ...env, APP_URL: description.app };
      await (await forkChild({ file: databaseFile, order: { demo: true }, env: appEnv })).stop();
    }

    const killProcess = async (name: "app" | "services") => {
      const pid = processPid(dataDir, name);
      if (pid === undefined) return;
      process.kill(pid, "SIGKILL");
      await until(`the end of ${name}`, () => processPid(dataDir, name) !== pid);
    };
    const killTapped = async () => {
      const child = tappedChild;
      tappedChild = undefined;
      child?.kill("SIGKILL");
      await child?.exited;
    };
    return {
      env,
      description,
      // Each tap that was asked for has been started.
      taps: (tapped?.taps ?? {}) as Required<Pick<Taps, Tapped>>,
      kill: async (what) => {
        if (what === "all") {
          const all = launcher;
          launcher = undefined;
          await Promise.all([all?.killAll(), killTapped()]);
          removeStackFile(dataDir);
        } else await Promise.all([killProcess(what), what === "services" && killTapped()]);
      },
      terminate: async () => {
        const asked = launcher;
        if (asked === undefined) throw new Error("no launcher runs");
        process.kill(asked.pid, "SIGTERM");
        return asked.exited;
      },
      start: async () => {
        const restarted = tapped !== undefined && tappedChild === undefined;
        tappedChild ??= await tapped?.plan.start();
        await until("the stack to answer", async () => {
          if (launcher === undefined) await startLauncher();
          return isReady(description.app);
        });
        if (restarted && tapped.taps.inngest) await register(description.app, env["INNGEST_SIGNING_KEY"]);
      },
      close: () => cleanup.disposeAsync(),
    };
  } catch (error) {
    await cleanup.disposeAsync();
    throw error;
  }
}

/** What the launcher does for the services that it runs itself. */
async function register(app: string, signingKey: string | undefined): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  await syncWithInngest(
    { host, port: Number(new URL(app).port), appUrl: app, signingKey },
    { signal, log: () => undefined },
  );
}
