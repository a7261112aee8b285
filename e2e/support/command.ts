import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Source } from "#src/config/env.ts";

const launcher = (file: string) => fileURLToPath(new URL(`../../src/launcher/${file}.ts`, import.meta.url));

/** How a command ended, and what it said. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run invite` or `npm run demo:reset` without npm, on the stack that this environment leads to. */
export function runCommand(
  name: "invite" | "demo-reset",
  args: readonly string[],
  env: Source,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = { env: { ...env, NODE_ENV: "production" as const } };
    const child = execFile(process.execPath, [launcher(name), ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? 1, stdout, stderr }),
    );
  });
}
