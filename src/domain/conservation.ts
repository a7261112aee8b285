import type { Money } from "#src/contract/console.ts";

/** Something that must never be, with the ids by which to find it. Amounts are whole minor units, `since` is ISO 8601. */
export interface Breach {
  readonly kind: "overdrawn" | "late" | "left_behind" | "malformed" | "sums_differ";
  readonly escrow_id: string | null;
  readonly goal_id: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly since: string | null;
}

/** The balances by kind of account. */
export type KindBalances = Readonly<Record<"viewers" | "escrows" | "streamers", readonly Money[]>>;
