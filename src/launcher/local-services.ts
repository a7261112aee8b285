import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Source } from "#src/config/env.ts";
import type { ServicesOrder } from "#src/standins/main.ts";
import { localKeys, type Keys } from "./keys.ts";
import { localServices, type LocalService } from "./mode.ts";
import { forkChild, type RunningChild } from "./parent.ts";
import { choosePorts } from "./ports.ts";

/** The local services listen here and nowhere else. */
export const servicesHost = "127.0.0.1";

const servicesFile = fileURLToPath(new URL("../standins/main.ts", import.meta.url));

export interface LocalServicesOptions {
  readonly dataDir: string;
  /** Which of them to run; all when absent. */
  readonly services?: Iterable<LocalService>;
  /** Multiplies the back-off between retries; 1 is the real one. */
  readonly retryScale?: number;
  readonly portBase?: number | undefined;
  readonly env: Source;
  /** Drops what they log. */
  readonly quiet?: boolean;
  readonly onPid?: (pid: number) => void;
  readonly waitForTurn?: () => boolean;
}

/** Local services that are planned: ports and keys are settled, so the app's settings are known before they run. */
export interface LocalServicesPlan {
  /** The settings by which the app finds them, and the app's own secret. */
  readonly settings: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  /** Starts their one process, again after it died: same ports, same keys, same data. */
  start(): Promise<RunningChild>;
}

/** The settings by which the app finds these local services. */
export function settingsOfLocal(
  services: ReadonlySet<LocalService>,
  ports: Readonly<Record<string, number>>,
  keys: Keys,
) {
  return {
    ...(services.has("mongodb") && {
      DATABASE_URL: `mongodb://${servicesHost}:${ports["mongodb"]}/goalkeeper`,
    }),
    ...(services.has("inngest") && {
      INNGEST_BASE_URL: `http://${servicesHost}:${ports["inngest"]}`,
      INNGEST_EVENT_KEY: keys.inngestEventKey,
      INNGEST_SIGNING_KEY: keys.inngestSigningKey,
    }),
    ...(services.has("pusher") && {
      PUSHER_APP_ID: keys.pusherAppId,
      PUSHER_KEY: keys.pusherKey,
      PUSHER_SECRET: keys.pusherSecret,
      PUSHER_HOST: servicesHost,
      PUSHER_PORT: String(ports["pusher"]),
      PUSHER_TLS: "false",
    }),
    AUTH_SECRET: keys.authSecret,
  };
}

function orderFor(
  services: ReadonlySet<LocalService>,
  ports: Readonly<Record<string, number>>,
  keys: Keys,
  { dataDir, retryScale }: { dataDir: string; retryScale: number },
): ServicesOrder {
  const port = (service: LocalService) => ports[service] ?? 0;
  return {
    host: servicesHost,
    dataDir,
    ...(services.has("mongodb") && { mongodb: { port: port("mongodb") } }),
    ...(services.has("inngest") && {
      inngest: {
        port: port("inngest"),
        eventKey: keys.inngestEventKey,
        signingKey: keys.inngestSigningKey,
        retryScale,
      },
    }),
    ...(services.has("pusher") && {
      pusher: {
        port: port("pusher"),
        appId: keys.pusherAppId,
        key: keys.pusherKey,
        secret: keys.pusherSecret,
      },
    }),
  };
}

/** Settles keys and ports, kept in `dataDir`. Throws SettingsError when a port that was asked for is taken. */
export async function planLocalServices(options: LocalServicesOptions): Promise<LocalServicesPlan> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const services = new Set(options.services ?? localServices);
  const keys = localKeys(dataDir);
  const { ports, notes } = await choosePorts([...services], {
    dataDir,
    host: servicesHost,
    base: options.portBase,
  });
  return {
    settings: settingsOfLocal(services, ports, keys),
    ports,
    notes,
    start: () =>
      forkChild({
        file: servicesFile,
        order: orderFor(services, ports, keys, { dataDir, retryScale: options.retryScale ?? 1 }),
        env: options.env,
        quiet: options.quiet ?? false,
        ...(options.onPid && { onPid: options.onPid }),
        ...(options.waitForTurn && { waitForTurn: options.waitForTurn }),
      }),
  };
}

/** Plans and starts the local services in one go, as tests want them. */
export async function startLocalServices(
  options: LocalServicesOptions,
): Promise<RunningChild & Pick<LocalServicesPlan, "settings">> {
  const plan = await planLocalServices(options);
  return { ...(await plan.start()), settings: plan.settings };
}
