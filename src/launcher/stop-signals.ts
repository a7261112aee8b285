import { readFileSync } from "node:fs";

/** Within this time a second signal is the echo of the first: npm passes on what the terminal has sent already. */
const echo_ms = 1_000;

const parentOf = (pid: number): number | undefined => {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
  } catch {
    return undefined;
  }
};

/** True when this process is a shell, of which npm puts one between itself and its script. */
const isShell = (pid: number): boolean => {
  try {
    return /^(ba|da|z|a)?sh$/.test(readFileSync(`/proc/${pid}/comm`, "utf8").trim());
  } catch {
    return false;
  }
};

/** Calls back when npm, which started us, is gone without a word, as after a SIGKILL of npm alone. */
function onNpmGone(callback: () => void): void {
  const parent = process.ppid;
  const npm = isShell(parent) ? parentOf(parent) : undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || parentOf(parent) === npm)) return;
    clearInterval(timer);
    callback();
  }, 500);
  timer.unref();
}

/**
 * Gives the signal that is aborted when this process is asked to stop: by Ctrl-C, by SIGTERM, by a terminal that
 * closes, or by the end of the npm that started it. A person who asks a second time does not want to wait: it ends at
 * once; the children see that the channel is gone, and follow. SIGTERM is what machines send, some of them twice, and
 * they have SIGKILL for the end of their patience: however often it comes, what is in flight finishes.
 */
export function stopSignal({ underNpm }: { underNpm: boolean }): AbortSignal {
  const stop = new AbortController();
  let first: number | undefined;
  const ask = (name: NodeJS.Signals) => {
    first ??= Date.now();
    if (name !== "SIGTERM" && Date.now() - first > echo_ms) process.exit(130);
    stop.abort();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, ask);
  if (underNpm) onNpmGone(() => stop.abort());
  return stop.signal;
}
