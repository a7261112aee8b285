import type { MongoClient } from "mongodb";
import type { StackDescription } from "#src/launcher/stack-file.ts";
import type { Figure } from "./figures.ts";

/** What a benchmark is given: a stack of its own, freshly started, with its demo data and nobody else on it. */
export interface Bench {
  readonly stack: StackDescription;
  /** The stack's folder: `keys.json` has its keys, and `processPid` of the launcher finds its processes. */
  readonly dataDir: string;
  readonly mongo: MongoClient;
  /** Signs a demo account in; gives the `Authorization` header that goes with it. */
  signIn(email: string): Promise<string>;
  /** Ada's, who is signed in already. */
  readonly authorization: string;
  /** How long each stack that this run has started, this one among them, took until everything answered. */
  readonly starts_ms: readonly number[];
  /** Says one line while the benchmark runs. */
  log(line: string): void;
}

/** What a benchmark came to. */
export interface Measured {
  /** In the order in which the table shows them. A floor is a figure like the others. */
  readonly figures: readonly Figure[];
  /** Sentences below the table: what a figure means, why a target was missed. Markdown. */
  readonly notes: readonly string[];
}

interface Named {
  /** As `--only` names it. */
  readonly name: string;
  /** What it measures, in a sentence: it stands above its table. */
  readonly about: string;
}

/** A benchmark of the whole. */
export interface StackBenchmark extends Named {
  readonly of: "stack";
  /** Settings of its stack that are not the default ones, such as rate limits. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly run: (bench: Bench) => Promise<Measured>;
}

/** A benchmark of one part, which needs no stack. */
export interface PartBenchmark extends Named {
  readonly of: "part";
  readonly run: () => Promise<Measured>;
}

/** One benchmark, in a file of its own, and on the roster of `run.ts`. */
export type Benchmark = StackBenchmark | PartBenchmark;
