import { join } from "node:path";
import type { Source } from "#src/config/env.ts";
import { planLocalServices } from "#src/launcher/local-services.ts";
import type { LocalService } from "#src/launcher/mode.ts";
import { freePort } from "#src/launcher/ports.ts";
import { startHttpTap, type HttpTap } from "./http-tap.ts";
import { startMongoTap, type MongoTap } from "./mongo-tap.ts";

const host = "127.0.0.1";

/** What a test can have a tap in front of. */
export type Tappable = LocalService | "app";

/** The proxies that a test asked for. Through the app's come Inngest and whoever goes by the stack's description. */
export interface Taps {
  readonly app?: HttpTap;
  readonly mongodb?: MongoTap;
  readonly inngest?: HttpTap;
  readonly pusher?: HttpTap;
}

/** Services with a tap in front. The launcher takes them for real ones: nothing in the product knows of taps. */
export async function startTapped(
  dataDir: string,
  services: readonly LocalService[],
  env: Source,
  quiet: boolean,
) {
  if (services.length === 0) return undefined;
  const retryScale = Number(env["RETRY_SCALE"]);
  const plan = await planLocalServices({
    dataDir: join(dataDir, "tapped"),
    services,
    retryScale,
    env,
    quiet,
  });
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
