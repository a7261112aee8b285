import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { takeLock } from "./lock.ts";
import { processPid, reclaimProcesses, recordProcesses, type ProcessRecord } from "./processes.ts";
import { removeStackFile } from "./stack-file.ts";
import { StartError } from "./start-error.ts";

/** A data folder that belongs to this start alone. */
export interface ClaimedDataDir {
  readonly processes: ProcessRecord;
  /** Gives the folder back, with no trace of this start in it but what it is to keep. */
  release(): void;
}

/**
 * Takes the data folder for this start, and reclaims what a start that was killed left behind: its processes, and its
 * `stack.json`, which describes nothing any more. Throws StartError when another start is using the folder.
 */
export async function claimDataDir(dataDir: string, log: (line: string) => void): Promise<ClaimedDataDir> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const release = await takeLock(join(dataDir, "launcher.lock"));
  if (release === undefined)
    throw new StartError(
      `Goalkeeper is already running on ${dataDir} (pid ${processPid(dataDir, "launcher") ?? "unknown"}).\n` +
        "Stop it there with Ctrl-C, or give this one a DATA_DIR and a PORT of its own.",
    );
  removeStackFile(dataDir);
  await reclaimProcesses(dataDir, log);
  const processes = recordProcesses(dataDir);
  processes.note("launcher", process.pid);
  return {
    processes,
    release: () => {
      removeStackFile(dataDir);
      processes.clear();
      release();
    },
  };
}
