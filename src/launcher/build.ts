import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { fork } from "node:child_process";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Source } from "#src/config/env.ts";
import { takeLock } from "./lock.ts";
import { StartError } from "./start-error.ts";

/** All that can change the build: folders and files, from the project's root. */
const inputs = [
  "src",
  "inngest",
  "prisma",
  "messages",
  "public",
  "next.config.js",
  "postcss.config.js",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];
/** Parts of these folders that never get into the build. */
const isOutside = (path: string) =>
  /\.test\.tsx?$|\.md$|^src\/(launcher|standins|testing)\//.test(path.replaceAll("\\", "/"));

/** A hash over everything that the build is made from; equal hashes mean that the last build still serves. */
export async function inputsHash(root: string): Promise<string> {
  const files: string[] = [];
  for (const input of inputs) {
    if (!existsSync(join(root, input))) continue;
    const entries = await readdir(join(root, input), { recursive: true, withFileTypes: true }).catch(
      () => undefined,
    );
    if (entries === undefined) files.push(input);
    else
      for (const entry of entries)
        if (entry.isFile()) files.push(relative(root, join(entry.parentPath, entry.name)));
  }
  const hash = createHash("sha256");
  const contents = await Promise.all(
    files
      .filter((path) => !isOutside(path))
      .toSorted()
      .map(async (path) => [path, await readFile(join(root, path))] as const),
  );
  for (const [path, content] of contents) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest("hex");
}

export interface BuildOptions {
  readonly root: string;
  readonly env: Source;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  readonly onPid: (pid: number) => void;
}

const buildFile = fileURLToPath(new URL("./build-process.ts", import.meta.url));

async function runBuild({ root, env, signal, onPid }: BuildOptions): Promise<void> {
  const child = fork(buildFile, [], {
    cwd: root,
    env: { ...env, NODE_ENV: "production" },
    execArgv: [],
    silent: true,
    signal,
  });
  if (child.pid !== undefined) onPid(child.pid);
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => printed.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  // An exit code of 0 says that nothing was thrown; that a build came to its end is said by its id, which comes last.
  if (code !== 0 || !existsSync(join(root, ".next", "BUILD_ID")))
    throw new StartError(`The build failed:\n${Buffer.concat(printed).toString()}`);
}

/**
 * Makes sure that `.next` holds the build of the present sources, and builds when it does not. The mark of a good
 * build goes first and comes back last, so that an interrupted build is never taken for one.
 */
export async function ensureBuild(options: BuildOptions): Promise<void> {
  const { root, log } = options;
  const mark = join(root, ".next", "goalkeeper-inputs");
  const buildId = join(root, ".next", "BUILD_ID");
  const isCurrent = async () =>
    existsSync(buildId) && existsSync(mark) && readFileSync(mark, "utf8") === (await inputsHash(root));
  if (await isCurrent()) return;
  const cache = join(root, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  const lock = join(cache, "goalkeeper-build.lock");
  let release = await takeLock(lock);
  if (release === undefined) {
    log("waiting for another start that builds the app");
    release = await takeLock(lock, { wait_ms: 300_000 });
    if (release === undefined)
      throw new StartError("another start has been building the app for five minutes");
  }
  try {
    // Whoever held the lock has built it.
    if (await isCurrent()) return;
    const hash = await inputsHash(root);
    for (const path of [mark, buildId]) rmSync(path, { force: true });
    const began = Date.now();
    const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
    log("building the app, which takes about half a minute; the next start reuses it");
    const progress = setInterval(() => log(`still building (${seconds()})`), 5_000);
    try {
      await runBuild(options);
    } finally {
      clearInterval(progress);
    }
    writeFileSync(mark, hash);
    log(`built in ${seconds()}`);
  } finally {
    release();
  }
}
