import type { Money } from "#src/contract/console.ts";
import type { Caller } from "#src/contract/roles.ts";
import type { Services } from "../../services.ts";
import { comingSoon } from "./coming.ts";

/** Something that must never be, with the ids by which to find it. Amounts are whole minor units. */
export interface Breach {
  readonly kind: "overdrawn" | "late" | "left_behind" | "malformed" | "sums_differ";
  readonly escrow_id: string | null;
  readonly goal_id: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly since: string | null;
}

/** The conservation light: whether all money is where it belongs, as of the last check. */
export interface Conservation {
  readonly light: "green" | "red" | "unknown";
  readonly checked: string | null;
  /** When the whole ledger was last gone through, not only what is new. */
  readonly checked_whole: string | null;
  readonly checking: boolean;
  readonly transfers: number;
  /** The balances by kind of account, at the last check of the whole ledger. */
  readonly balances: Readonly<Record<"viewers" | "escrows" | "streamers", readonly Money[]>>;
  readonly breaches: readonly Breach[];
  /** How many there are; `breaches` lists the first hundred. */
  readonly breach_count: number;
}

export async function conservation(services: Services): Promise<Conservation> {
  return comingSoon(services);
}

/** Has the whole ledger checked now; the light changes when it is through. */
export async function requestCheck(
  services: Services,
  caller: Caller,
  request: { reason: string; requestId: string },
): Promise<{ readonly audit_id: string }> {
  return comingSoon(services, caller, request);
}
