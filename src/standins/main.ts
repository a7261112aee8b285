import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { takeLock } from "#src/launcher/lock.ts";
import { runAsChild } from "#src/launcher/child.ts";
import type { Standin } from "./standin.ts";

/** Which services to run, and with what. A service that is absent is not local. */
export interface ServicesOrder {
  readonly host: string;
  readonly dataDir: string;
  readonly mongodb?: { readonly port: number };
  readonly inngest?: {
    readonly port: number;
    readonly eventKey: string;
    readonly signingKey: string;
    readonly retryScale: number;
  };
  readonly pusher?: {
    readonly port: number;
    readonly appId: string;
    readonly key: string;
    readonly secret: string;
  };
}

/**
 * The one process of the local services. A predecessor whose launcher was killed may still be writing its last: the
 * lock on the data waits for it. Services are loaded when asked for, so that one that is real costs nothing here.
 */
async function startServices(order: ServicesOrder) {
  await mkdir(order.dataDir, { recursive: true, mode: 0o700 });
  const release = await takeLock(join(order.dataDir, "services.lock"), { wait_ms: 10_000 });
  if (release === undefined) throw new Error(`the data in ${order.dataDir} is in use by another process`);

  const common = (name: string) => ({
    host: order.host,
    dataDir: join(order.dataDir, name),
    log: (line: string) => void process.stdout.write(`[${name}] ${line}\n`),
  });
  const started: Promise<Standin>[] = [];
  if (order.mongodb)
    started.push((await import("./mongo/server.ts")).startMongo({ ...common("mongodb"), ...order.mongodb }));
  if (order.inngest)
    started.push(
      (await import("./inngest/server.ts")).startInngest({ ...common("inngest"), ...order.inngest }),
    );
  if (order.pusher)
    started.push((await import("./pusher/server.ts")).startPusher({ ...common("pusher"), ...order.pusher }));

  const close = async () => {
    // One that failed to start has nothing to close, and must not keep the others from it.
    await Promise.allSettled(started.map(async (service) => (await service).close()));
    release();
  };
  try {
    await Promise.all(started);
  } catch (error) {
    await close();
    throw error;
  }
  return { ready: undefined, close };
}

runAsChild<ServicesOrder>({ start: startServices, closeWithin_ms: 5_000 });
