import type { Doc } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import type { Store } from "../store/store.ts";
import { type Plain, toDoc } from "../wire/plain.ts";

/** MongoDB's limit of operations in one command. */
const MAX_BATCH = 100_000;

/** Refuses a command with no operations or too many. */
export function requireBatch(count: number): void {
  if (count >= 1 && count <= MAX_BATCH) return;
  throw new MongoError(
    16,
    "InvalidLength",
    `Write batch sizes must be between 1 and ${MAX_BATCH}. Got ${count} operations.`,
  );
}

/**
 * Runs the operations of a write command, each of which is done wholly or not at all, and gives the errors of those
 * that failed. An ordered command stops at the first one. All is committed together.
 */
export function runOperations<Operation>(
  store: Store,
  operations: readonly Operation[],
  ordered: boolean,
  run: (operation: Operation, position: number) => void,
): Doc[] {
  const errors: Doc[] = [];
  const runAll = (): void => {
    for (const [position, operation] of operations.entries()) {
      try {
        store.transaction(() => run(operation, position));
      } catch (error) {
        if (!(error instanceof MongoError)) throw error;
        errors.push(writeError(position, error));
        if (ordered) return;
      }
    }
  };
  // A single operation needs no transaction around its own.
  if (operations.length === 1) runAll();
  else store.transaction(runAll);
  return errors;
}

function writeError(position: number, error: MongoError): Doc {
  return toDoc({ index: position, code: error.code, errmsg: error.message, ...detailsOf(error) });
}

/** What an error carries besides code and message. */
export function detailsOf(error: MongoError): { readonly [name: string]: Plain } {
  // Whoever throws a MongoError puts BSON values or plain ones into its details, and nothing else.
  return error.details as { readonly [name: string]: Plain };
}
