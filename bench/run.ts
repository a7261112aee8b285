import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Benchmark } from "./benchmark.ts";
import { decline } from "./decline.ts";
import { door } from "./door.ts";
import { growth } from "./growth.ts";
import { overload } from "./overload.ts";
import { refund } from "./refund.ts";
import { brokenSection, reportOf, sectionOf } from "./report.ts";
import { request } from "./request.ts";
import { seen } from "./seen.ts";
import { startBenchStack } from "./stack.ts";
import { weight } from "./weight.ts";

/**
 * `npm run bench`: the production build over local services of its own, measured next to a floor of the same run.
 * `--only NAME[,NAME]` takes some of the benchmarks. A target that is missed is said, and is no failure; a benchmark
 * that breaks off is.
 */

/** The roster, in the order in which they run. Each has a stack of its own, so that none meets what another left. */
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

/** Runs one benchmark on a stack of its own; gives its section of the report. */
async function measure(benchmark: Benchmark): Promise<string> {
  console.log(`\n${benchmark.name}: ${benchmark.about}`);
  const began = performance.now();
  try {
    await using bench = await startBenchStack(benchmark.settings);
    const measured = await benchmark.run(bench);
    return sectionOf(benchmark, measured, (performance.now() - began) / 1000);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
    return brokenSection(benchmark, error instanceof Error ? error.message : String(error));
  }
}

const sections = new Map<string, string>();
for (const benchmark of chosen()) {
  const section = await measure(benchmark);
  sections.set(benchmark.name, section);
  console.log(`\n${section}`);
  // After each one, so that a run that is cut short leaves what it has measured.
  await writeFile(results, reportOf(names, await readFile(results, "utf8").catch(() => ""), sections));
}
