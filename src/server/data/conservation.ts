import type { Breach, KindBalances } from "#src/domain/conservation.ts";
import { type Database, isDuplicateKey } from "./database.ts";

/** What a check of the ledger came to. What is absent has not been looked at. */
export interface CheckResult {
  light: "green" | "red";
  checked: Date;
  checked_whole?: Date;
  /** Whatever was written before this has been looked at. */
  watermark: Date;
  transfers: number;
  /** By kind of account, at the last check of the whole ledger. */
  balances?: KindBalances;
  /** The first thousand, so that the next check can look at them again. */
  breaches: readonly Breach[];
  breach_count: number;
  breach_kinds: Partial<Record<Breach["kind"], number>>;
}

/** The conservation light: the last check that went through, and the one under way, if it is still heard of. */
export interface ConservationDocument extends Partial<CheckResult> {
  _id: "conservation";
  checking?: { id: string; heard: Date };
}

const _id = "conservation";
const states = ({ driver }: Database) => driver.collection<ConservationDocument>("console_state");

/** The light, with no more than so many of its breaches. */
export const findConservation = (db: Database, breaches: number): Promise<ConservationDocument | null> =>
  states(db).findOne({ _id }, { projection: { breaches: { $slice: breaches } } });

/**
 * Begins a check, unless another one is under way that was heard of since `heardSince`: one that has died is taken
 * over. Gives what was there before, or null where there is another one. Nothing of the last light is changed.
 */
export async function beginCheck(
  db: Database,
  check: { id: string; now: Date; heardSince: Date },
): Promise<ConservationDocument | null> {
  try {
    const before = await states(db).findOneAndUpdate(
      { _id, $or: [{ checking: { $exists: false } }, { "checking.heard": { $lt: check.heardSince } }] },
      { $set: { checking: { id: check.id, heard: check.now } } },
      { upsert: true },
    );
    return before ?? { _id };
  } catch (error) {
    // There is a state that the filter passed by: somebody else is checking.
    if (isDuplicateKey(error)) return null;
    throw error;
  }
}

/** Says that a check goes on; false when it was given up for dead, and another one has taken over. */
export async function hearOfCheck(db: Database, id: string, now: Date): Promise<boolean> {
  const heard = await states(db).updateOne({ _id, "checking.id": id }, { $set: { "checking.heard": now } });
  return heard.matchedCount === 1;
}

/** Ends a check with what it came to; changes nothing, and gives false, when another one has taken over. */
export async function endCheck(db: Database, id: string, result: CheckResult): Promise<boolean> {
  const ended = await states(db).updateOne(
    { _id, "checking.id": id },
    { $set: result, $unset: { checking: true } },
  );
  return ended.matchedCount === 1;
}

/** Ends a check that has failed: the last light stays, and the next check need not wait for this one. */
export async function abandonCheck(db: Database, id: string): Promise<void> {
  await states(db).updateOne({ _id, "checking.id": id }, { $unset: { checking: true } });
}
