import { setTimeout as wait } from "node:timers/promises";
import type { RunningChild } from "./parent.ts";

const window_ms = 60_000;
const tooMany = 5;

/** What follows on a death: another start after a while, or none. */
type AfterDeath = { readonly kind: "restart"; readonly delay_ms: number } | { readonly kind: "give-up" };

/**
 * Decides what follows on a death, from the times of all deaths so far, this one last. Each death within a minute
 * doubles the wait; the fifth ends it, for a child that dies so often has a reason that waiting does not mend.
 */
export function decideAfterDeath(deaths: readonly number[]): AfterDeath {
  const last = deaths.at(-1) ?? 0;
  const recent = deaths.filter((at) => at > last - window_ms).length;
  return recent >= tooMany ? { kind: "give-up" } : { kind: "restart", delay_ms: 50 * 2 ** recent };
}

export interface SuperviseOptions {
  readonly name: string;
  readonly start: () => Promise<RunningChild>;
  /** Called after a child that died is ready again. */
  readonly onBack: () => void;
  /** Called once, when the child will not be started any more. */
  readonly onGiveUp: () => void;
  readonly log: (line: string) => void;
}

/** A child that is started again when it dies. */
export interface Supervised {
  /** Stops it for good, and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts a child and keeps it running. Rejects when the first start fails: that one is for the operator to mend. */
export async function supervise({
  name,
  start,
  onBack,
  onGiveUp,
  log,
}: SuperviseOptions): Promise<Supervised> {
  const deaths: number[] = [];
  const stopping = new AbortController();
  let child: RunningChild | undefined = await start();

  const startAgain = async (): Promise<RunningChild | undefined> => {
    while (!stopping.signal.aborted) {
      deaths.push(Date.now());
      const next = decideAfterDeath(deaths);
      if (next.kind === "give-up") {
        log(`${name} ended ${tooMany} times within a minute: giving up`);
        onGiveUp();
        return undefined;
      }
      await wait(next.delay_ms, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return undefined;
      try {
        return await start();
      } catch (error) {
        log(`${name} did not come up: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return undefined;
  };

  const watch = async () => {
    while (child !== undefined) {
      const { code, signal } = await child.exited;
      if (stopping.signal.aborted) return;
      log(`${name} ended unexpectedly (${signal ?? `exit ${code}`}): starting it again`);
      child = await startAgain();
      if (stopping.signal.aborted) return;
      if (child !== undefined) {
        log(`${name} runs again`);
        onBack();
      }
    }
  };
  const watching = watch();

  return {
    stop: async () => {
      stopping.abort();
      await child?.stop();
      await watching;
      // One that was being started at that moment.
      await child?.stop();
    },
  };
}
