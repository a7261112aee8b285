import type { Money } from "#src/contract/console.ts";
import { goalIdOfEscrow } from "#src/contract/ids.ts";
import type { GoalFacts } from "./goal.ts";
import {
  decideRefund,
  escrowAccount,
  refundDueAt,
  type RefundWindow,
  resolutionId,
  type Transfer,
} from "./ledger.ts";
import { late_ms } from "./summary.ts";

export const breachKinds = ["overdrawn", "late", "left_behind", "malformed", "sums_differ"] as const;

/**
 * Something that must never be, with the ids by which to find it. Amounts are whole minor units, 0 where none can be
 * said; `since` is milliseconds since the epoch.
 */
export interface Breach {
  readonly kind: (typeof breachKinds)[number];
  readonly escrow_id: string | null;
  readonly goal_id: string | null;
  /** The transfer that should not be as it is, where it is one alone. */
  readonly transfer_id: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly since: number | null;
}

/** What is known of the goal of an escrow, when its money is judged. Times are milliseconds since the epoch. */
export interface EscrowGoal extends GoalFacts {
  readonly created: number;
  /** The `insert_id`s of the prepayment; they are in the ledger once `isPrepaid`. */
  readonly insertIds: readonly string[];
  readonly isPrepaid: boolean;
  readonly heldBack: boolean;
  /** When an admin last let the refund go again, after holding it back. */
  readonly letGo: number | null;
  /** Which holds a refund covers; null when the session is gone. */
  readonly window: RefundWindow | null;
}

/** The time by which things are judged, and the dispute window in seconds. */
export interface Judging {
  readonly now: number;
  readonly refundDelay_s: number;
}

/** A goal is made within a moment. One that is not active after this long, and holds money, was given up half made. */
const halfMade_ms = 3_600_000;

const isWhole = (amount: number) => Number.isSafeInteger(amount) && amount > 0;
const isPerson = (account: string) => /^(viewer|streamer):./.test(account);

/** Whether a transfer is none that the project writes: an amount above 0 between its escrow and a person. */
function isMalformed({ debit, credit, amount, currency, escrowId }: Transfer): boolean {
  const escrow = escrowAccount(escrowId);
  const isBetween = (debit === escrow && isPerson(credit)) || (credit === escrow && isPerson(debit));
  return escrowId === "" || currency === "" || !isWhole(amount) || !isBetween;
}

/** What an escrow holds, by currency, in the order in which the currencies first came; amounts that are no numbers count nothing. */
export function escrowBalances(
  escrowId: string,
  transfers: readonly Transfer[],
): ReadonlyMap<string, number> {
  const account = escrowAccount(escrowId);
  const balances = new Map<string, number>();
  for (const { debit, credit, amount, currency } of transfers) {
    if (!Number.isFinite(amount) || (debit !== account && credit !== account)) continue;
    const change = (credit === account ? amount : 0) - (debit === account ? amount : 0);
    balances.set(currency, (balances.get(currency) ?? 0) + change);
  }
  return balances;
}

/** A time as it was written, if it is one. */
const known = (time: number) => (Number.isFinite(time) ? time : null);

/**
 * What is wrong with an escrow by its transfers alone, given all of them: each is well formed, no balance is below
 * zero, and nothing stays once it is resolved.
 */
export function judgeTransfers(escrowId: string, transfers: readonly Transfer[]): Breach[] {
  const of = { escrow_id: escrowId === "" ? null : escrowId, goal_id: goalIdOfEscrow(escrowId) };
  const resolution = transfers.find(({ id }) => id === resolutionId(escrowId));
  const latest = transfers.reduce((last, { at }) => (at > last ? at : last), Number.NEGATIVE_INFINITY);
  const malformed = transfers.filter(isMalformed).map((transfer): Breach => ({
    kind: "malformed",
    ...of,
    transfer_id: transfer.id,
    amount: Number.isFinite(transfer.amount) ? transfer.amount : 0,
    currency: transfer.currency,
    since: known(transfer.at),
  }));
  const unbalanced = [...escrowBalances(escrowId, transfers)].flatMap(([currency, amount]): Breach[] => {
    if (amount < 0) {
      return [{ kind: "overdrawn", ...of, transfer_id: null, amount, currency, since: known(latest) }];
    }
    if (amount === 0 || resolution === undefined) return [];
    return [{ kind: "left_behind", ...of, transfer_id: null, amount, currency, since: known(resolution.at) }];
  });
  return [...malformed, ...unbalanced];
}

