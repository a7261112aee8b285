import type { Doc, Value } from "../bson/value.ts";
import type { Environment } from "./scope.ts";

/** A compiled stage, or several in a row: from documents to documents. */
export type Stage = (source: Iterable<Doc>) => Iterable<Doc>;

/** What the compilation of a stage needs. */
export interface StageContext {
  readonly environment: Environment;
  collection(name: string, hint?: Doc): Iterable<Doc>;
  /** Compiles a pipeline within the stage; with `variables` in place of those of the environment. */
  pipeline(specs: readonly Value[], variables?: ReadonlyMap<string, Value | undefined>): Stage;
}

/** Compiles one kind of stage. */
export type StageCompiler = (operand: Value, context: StageContext) => Stage;

/** A stage that makes one document of each. */
export function eachDoc(change: (doc: Doc) => Doc): Stage {
  return function* (source) {
    for (const doc of source) yield change(doc);
  };
}
