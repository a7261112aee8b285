import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { environment, type Source } from "#src/config/env.ts";
import { processPid } from "#src/launcher/processes.ts";
import type { Bench, StackBenchmark } from "./benchmark.ts";
import { type Figure, figureOf } from "./figures.ts";
import { addInvitations } from "./invitations.ts";
import { declineOf, paced } from "./load.ts";
import { untilSettled } from "./requests.ts";
import { startBenchStack } from "./stack.ts";

const root = join(import.meta.dirname, "..");
/** How many cold starts are to be seen: those of the benchmarks before this one count. */
const starts = 3;
const loadSeconds = 8;
const loadPerSecond = 10;

const secondsSince = (began: number) => (performance.now() - began) / 1000;

/** What the files of a folder take, in megabytes, as their lengths say. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let bytes = 0;
  for (const entry of entries)
    if (entry.isFile()) bytes += (await lstat(join(entry.parentPath, entry.name))).size;
  return bytes / 1e6;
}

const withoutNpm = (env: Source) => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("npm_"))),
  NODE_ENV: "development" as const,
});

/** Installs and builds a copy of the project, as a fresh clone does, with what npm has in its cache. */
async function installAndBuild(bench: Bench): Promise<Figure[]> {
  const copy = await mkdtemp(join(tmpdir(), "goalkeeper-weight-"));
  try {
    for (const entry of [
      "src",
      "inngest",
      "prisma",
      "next.config.js",
      "package.json",
      "package-lock.json",
      "tsconfig.json",
    ])
      await cp(join(root, entry), join(copy, entry), { recursive: true });
    let began = performance.now();
    await promisify(execFile)("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"], {
      cwd: copy,
      // npm hands its own settings on to what it runs, this benchmark among it; and in production it leaves out tools.
      env: withoutNpm(environment()),
      maxBuffer: 64e6,
    });
    const installed_s = secondsSince(began);
    const size = await sizeOf(join(copy, "node_modules"));
    bench.log(`npm ci took ${Math.round(installed_s)} s`);
    began = performance.now();
    await promisify(execFile)(process.execPath, [join(copy, "src", "launcher", "build-app.ts")], {
      cwd: copy,
      env: withoutNpm(environment()),
    });
    return [
      figureOf("npm ci, from npm's cache", [installed_s], { unit: "s" }),
      figureOf("node_modules", [size], { unit: "MB" }),
      figureOf("build", [secondsSince(began)], { unit: "s" }),
    ];
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** What a process holds in memory, in megabytes; nothing where the system has no `/proc`. */
function memoryOf(dataDir: string, name: "app" | "services"): number[] {
  try {
    const status = readFileSync(`/proc/${processPid(dataDir, name)}/status`, "utf8");
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    return kilobytes === undefined ? [] : [(Number(kilobytes) * 1024) / 1e6];
  } catch {
    return [];
  }
}

/** The processor time that a process has used, in milliseconds; 0 where the system has no `/proc`. */
function processorTimeOf(dataDir: string, name: "app" | "services"): number {
  try {
    const fields = readFileSync(`/proc/${processPid(dataDir, name)}/stat`, "utf8")
      .split(") ")
      .at(-1)
      ?.split(" ");
    // In hundredths of a second: the kernel's unit for user programs, on every machine that Node runs on.
    return 10 * (Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0));
  } catch {
    return 0;
  }
}

const processes = ["app", "services"] as const;

