import type { Money } from "#src/contract/console.ts";
import type { Transfer } from "#src/domain/ledger.ts";
import type { Services } from "../../services.ts";
import type { Person } from "../people.ts";
import { comingSoon } from "./coming.ts";
import type { Cursor } from "./goal-list.ts";

export interface AccountView {
  readonly account: string;
  readonly person: Person;
  readonly balances: readonly Money[];
}

/** An escrow that still holds money although its goal has ended. Times are ISO 8601. */
export interface OpenEscrow {
  readonly escrow_id: string;
  readonly goal_id: string;
  readonly amount: number;
  readonly currency: string;
  readonly due: string | null;
  readonly late: boolean;
  readonly held_back: boolean;
}

/** Transfers, the newest first; of one account or one escrow where asked for. */
export async function listTransfers(
  services: Services,
  of: { account?: string | undefined; escrow?: string | undefined },
  after: Cursor | null,
  limit: number,
): Promise<{ readonly transfers: readonly Transfer[]; readonly next: Cursor | null }> {
  return comingSoon(services, of, after, limit);
}

/** Accounts of viewers or streamers with their balances, by name. */
export async function listAccounts(
  services: Services,
  kind: "viewer" | "streamer",
  after: Cursor | null,
  limit: number,
): Promise<{ readonly accounts: readonly AccountView[]; readonly next: Cursor | null }> {
  return comingSoon(services, kind, after, limit);
}

/** Escrows that should be at zero and are not, the longest due first. */
export async function listOpenEscrows(
  services: Services,
  after: Cursor | null,
  limit: number,
): Promise<{ readonly escrows: readonly OpenEscrow[]; readonly next: Cursor | null }> {
  return comingSoon(services, after, limit);
}
