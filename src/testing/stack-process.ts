import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Source } from "#src/config/env.ts";

const startFile = fileURLToPath(new URL("../launcher/start.ts", import.meta.url));

/** A stack that runs by the real `npm start`, in a process group of its own. */
export interface StackProcess {
  readonly pid: number;
  /** The launcher's exit code when it is gone; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Asks the launcher to stop everything, and waits until it has; what does not stop is killed. */
  stop(): Promise<void>;
  /** SIGKILL to the launcher and to all that it started, at once. */
  killAll(): Promise<void>;
}

/**
 * Starts a stack and waits until `isUp` says so. Rejects when the launcher ends before, having said why on stderr;
 * `quiet` drops what it says on stdout; `onOutput` is told all that it and its processes say, on either.
 * It is no part of our process group, so that it can be killed whole; it ends with us all the same.
 */
export async function startStackProcess(
  env: Source,
  isUp: () => Promise<boolean>,
  { quiet = false, onOutput }: { quiet?: boolean; onOutput?: ((text: string) => void) | undefined } = {},
): Promise<StackProcess> {
  const child = spawn(process.execPath, [startFile], {
    // The launcher watches the process that started it when it believes that to be npm.
    env: { ...env, NODE_ENV: "production", npm_lifecycle_event: "start" },
    stdio:
      onOutput === undefined
        ? ["ignore", quiet ? "ignore" : "inherit", "inherit"]
        : ["ignore", "pipe", "pipe"],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => onOutput?.(text));
  }
  const exited = once(child, "exit").then(() => child.exitCode);
  const { pid } = child;
  if (pid === undefined) throw new Error("the launcher could not be started");
  const gone = () => child.exitCode !== null || child.signalCode !== null;
  const killAll = async () => {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The group is gone already.
    }
    await exited;
  };

  while (!(await isUp())) {
    if (gone())
      throw new Error(`the launcher ended before the stack was up (${child.signalCode ?? child.exitCode})`);
    await wait(50);
  }
  return {
    pid,
    exited,
    killAll,
    stop: async () => {
      if (gone()) return;
      child.kill("SIGTERM");
      const late = setTimeout(() => void killAll(), 20_000);
      await exited;
      clearTimeout(late);
    },
  };
}
