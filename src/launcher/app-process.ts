import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Source } from "#src/config/env.ts";
import type { AppOrder, StopTimes } from "./app.ts";
import { forkChild, type ForkOptions, type RunningChild } from "./parent.ts";
import { portIsFree } from "./ports.ts";
import { StartError } from "./start-error.ts";

const appFile = fileURLToPath(new URL("./app.ts", import.meta.url));

/** `localhost` is one loopback or the other, by the machine: whoever asks for one is served on both. */
const loopbacks = ["127.0.0.1", "::1"] as const;

/** The addresses that the app listens on: HOST, by default both loopbacks, and every address in production. */
export function appHosts(setting: string | undefined, anyLocal: boolean): AppOrder["hosts"] {
  const host = setting ?? (anyLocal ? "localhost" : "0.0.0.0");
  return host === "localhost" || host === "127.0.0.1" ? loopbacks : [host];
}

/** An address at which this machine reaches itself through that host. */
export const reachable = (host: string): string => (host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host);

/** Waits for a port that a predecessor may just be leaving. Throws StartError when it stays taken. */
export async function claimAppPort(host: string, port: number): Promise<void> {
  for (let tries = 0; tries < 30; tries++) {
    if (await portIsFree(host, port)) return;
    await wait(100);
  }
  throw new StartError(
    `Port ${port} of ${host} is taken by another program. Stop that one, or choose another port: PORT=3001 npm start`,
  );
}

/** How the app stops, in a time that is known beforehand: 20 s at most, and what the setting has it drain. */
const stopTimes = (drain_s: number): StopTimes => ({
  drain_ms: drain_s * 1_000,
  grace_ms: 10_000,
  closing_ms: 5_000,
});

/** Forks the app's process; it is ready when it listens. `drain_s` is how long it serves on when it is to stop. */
export const startAppProcess = (
  order: Omit<AppOrder, "stopping">,
  { drain_s, ...options }: Pick<ForkOptions, "onPid" | "waitForTurn"> & { env: Source; drain_s: number },
): Promise<RunningChild> =>
  forkChild({
    ...options,
    file: appFile,
    order: { ...order, stopping: stopTimes(drain_s) } satisfies AppOrder,
    stopWithin_ms: 20_000 + drain_s * 1_000,
  });

/** Waits until the app says at this address that it is ready. Answers the last reason why not, undefined when ready. */
export async function untilReady(
  url: string,
  { signal, within_ms }: { signal: AbortSignal; within_ms: number },
): Promise<string | undefined> {
  const deadline = Date.now() + within_ms;
  let reason = "no answer";
  while (Date.now() < deadline && !signal.aborted) {
    try {
      const response = await fetch(url, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
      });
      if (response.ok) return undefined;
      reason = `${response.status} ${(await response.text()).slice(0, 300)}`;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    await wait(100);
  }
  return reason;
}
