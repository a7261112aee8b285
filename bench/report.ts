import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { missedOf, tableOf } from "./figures.ts";
import type { Benchmark, Measured } from "./benchmark.ts";

const packageVersion = (name: string): string => {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
};

/** Which state of the project was measured; nothing where git cannot say. */
function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8", stdio: "pipe" }).trim();
    const changed = git("status", "--porcelain", "--", "../src", "../inngest", "../prisma") === "" ? "" : "+";
    return `, commit ${git("rev-parse", "--short", "HEAD")}${changed}`;
  } catch {
    return "";
  }
}

/** When, where and with what a benchmark ran, in one line. */
function circumstances(): string {
  const versions = ["next", "inngest", "mongodb"].map((name) => `${name} ${packageVersion(name)}`);
  const machine = `${cpus().length} cores of ${cpus()[0]?.model.trim() ?? "unknown make"}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${release()}`;
  const when = new Date().toISOString().slice(0, 16).replace("T", " ");
  return `${when} UTC, ${machine}; Node ${process.version}, ${versions.join(", ")}${commit()}.`;
}

/** One benchmark's section. A target that was missed is said above the table as well as in it. */
export function sectionOf({ name, about }: Benchmark, { figures, notes }: Measured, seconds: number): string {
  const missed = missedOf(figures);
  return [
    `## ${name}`,
    about,
    ...(missed.length === 0 ? [] : [`**Missed: ${missed.join("; ")}.**`]),
    tableOf(figures),
    ...notes,
    `_${circumstances()} Took ${Math.round(seconds)} s._`,
  ].join("\n\n");
}

/** The section of a benchmark that broke off: it has no figures, and the old ones are not to stand for them. */
export const brokenSection = ({ name, about }: Benchmark, reason: string): string =>
  [`## ${name}`, about, `**Broke off:** ${reason.split("\n")[0]}`, `_${circumstances()}_`].join("\n\n");

const head = [
  "# Measured",
  "The production build over the local services, on one machine with the load. `npm run bench` writes this; with `--only` it replaces the sections that it measured anew. Floors were taken in the same run. What the figures mean: [docs/performance.md](../docs/performance.md).",
].join("\n\n");

/** So many seconds in words: `8 min 5 s`. */
export const wordsOf = (seconds: number): string =>
  `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`;

/**
 * The report with these sections in the place of their elders, in the order of the roster. `whole_s` is how long all of
 * them took, where this was a run of all; otherwise what the last such run took is kept.
 */
export function reportOf(
  names: readonly string[],
  older: string,
  sections: ReadonlyMap<string, string>,
  whole_s?: number,
): string {
  const whole =
    whole_s === undefined
      ? (/^_All of it took .*_$/m.exec(older) ?? [])
      : [`_All of it took ${wordsOf(whole_s)}._`];
  const kept = new Map(
    older.split(/^(?=## )/m).flatMap((section) => {
      const name = /^## (.+)$/m.exec(section)?.[1];
      return name === undefined ? [] : [[name, section.trim()]];
    }),
  );
  const bodies = names.flatMap((name) => sections.get(name) ?? kept.get(name) ?? []);
  return `${[head, ...whole, ...bodies].join("\n\n")}\n`;
}
