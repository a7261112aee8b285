import type { Doc } from "../bson/value.ts";

/** What a pipeline may reach besides its documents. */
export interface PipelineContext {
  readonly now: Date;
  /** The documents of another collection of the same database; an unknown one is empty. */
  collection(name: string): Iterable<Doc>;
  /** Variables that the command's `let` gives, already evaluated. */
  readonly variables?: Doc;
}

/** Runs a pipeline over documents, lazily where its stages allow it. */
export function runPipeline(
  _stages: readonly Doc[],
  source: Iterable<Doc>,
  _context: PipelineContext,
): Iterable<Doc> {
  return source;
}
