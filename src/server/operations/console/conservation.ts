import { ledgerCheck } from "#src/contract/events.ts";
import type { Caller } from "#src/contract/roles.ts";
import { breachKinds, type Breach as FoundBreach, type KindBalances } from "#src/domain/conservation.ts";
import { findConservation } from "../../data/conservation.ts";
import type { Services } from "../../services.ts";
import { sendConfirmed } from "../send-confirmed.ts";
import { audited } from "./audit.ts";
import { silence_ms } from "./check-conservation.ts";

/**
 * Something that must never be, with the ids by which to find it. Amounts are whole minor units, 0 where none can be
 * said; `since` is ISO 8601.
 */
export interface Breach extends Omit<FoundBreach, "since"> {
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
  readonly balances: KindBalances;
  readonly breaches: readonly Breach[];
  /** How many there are; `breaches` lists the first hundred. */
  readonly breach_count: number;
}

/** A check is made every minute: a light older than this says nothing any more. */
const stale_ms = 3 * 60_000;
const mostShown = 100;

const isFresh = (checked: Date | undefined, now: Date) =>
  checked !== undefined && now.getTime() - checked.getTime() <= stale_ms;

/** The light as of the last check; `unknown` before the first one, and when no check was made for three minutes. */
export async function conservation({ db, clock }: Services): Promise<Conservation> {
  const state = await findConservation(db, mostShown);
  const now = clock();
  return {
    light: isFresh(state?.checked, now) ? (state?.light ?? "unknown") : "unknown",
    checked: state?.checked?.toISOString() ?? null,
    checked_whole: state?.checked_whole?.toISOString() ?? null,
    checking: state?.checking !== undefined && now.getTime() - state.checking.heard.getTime() <= silence_ms,
    transfers: state?.transfers ?? 0,
    balances: state?.balances ?? { viewers: [], escrows: [], streamers: [] },
    breaches: (state?.breaches ?? []).map(({ since, ...breach }) => ({
      ...breach,
      since: since === null ? null : new Date(since).toISOString(),
    })),
    breach_count: state?.breach_count ?? 0,
  };
}

/** Sets the gauge of breaches by the last check, whichever process made it; it has no series while nothing is known. */
export async function gaugeBreaches({ db, clock, metrics, log }: Services): Promise<void> {
  metrics.breaches.reset();
  try {
    const state = await findConservation(db, 0);
    if (!isFresh(state?.checked, clock())) return;
    for (const kind of breachKinds) metrics.breaches.set({ kind }, state?.breach_kinds?.[kind] ?? 0);
  } catch (error) {
    // The other figures of the process are worth having all the same.
    log.warn({ err: error }, "the last check of the ledger was not read");
  }
}

/** Has the whole ledger checked now, audited; the light changes when it is through. Throws `unavailable`. */
export async function requestCheck(
  services: Services,
  caller: Caller,
  request: { reason: string; requestId: string },
): Promise<{ readonly audit_id: string }> {
  const intention = { caller, action: "ledger.check", target: "ledger", ...request } as const;
  const { audit_id } = await audited(services, intention, async (auditId) => {
    const eventId = `ledger.check:${auditId}`;
    await sendConfirmed(services, ledgerCheck.create({ audit_id: auditId }, { id: eventId }));
    return { result: null, after: { event_id: eventId } };
  });
  return { audit_id };
}
