import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { SettingsError } from "#src/config/env.ts";
import { readJson, writePrivateJson } from "./private-file.ts";
import { localServices, type LocalService } from "./mode.ts";

/** Who listens on a port of its own: the local services, and the app when PORT is 0. */
type Listener = LocalService | "app";

/** True when nobody listens on this port of this address. */
export function portIsFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/**
 * A free port below the range that kernels hand to outgoing connections: inside it, a client that reconnects to a
 * service that was killed can be given the service's own port as its source, and then the service cannot come back.
 */
export async function freePort(host: string, taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(20_000, 32_000);
    if (!taken.has(port) && (await portIsFree(host, port))) return port;
  }
  throw new Error(`no free port found on ${host}`);
}

const fileOf = (dataDir: string) => join(dataDir, "ports.json");

/** The ports that earlier starts on this folder chose, by listener. */
export function keptPorts(dataDir: string): Map<string, number> {
  const file = readJson(fileOf(dataDir));
  const entries = Object.entries(file !== null && typeof file === "object" ? file : {});
  return new Map(entries.filter(([, port]) => Number.isInteger(port)));
}

export interface PortChoice {
  readonly ports: Readonly<Record<string, number>>;
  /** What the operator should be told: a kept port that somebody else has taken meanwhile. */
  readonly notes: readonly string[];
}

/**
 * The ports for these listeners: those kept in `dataDir/ports.json` while they are free, else new ones, kept for the
 * next time. With `base` the services take `base`, `base + 1` and `base + 2`, and one that is taken is an error.
 */
export async function choosePorts(
  listeners: readonly Listener[],
  options: { dataDir: string; host: string; base?: number | undefined },
): Promise<PortChoice> {
  const { dataDir, host, base } = options;
  const kept = keptPorts(dataDir);
  const notes: string[] = [];
  for (const name of listeners) {
    const fixed = base !== undefined && name !== "app" ? base + localServices.indexOf(name) : undefined;
    const old = kept.get(name);
    const wanted = fixed ?? old;
    if (wanted !== undefined && (await portIsFree(host, wanted))) {
      kept.set(name, wanted);
      continue;
    }
    if (fixed !== undefined)
      throw new SettingsError(
        `STANDINS_PORT_BASE gives ${name} port ${fixed}, which another program has taken`,
      );
    kept.set(name, await freePort(host, new Set(kept.values())));
    if (old !== undefined)
      notes.push(`port ${old} of ${name} was taken by another program; it is ${kept.get(name)} from now on`);
  }
  writePrivateJson(fileOf(dataDir), Object.fromEntries(kept));
  return { ports: Object.fromEntries(listeners.map((name) => [name, kept.get(name) ?? 0])), notes };
}