/**
 * What is wrong with the escrow of a goal, given all its transfers and the goal, null when there is none. Beyond
 * `judgeTransfers`: it holds no money of no goal, the goal's prepayment is in it, and it is refunded in time.
 */
export function judgeEscrow(
  escrowId: string,
  transfers: readonly Transfer[],
  goal: EscrowGoal | null,
  judging: Judging,
): Breach[] {
  const found = judgeTransfers(escrowId, transfers);
  const goalId = goalIdOfEscrow(escrowId);
  if (goalId === null) return found;
  const of = { escrow_id: escrowId, goal_id: goalId, transfer_id: null };
  const held = [...escrowBalances(escrowId, transfers)].filter(([, amount]) => amount > 0);
  const each = (kind: Breach["kind"], since: number): Breach[] =>
    held.map(([currency, amount]) => ({ kind, ...of, amount, currency, since: known(since) }));

  if (goal === null) return [...found, ...each("sums_differ", transfers[0]?.at ?? Number.NaN)];
  const written = new Set(transfers.map(({ insertId }) => insertId));
  if (goal.isPrepaid && goal.insertIds.some((id) => !written.has(id))) {
    const currency = transfers[0]?.currency ?? "";
    found.push({ kind: "sums_differ", ...of, amount: 0, currency, since: known(goal.created) });
  }
  if (transfers.some(({ id }) => id === resolutionId(escrowId))) return found;
  const overdue = overdueSince(goal, judging);
  if (overdue === null) return found;
  return [...found, ...each(isRefundable(escrowId, transfers, goal) ? "late" : "left_behind", overdue)];
}

/** Since when money of this goal should have left its escrow; null when it may still be there. */
function overdueSince(goal: EscrowGoal, { now, refundDelay_s }: Judging): number | null {
  if (goal.agreedAt !== null || goal.heldBack) return null;
  if (goal.deactivated === null) {
    return !goal.active && now > goal.created + halfMade_ms ? goal.created : null;
  }
  const due = Math.max(refundDueAt(goal.exp, refundDelay_s), goal.deactivated.at, goal.letGo ?? 0);
  return now > due + late_ms ? due : null;
}

/** Whether the refund will take the money once it runs; otherwise only a moderator can say whose it is. */
function isRefundable(escrowId: string, transfers: readonly Transfer[], goal: EscrowGoal): boolean {
  if (goal.deactivated === null) return false;
  return goal.window === null || decideRefund(transfers, escrowId, goal.window).kind === "refund";
}

const kinds = ["viewers", "escrows", "streamers"] as const;
type AccountKind = (typeof kinds)[number];

/** The balances by kind of account. */
export type KindBalances = Readonly<Record<AccountKind, readonly Money[]>>;

/** Sums over transfers by kind of account and currency, as they are added up. */
export type Tally = ReadonlyMap<AccountKind, Map<string, number>>;

export const newTally = (): Tally => new Map(kinds.map((kind) => [kind, new Map<string, number>()]));

/** The kind of an account, for what it is called; undefined for one that must not be. */
const kindOf = (account: string) => kinds.find((kind) => account.startsWith(`${kind.slice(0, -1)}:`));

/** Adds transfers to a tally. */
export function addUp(tally: Tally, transfers: readonly Transfer[]): void {
  for (const { debit, credit, amount, currency } of transfers) {
    if (!Number.isFinite(amount)) continue;
    for (const [account, change] of [
      [debit, -amount],
      [credit, amount],
    ] as const) {
      const kind = kindOf(account);
      const sums = kind && tally.get(kind);
      sums?.set(currency, (sums.get(currency) ?? 0) + change);
    }
  }
}

/** The balances of a tally, by currency. */
export function balancesOf(tally: Tally): KindBalances {
  const of = (kind: AccountKind): Money[] =>
    [...(tally.get(kind) ?? [])]
      .map(([currency, amount]) => ({ currency, amount }))
      .toSorted((a, b) => a.currency.localeCompare(b.currency));
  return { viewers: of("viewers"), escrows: of("escrows"), streamers: of("streamers") };
}

/** Nothing is created or destroyed: over the whole ledger, each currency comes to zero. */
export function judgeSums(balances: KindBalances): Breach[] {
  const totals = new Map<string, number>();
  for (const { currency, amount } of kinds.flatMap((kind) => balances[kind])) {
    totals.set(currency, (totals.get(currency) ?? 0) + amount);
  }
  return [...totals]
    .filter(([, amount]) => amount !== 0)
    .map(([currency, amount]) => ({
      kind: "sums_differ",
      escrow_id: null,
      goal_id: null,
      transfer_id: null,
      amount,
      currency,
      since: null,
    }));
}
