import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { readJson, writePrivateJson } from "./private-file.ts";

const names = ["launcher", "services", "app", "build", "preparation"] as const;
/** What a start runs, each as a process of its own. */
export type ProcessName = (typeof names)[number];

const processSchema = z.object({ name: z.enum(names), pid: z.number().int().positive(), born: z.string() });
type KnownProcess = z.output<typeof processSchema>;

/**
 * When a process began, in the system's own terms; undefined when it is gone. Process ids are used again: only with
 * its birth is a process the one that we started.
 */
function bornAt(pid: number): string | undefined {
  try {
    if (process.platform === "linux") {
      // The name in brackets may hold anything, so the fields are counted from the last bracket: state is the first.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      return fields[0] === "Z" ? undefined : fields[19];
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

const isAlive = ({ pid, born }: KnownProcess) => bornAt(pid) === born;

/** The processes of one start, written down in `dataDir/processes.json` so that the next start knows them. */
export interface ProcessRecord {
  /** Adds a process, or puts it in the place of its dead predecessor of that name. */
  note(name: ProcessName, pid: number): void;
  /** Forgets all: everything has ended in order. */
  clear(): void;
}

const fileOf = (dataDir: string) => join(dataDir, "processes.json");

function readProcesses(dataDir: string): readonly KnownProcess[] {
  const parsed = z.array(processSchema).safeParse(readJson(fileOf(dataDir)));
  return parsed.success ? parsed.data : [];
}

export function recordProcesses(dataDir: string): ProcessRecord {
  const known = new Map<ProcessName, KnownProcess>();
  return {
    note: (name, pid) => {
      const born = bornAt(pid);
      // Dead before it was written down: there is nothing to reclaim.
      if (born === undefined) return;
      known.set(name, { name, pid, born });
      writePrivateJson(fileOf(dataDir), [...known.values()]);
    },
    clear: () => rmSync(fileOf(dataDir), { force: true }),
  };
}

/** The process id by which the start on this folder runs `name`; undefined when none runs. */
export const processPid = (dataDir: string, name: ProcessName): number | undefined =>
  readProcesses(dataDir).find((known) => known.name === name && isAlive(known))?.pid;

/**
 * Ends what an earlier start left running after it was killed: its children stop by themselves, and only one that
 * does not within `patience_ms` is killed. Whoever calls this holds the folder's lock.
 */
export async function reclaimProcesses(
  dataDir: string,
  log: (line: string) => void,
  patience_ms = 8_000,
): Promise<void> {
  const left = readProcesses(dataDir).filter((known) => known.name !== "launcher" && isAlive(known));
  if (left.length > 0)
    log(`waiting for ${left.map(({ name }) => name).join(" and ")} of a start that was killed`);
  const deadline = Date.now() + patience_ms;
  while (left.some(isAlive) && Date.now() < deadline) await wait(50);
  for (const known of left.filter(isAlive)) {
    log(`ending ${known.name} (${known.pid}), which does not stop by itself`);
    process.kill(known.pid, "SIGKILL");
  }
  while (left.some(isAlive)) await wait(20);
  rmSync(fileOf(dataDir), { force: true });
}
