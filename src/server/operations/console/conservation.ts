import type { Caller } from "#src/contract/roles.ts";
import type { Breach, KindBalances } from "#src/domain/conservation.ts";
import { findConservation } from "../../data/conservation.ts";
import type { Services } from "../../services.ts";
import { comingSoon } from "./coming.ts";

export type { Breach } from "#src/domain/conservation.ts";

/** The conservation light: whether all money is where it belongs, as of the last check. */
export interface Conservation {
  readonly light: "green" | "red" | "unknown";
  readonly checked: string | null;
  /** When the whole ledger was last gone through, not only what is new. */
  readonly checked_whole: string | null;
  readonly checking: boolean;
  readonly transfers: number;
  /** The balances by kind of account, at the last check of the whole ledger. */
  readonly balances: KindBalances;
  readonly breaches: readonly Breach[];
  /** How many there are; `breaches` lists the first hundred. */
  readonly breach_count: number;
}

/** A check is made every minute: a light older than this says nothing any more. */
const stale_ms = 3 * 60_000;

/** The light as of the last check; `unknown` before the first one, and when no check was made for three minutes. */
export async function conservation({ db, clock }: Services): Promise<Conservation> {
  const state = await findConservation(db);
  const now = clock().getTime();
  const checked = state?.checked ?? null;
  const isFresh = checked !== null && now - checked.getTime() <= stale_ms;
  return {
    light: isFresh ? (state?.light ?? "unknown") : "unknown",
    checked: checked?.toISOString() ?? null,
    checked_whole: state?.checked_whole?.toISOString() ?? null,
    checking: state?.checking !== undefined && now - state.checking.heard.getTime() <= stale_ms,
    transfers: state?.transfers ?? 0,
    balances: state?.balances ?? { viewers: [], escrows: [], streamers: [] },
    breaches: state?.breaches ?? [],
    breach_count: state?.breach_count ?? 0,
  };
}

/** Has the whole ledger checked now; the light changes when it is through. */
export async function requestCheck(
  services: Services,
  caller: Caller,
  request: { reason: string; requestId: string },
): Promise<{ readonly audit_id: string }> {
  return comingSoon(services, caller, request);
}
