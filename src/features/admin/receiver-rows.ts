import { type ReceiverId, receiverIds } from "#src/contract/receivers.ts";
import type { ReceiverRunView } from "#src/server/operations/console/goal-page.ts";

/** A row of the receivers' table: a run, or a receiver that has not run yet. */
export interface ReceiverRow {
  readonly receiver: ReceiverId;
  readonly run: ReceiverRunView | null;
}

/** Every receiver in the specification's order with its runs, the earliest first; a signal sent again adds rows. */
export const receiverRows = (runs: readonly ReceiverRunView[]): ReceiverRow[] =>
  receiverIds.flatMap((receiver): ReceiverRow[] => {
    const own = runs
      .filter((run) => run.receiver === receiver)
      .toSorted((a, b) => a.started.localeCompare(b.started));
    return own.length === 0 ? [{ receiver, run: null }] : own.map((run) => ({ receiver, run }));
  });