async function memoryAndWork(bench: Bench): Promise<Figure[]> {
  const memory = (when: string) =>
    processes.map((name) =>
      figureOf(`memory of ${name}, ${when}`, memoryOf(bench.dataDir, name), { unit: "MB" }),
    );
  await wait(3_000);
  const atRest = memory("at rest");
  const warm = await addInvitations(bench.mongo.db(), 30, "apart");
  const load = (goalIds: readonly string[]) =>
    paced(
      bench.stack.app,
      loadPerSecond,
      goalIds.map((goalId) => declineOf(bench, goalId)),
    );
  await load(warm);
  await untilSettled(bench, warm);
  const goals = await addInvitations(bench.mongo.db(), loadPerSecond * loadSeconds, "apart");
  const before = processes.map((name) => processorTimeOf(bench.dataDir, name));
  await load(goals);
  await untilSettled(bench, goals, { within_ms: 180_000 });
  const work = processes.map((name, place) =>
    figureOf(
      `processor time of ${name} for a decline`,
      [(processorTimeOf(bench.dataDir, name) - (before[place] ?? 0)) / goals.length],
      { unit: "ms" },
    ),
  );
  return [...atRest, ...memory(`after ${warm.length + goals.length} declines`), ...work];
}

/** The scripts that a page's HTML names, packed as they are sent, in kilobytes; those for old browsers left out. */
async function scriptsOf(app: string, path: string, authorization: string | undefined): Promise<number> {
  const page = await fetch(`${app}${path}`, {
    headers: authorization === undefined ? {} : { authorization },
    redirect: "manual",
  });
  if (page.status !== 200) throw new Error(`${path} was answered by ${page.status}.`);
  const tags = [...(await page.text()).matchAll(/<script\b([^>]*)\bsrc="([^"]+)"([^>]*)>/gi)];
  const sources = new Set(
    tags
      .filter(([tag]) => !/nomodule/i.test(tag))
      .map(([, , source = ""]) => new URL(source.replaceAll("&amp;", "&"), app).href),
  );
  let bytes = 0;
  for (const source of sources)
    bytes += gzipSync(new Uint8Array(await (await fetch(source)).arrayBuffer())).length;
  return bytes / 1000;
}

async function pages(bench: Bench): Promise<Figure[]> {
  const { app } = bench.stack;
  const [viewer, moderator] = [await bench.signIn("vic@example.com"), await bench.signIn("mod@example.com")];
  const goal = await bench.mongo.db().collection("goals").findOne({ "deactivated.reason": "declined" });
  const vic = await bench.mongo.db().collection("user").findOne({ email: "vic@example.com" });
  const own = await bench.mongo.db().collection("goals").findOne({ "conditions.exclusive_to": vic?._id });
  const all: readonly (readonly [path: string, name: string, authorization?: string])[] = [
    ["/sign-in", "/sign-in"],
    ["/studio", "/studio", bench.authorization],
    ["/me", "/me", viewer],
    [`/me/receipts/${String(own?._id)}`, "/me/receipts/…", viewer],
    [`/admin/goals/${String(goal?._id)}`, "/admin/goals/…", moderator],
    ...["", "/goals", "/bulk", "/ledger", "/sessions", "/users", "/audit"].map(
      (path) => [`/admin${path}`, `/admin${path}`, moderator] as const,
    ),
  ];
  const figures: Figure[] = [];
  for (const [path, name, authorization] of all)
    figures.push(figureOf(`scripts of ${name}`, [await scriptsOf(app, path, authorization)], { unit: "kB" }));
  return figures;
}

/** What it takes to install, build, start and keep, and what a browser has to load. */
export const weight: StackBenchmark = {
  name: "weight",
  of: "stack",
  about: "What it takes: installing, building, starting, memory, and the first scripts of each page.",
  settings: { RATE_LIMIT_DECLINE: "1000000" },
  async run(bench) {
    const kept = await memoryAndWork(bench);
    const scripts = await pages(bench);
    while (bench.starts_ms.length < starts) {
      await using _ = await startBenchStack();
    }
    const cold = bench.starts_ms.map((ms) => ms / 1000);
    const made = await installAndBuild(bench);
    return {
      figures: [...made, figureOf("cold start, built", cold, { unit: "s" }), ...kept, ...scripts],
      notes: [
        "The cold start is from `npm start` without npm to the moment when every service answers, with the build of an earlier start. Memory is what the process holds (RSS). Scripts are gzipped.",
      ],
    };
  },
};
