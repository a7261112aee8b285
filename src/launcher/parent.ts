import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Source } from "#src/config/env.ts";
import type { ChildMessage, LauncherMessage } from "./child.ts";

/** A child process that has said that it is ready. */
export interface RunningChild {
  readonly pid: number;
  /** What the child said with its being ready. */
  readonly ready: unknown;
  /** Settles when the process is gone, however that came about. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
  /** Asks the child to stop in order and waits until it is gone; one that hangs is killed. Safe to call twice. */
  stop(): Promise<void>;
}

export interface ForkOptions {
  /** The file that the child runs: it calls `runAsChild`. */
  readonly file: string;
  /** Sent to the child as its one order. */
  readonly order: unknown;
  readonly env: Source;
  readonly execArgv?: readonly string[];
  /** Drops what the child says on stdout; what it has to say on stderr is seen in any case. */
  readonly quiet?: boolean;
  /** Told the process id as soon as there is one, before the child is ready. */
  readonly onPid?: (pid: number) => void;
  /** True while the launcher stops everything in an order of its own, so that a child waits for its turn. */
  readonly waitForTurn?: () => boolean;
  /** Asks the child to stop, also before it is ready. */
  readonly signal?: AbortSignal;
  /** How long the child may take to stop in order, before it is killed. It bounds itself as well, unless it hangs. */
  readonly stopWithin_ms?: number;
}

const isChildMessage = (message: unknown): message is ChildMessage =>
  typeof message === "object" && message !== null && "type" in message;

function send(child: ChildProcess, message: LauncherMessage<unknown>): void {
  // A child that has just died cannot take it; `exited` says so soon enough.
  if (child.connected) child.send(message, () => undefined);
}

/** Compiled code is kept between starts: it halves the time in which a child comes up. */
const compileCache = fileURLToPath(new URL("../../node_modules/.cache/compiled", import.meta.url));

/** A signal to the whole group reaches children and launcher at once; by then the launcher has seen its own. */
const turn_ms = 250;

/** Starts a child and waits until it is ready. Rejects with the child's own reason when it cannot start. */
export function forkChild({
  file,
  order,
  env,
  execArgv,
  quiet = false,
  onPid,
  waitForTurn,
  signal,
  stopWithin_ms = 10_000,
}: ForkOptions): Promise<RunningChild> {
  const child = fork(file, [], {
    env: { NODE_ENV: "production", NODE_COMPILE_CACHE: compileCache, ...env },
    execArgv: [...(execArgv ?? [])],
    stdio: ["ignore", quiet ? "ignore" : "inherit", "inherit", "ipc"],
  });
  const exited = new Promise<Awaited<RunningChild["exited"]>>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const { pid } = child;
  if (pid !== undefined) onPid?.(pid);
  send(child, { type: "start", order });
  const askToStop = () => send(child, { type: "stop" });
  signal?.addEventListener("abort", askToStop);
  void exited.then(() => signal?.removeEventListener("abort", askToStop));

  return new Promise((resolve, reject) => {
    child.once("error", reject);
    void exited.then(({ code, signal }) =>
      reject(new Error(`ended before it was ready (${signal ?? `exit ${code}`})`)),
    );
    child.on("message", (message) => {
      if (!isChildMessage(message) || pid === undefined) return;
      if (message.type === "failed") reject(new Error(message.message));
      if (message.type === "asked-to-stop")
        setTimeout(() => waitForTurn?.() || send(child, { type: "stop" }), turn_ms);
      if (message.type !== "ready") return;
      resolve({
        pid,
        ready: message.ready,
        exited,
        kill: (signal) => void child.kill(signal),
        stop: async () => {
          send(child, { type: "stop" });
          const late = setTimeout(() => child.kill("SIGKILL"), stopWithin_ms);
          await exited;
          clearTimeout(late);
        },
      });
    });
  });
}
