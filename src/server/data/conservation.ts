import type { Breach, KindBalances } from "#src/domain/conservation.ts";
import type { Database } from "./database.ts";

/** What the last check of the ledger came to, and the one under way. Times that are absent have not been. */
export interface ConservationDocument {
  _id: "conservation";
  light?: "green" | "red";
  checked?: Date;
  checked_whole?: Date;
  /** The check under way, by an id of its own; one that is not heard of for a while has died. */
  checking?: { id: string; heard: Date };
  /** Up to when all transfers have been looked at. */
  watermark?: Date;
  transfers?: number;
  balances?: KindBalances;
  /** The first hundred. */
  breaches?: readonly Breach[];
  breach_count?: number;
}

const id = "conservation";
const states = ({ driver }: Database) => driver.collection<ConservationDocument>("console_state");

export const findConservation = (db: Database): Promise<ConservationDocument | null> =>
  states(db).findOne({ _id: id });
