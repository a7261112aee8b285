import { execFile } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A folder on a disk of its own, so small that a test can fill it. */
export interface SmallDisk {
  /** Takes all the room there is: whoever writes next is told that the disk is full. `pid` is who writes there. */
  fill(pid: number | undefined): Promise<void>;
  /** Gives the room back. */
  free(pid: number | undefined): Promise<void>;
  close(): Promise<void>;
}

const size_MB = 384;

/** Writes until the disk refuses. */
function takeAll(file: string): void {
  const block = Buffer.alloc(65_536);
  const descriptor = openSync(file, "w");
  try {
    for (let size = block.length; size >= 1; size = Math.floor(size / 16)) {
      try {
        for (;;) writeSync(descriptor, block, 0, size);
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Puts a small disk under a folder, which it makes. Where this machine does not let us mount one, the files that are
 * there may not grow instead: the writer is refused all the same, as by a quota.
 */
export async function smallDisk(folder: string): Promise<SmallDisk> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const options = ["-t", "tmpfs", "-o", `size=${size_MB}m,mode=700`, "goalkeeper-faults", folder];
  const isMounted = await run("mount", options).then(
    () => true,
    () => false,
  );
  if (!isMounted) return noGrowth(folder);
  const ballast = join(folder, "ballast");
  return {
    fill: async () => takeAll(ballast),
    free: async () => rmSync(ballast, { force: true }),
    close: async () => void (await run("umount", ["-l", folder])),
  };
}

/** Limits how long the writer's files may become to what they are now. */
function noGrowth(folder: string): SmallDisk {
  const limit = async (pid: number | undefined, bytes: string) => {
    if (pid !== undefined) await run("prlimit", ["--pid", String(pid), `--fsize=${bytes}`]);
  };
  return {
    fill: async (pid) => {
      const files = await readdir(folder, { recursive: true, withFileTypes: true });
      const sizes = files
        .filter((file) => file.isFile())
        .map((file) => statSync(join(file.parentPath, file.name)).size);
      await limit(pid, `${Math.min(...sizes.filter((size) => size > 0), 65_536)}:unlimited`);
    },
    free: (pid) => limit(pid, "unlimited:unlimited"),
    close: async () => undefined,
  };
}
