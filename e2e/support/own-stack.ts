import { mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { appSettings, environment, type Source } from "#src/config/env.ts";
import { localKeys } from "#src/launcher/keys.ts";
import { settingsOfLocal } from "#src/launcher/local-services.ts";
import { localServices, withoutProductionSettings } from "#src/launcher/mode.ts";
import { forkChild, type RunningChild } from "#src/launcher/parent.ts";
import { freePort, keptPorts } from "#src/launcher/ports.ts";
import { processPid } from "#src/launcher/processes.ts";
import {
  describeStack,
  readStackFile,
  removeStackFile,
  type StackDescription,
} from "#src/launcher/stack-file.ts";
import { syncWithInngest } from "#src/launcher/sync.ts";
import { startStackProcess, type StackProcess } from "#src/testing/stack-process.ts";
import { startHttpTap, type HttpTap } from "./http-tap.ts";
import type { MongoTap } from "./mongo-tap.ts";
import { smallDisk, type SmallDisk } from "./small-disk.ts";
import { startTapped, type Tappable, type Taps } from "./taps.ts";

const host = "127.0.0.1";
const databaseFile = fileURLToPath(new URL("../../src/launcher/database-process.ts", import.meta.url));

/** A stack that belongs to one test, with demo data in it, which may be killed: local, whatever the settings are. */
export interface OwnStack<Tapped extends Tappable = never> {
  /** The environment in which commands such as `npm run invite` find it. */
  readonly env: Source;
  readonly description: StackDescription;
  readonly taps: Required<Pick<Taps, Tapped>>;
  /** The settings by which the services that have a tap are reached past it. */
  readonly untapped: Source;
  /** The disk of the services that have a tap, where a small one was asked for. */
  readonly disk: { fill(): Promise<void>; free(): Promise<void> };
  /** SIGKILL, and comes back when what was killed is gone. The launcher may be starting it again by then. */
  kill(what: "app" | "services" | "all"): Promise<void>;
  /** SIGTERM to the launcher, as an orchestrator sends it. Gives its exit code when all has stopped. */
  terminate(): Promise<number | null>;
  /** Starts what was killed, as far as nobody else does, and comes back when everything answers. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** The process that a launcher runs the app in, by what the kernel knows of its children. */
function appChildOf(launcher: number): number | undefined {
  try {
    return readFileSync(`/proc/${launcher}/task/${launcher}/children`, "utf8")
      .trim()
      .split(" ")
      .filter(
        (pid) => pid !== "" && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("/launcher/app.ts"),
      )
      .map(Number)[0];
  } catch {
    return undefined;
  }
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
 * interface. `tap` names what gets a tap in front: the launcher runs the other services, and none when all three have
 * one. `quiet` drops what those with a tap log. `onSmallDisk` keeps what the tapped services keep on a disk that can be filled. `onOutput` is told all that the
 * launcher and its processes write.
 */
export async function ownStack<Tapped extends Tappable = never>({
  settings = {},
  tap = [],
  onSmallDisk = false,
  quiet = false,
  onOutput,
}: {
  settings?: Source;
  tap?: readonly Tapped[];
  onSmallDisk?: boolean;
  quiet?: boolean;
  onOutput?: (text: string) => void;
} = {}): Promise<OwnStack<Tapped>> {
  const isTapped = (name: Tappable) => tap.some((tapped) => tapped === name);
  const untapped = localServices.filter((service) => !isTapped(service));
  const cleanup = new AsyncDisposableStack();
  const dataDir = mkdtempSync(join(tmpdir(), "goalkeeper-own-"));
  cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
  try {
    // Playwright forces colours; Node warns on stderr where NO_COLOR says otherwise.
    const { FORCE_COLOR: _, NO_COLOR: __, ...plain } = withoutProductionSettings(environment());
    const isOwnApp = isTapped("app") || untapped.length === 0;
    const port = isOwnApp ? await freePort(host) : 0;
    const appTap = isTapped("app") ? await startHttpTap({ host, port }, await freePort(host)) : undefined;
    cleanup.defer(() => appTap?.close());
    const ownUrl = isOwnApp ? `http://${host}:${appTap?.port ?? port}` : undefined;
    const base: Source = {
      ...plain,
      RETRY_SCALE: "0.02",
      RATE_LIMIT_SIGN_IN: "1000",
      LOG_LEVEL: "error",
      ...settings,
      DATA_DIR: dataDir,
      PORT: String(port),
      HOST: isOwnApp ? host : "",
      ...(ownUrl && { APP_URL: ownUrl }),
    };
    let disk: SmallDisk | undefined;
    if (onSmallDisk) disk = await smallDisk(join(dataDir, "tapped"));
    cleanup.defer(() => disk?.close());
    const tapped = await startTapped(dataDir, localServices.filter(isTapped), base, quiet);
    let tappedChild: RunningChild | undefined = tapped?.child;
    cleanup.defer(() => tappedChild?.stop());
    for (const one of Object.values<MongoTap | HttpTap>({ ...tapped?.taps }))
      cleanup.defer(() => one.close());
    const env: Source = tapped ? { ...base, ...tapped.settings, LOCAL_SERVICES: untapped.join(",") } : base;

    let launcher: StackProcess | undefined;
    const startLauncher = async () => {
      const isUp = async () =>
        untapped.length > 0 || ownUrl === undefined
          ? readStackFile(dataDir) !== undefined
          : await isReady(ownUrl);
      const started = await startStackProcess(env, isUp, { quiet: true, onOutput });
      launcher = started;
      // It also ends by itself, when what it watches over dies too often.
      void started.exited.then(() => {
        if (launcher === started) launcher = undefined;
      });
    };
    await startLauncher();
    cleanup.defer(() => launcher?.stop());
    const described =
      untapped.length > 0 ? readStackFile(dataDir) : describeStack(appSettings(env), ownUrl ?? "");
    if (described === undefined) throw new Error("the stack does not describe itself");
    const description = ownUrl === undefined ? described : { ...described, app: ownUrl };
    if (tapped) {
      const found = settingsOfLocal(
        new Set(untapped),
        Object.fromEntries(keptPorts(dataDir)),
        localKeys(dataDir),
      );
      const appEnv = { ...found, ...env, APP_URL: description.app };
      await (await forkChild({ file: databaseFile, order: { demo: true }, env: appEnv })).stop();
    }

    const pidOf = (name: "app" | "services") =>
      untapped.length > 0
        ? processPid(dataDir, name)
        : name === "app" && launcher !== undefined
          ? appChildOf(launcher.pid)
          : undefined;
    const killProcess = async (name: "app" | "services") => {
      const pid = pidOf(name);
      if (pid === undefined) return;
      process.kill(pid, "SIGKILL");
      await until(`the end of ${name}`, () => pidOf(name) !== pid);
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
      taps: { ...tapped?.taps, ...(appTap && { app: appTap }) } as Required<Pick<Taps, Tapped>>,
      untapped: { ...env, ...tapped?.plan.settings },
      disk: {
        fill: async () => disk?.fill(tappedChild?.pid),
        free: async () => disk?.free(tappedChild?.pid),
      },
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
        if (restarted && tapped.taps.inngest)
          await register(
            isOwnApp ? port : Number(new URL(description.app).port),
            description.app,
            env["INNGEST_SIGNING_KEY"],
          );
      },
      close: () => cleanup.disposeAsync(),
    };
  } catch (error) {
    await cleanup.disposeAsync();
    throw error;
  }
}

/** What the launcher does for the services that it runs itself. */
async function register(port: number, appUrl: string, signingKey: string | undefined): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  await syncWithInngest({ host, port, appUrl, signingKey }, { signal, log: () => undefined });
}
