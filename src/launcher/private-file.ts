import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Reads a JSON file that we wrote ourselves; undefined when it is absent or was cut short by a kill. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** Writes a JSON file that only its owner can read, whole or not at all: a kill in between leaves the old one. */
export function writePrivateJson(path: string, value: unknown): void {
  const draft = `${path}.${process.pid}.tmp`;
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
