import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { environment } from "#src/config/env.ts";
import { ensureBuild } from "#src/launcher/build.ts";
import type { Benchmark, Measured } from "./benchmark.ts";
import { decline } from "./decline.ts";
import { door } from "./door.ts";
import { growth } from "./growth.ts";
import { overload } from "./overload.ts";
import { refund } from "./refund.ts";
import { brokenSection, reportOf, sectionOf, wordsOf } from "./report.ts";
import { request } from "./request.ts";
import { seen } from "./seen.ts";
import { startBenchStack } from "./stack.ts";
import { weight } from "./weight.ts";

/**
 * `npm run bench`: the production build over local services of its own, measured next to a floor of the same run.
 * `--only NAME[,NAME]` takes some of the benchmarks. A target that is missed is said, and is no failure; a benchmark
 * that breaks off is.
 */

/** The roster, in the order in which they run. Each has a stack of its own or none, so that none meets what another left. */
const benchmarks: readonly Benchmark[] = [request, decline, seen, refund, door, overload, growth, weight];

const names = benchmarks.map(({ name }) => name);
const results = join(import.meta.dirname, "results.md");

function chosen(): readonly Benchmark[] {
  const { values } = parseArgs({ options: { only: { type: "string" } } });
  if (values.only === undefined) return benchmarks;
  const asked = values.only.split(",");
  const unknown = asked.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no ${unknown.join(", ")}: --only takes of ${names.join(", ")}.`);
  return benchmarks.filter(({ name }) => asked.includes(name));
}

async function figuresOf(benchmark: Benchmark): Promise<Measured> {
  if (benchmark.of === "part") return await benchmark.run();
  await using bench = await startBenchStack(benchmark.settings);
  return await benchmark.run(bench);
}

/** Runs one benchmark; gives its section of the report. */
async function measure(benchmark: Benchmark): Promise<string> {
  console.log(`\n${benchmark.name}: ${benchmark.about}`);
  const began = performance.now();
  try {
    const measured = await figuresOf(benchmark);
    return sectionOf(benchmark, measured, secondsSince(began));
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
    return brokenSection(benchmark, error instanceof Error ? error.message : String(error));
  }
}

const secondsSince = (began: number) => (performance.now() - began) / 1000;

/** Puts these sections into the report, and how long a run of all benchmarks took, once it is over. */
async function report(sections: ReadonlyMap<string, string>, whole_s?: number): Promise<void> {
  const older = await readFile(results, "utf8").catch(() => "");
  await writeFile(results, reportOf(names, older, sections, whole_s));
}

const began = performance.now();
// Before any of them, so that none is kept waiting by it.
await ensureBuild({
  root: join(import.meta.dirname, ".."),
  env: { ...environment(), NEXT_TELEMETRY_DISABLED: "1" },
  log: (line) => console.log(line),
  signal: new AbortController().signal,
  onPid: () => undefined,
});
const sections = new Map<string, string>();
for (const benchmark of chosen()) {
  const section = await measure(benchmark);
  sections.set(benchmark.name, section);
  console.log(`\n${section}`);
  // After each one, so that a run that is cut short leaves what it has measured.
  await report(sections);
}
const took_s = secondsSince(began);
if (sections.size === benchmarks.length) await report(sections, took_s);
console.log(`\n${[...sections.keys()].join(", ")}: ${wordsOf(took_s)}.`);
