import type { GoalOutcome } from "#src/contract/console.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { type ReceiverId, receiverIds, type ReceiverStatus } from "#src/contract/receivers.ts";
import { type GoalFacts, goalState } from "./goal.ts";
import {
  escrowAccount,
  refundDueAt,
  type RefundState,
  refundState,
  resolutionOf,
  type Transfer,
} from "./ledger.ts";

/** What a summary needs to know of a goal beyond what decisions do. Times are milliseconds since the epoch. */
export interface SummaryGoal extends GoalFacts {
  readonly goalId: string;
  readonly created: number;
}

/** What one receiver's run came to. `attempt` counts from 0; times are milliseconds since the epoch. */
export interface RunFacts {
  readonly receiver: ReceiverId;
  readonly eventId: string;
  readonly status: ReceiverStatus;
  readonly attempt: number;
  readonly started: number;
  readonly finished: number | null;
  readonly reason: string | null;
  readonly error: string | null;
}

/** A receiver's latest run, and how many it had. */
export interface Effect extends RunFacts {
  readonly runs: number;
}

/** What is wrong with a goal; also with `:<receiver>`. */
const kinds = ["any", "failed", "late"] as const;
type TroubleKind = (typeof kinds)[number];
export type Trouble = TroubleKind | `${TroubleKind}:${ReceiverId}`;

/** A goal as the console's lists ask for it. Times are milliseconds since the epoch, amounts whole minor units. */
export interface Summary {
  readonly state: "pending" | "ended";
  readonly outcome: GoalOutcome | null;
  readonly ended: number | null;
  readonly amount: number;
  readonly currency: string;
  readonly refund: RefundState;
  readonly refundDue: number | null;
  readonly resolved: number | null;
  readonly heldBack: boolean;
  readonly effects: ReadonlyMap<ReceiverId, Effect>;
  readonly trouble: readonly Trouble[];
  readonly settled_ms: number | null;
  readonly refund_ms: number | null;
  readonly checkAt: number | null;
}

/** A receiver that has not settled this long after the goal's end is late; the refund's, after the refund is due. */
export const late_ms = 60_000;

/** How often a goal whose receivers have not all settled is looked at, whatever is heard of it. */
const lookAgain_ms = 3_600_000;

const isSettled = (run: RunFacts | undefined) => run?.status === "done" || run?.status === "returned";

/** What a goal, every run about it and every transfer of its escrow come to at `now`. */
export function summarise(
  goal: SummaryGoal,
  runs: readonly RunFacts[],
  transfers: readonly Transfer[],
  held: boolean,
  { now, refundDelay_s }: { readonly now: number; readonly refundDelay_s: number },
): Summary {
  const escrowId = escrowIdOf(goal.goalId);
  const holds = transfers.filter(({ credit }) => credit === escrowAccount(escrowId));
  const resolution = resolutionOf(transfers, escrowId);
  const state = goalState(goal, now);
  const outcome = state === "pending" ? null : state;
  const ended = outcome === null ? null : endOf(goal);
  const signalled = goal.deactivated?.at ?? null;
  const refund = refundState(transfers, escrowId, signalled !== null);
  const refundDue = signalled === null ? null : refundDueAt(goal.exp, refundDelay_s);
  const heldBack = held && resolution === undefined;
  const effects = effectsOf(runs);

  /** When each receiver that has not settled becomes late; never one whose refund is held back. */
  const open =
    signalled === null
      ? []
      : receiverIds
          .filter((receiver) => !isSettled(effects.get(receiver)))
          .map((receiver) => ({ receiver, lateAt: lateAtOf(receiver) }));
  function lateAtOf(receiver: ReceiverId): number {
    if (receiver !== "trigger_exclusive_goal_escrow_refund") return (signalled ?? 0) + late_ms;
    return heldBack ? Infinity : Math.max(signalled ?? 0, refundDue ?? 0) + late_ms;
  }
  const failed = open.filter(({ receiver }) => effects.get(receiver)?.status === "failed");
  const unsettled = open.filter(({ receiver }) => effects.get(receiver)?.status !== "failed");
  const late = unsettled.filter(({ lateAt }) => lateAt <= now);

  return {
    state: outcome === null ? "pending" : "ended",
    outcome,
    ended,
    amount: holds.reduce((sum, { amount }) => sum + amount, 0),
    currency: holds[0]?.currency ?? "USD",
    refund,
    refundDue,
    resolved: resolution?.at ?? null,
    heldBack,
    effects,
    trouble: troubleOf(
      failed.map(({ receiver }) => receiver),
      late.map(({ receiver }) => receiver),
    ),
    settled_ms: signalled === null ? null : settledAfter(runs, signalled),
    refund_ms:
      refund === "refunded" && ended !== null && resolution !== undefined
        ? Math.max(0, resolution.at - ended)
        : null,
    checkAt: earliest([
      outcome === null ? goal.exp : null,
      isBeingMade(goal, now) ? goal.created + late_ms : null,
      ...unsettled.map(({ lateAt }) => (lateAt > now && lateAt < Infinity ? lateAt : null)),
      unsettled.length > 0 && signalled !== null ? nextLook(signalled, now) : null,
    ]),
  };
}

/** When a goal that is no longer pending ended; one that never became active, with its beginning. */
function endOf(goal: SummaryGoal): number {
  const written = goal.agreedAt ?? goal.deactivated?.at;
  return written ?? (goal.active ? goal.exp : goal.created);
}

/** A goal is written before it is active: whoever reads it in between sees it as over, and must look again. */
const isBeingMade = (goal: SummaryGoal, now: number) =>
  !goal.active && goal.agreedAt === null && goal.deactivated === null && now < goal.created + late_ms;

/** The latest run of each receiver. */
function effectsOf(runs: readonly RunFacts[]): ReadonlyMap<ReceiverId, Effect> {
  const byReceiver = Map.groupBy(runs, ({ receiver }) => receiver);
  return new Map(
    [...byReceiver].flatMap(([receiver, own]) => {
      const latest = own.toSorted((a, b) => b.started - a.started || compare(b.eventId, a.eventId))[0];
      return latest === undefined ? [] : [[receiver, { ...latest, runs: own.length }] as const];
    }),
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function troubleOf(failed: readonly ReceiverId[], late: readonly ReceiverId[]): Trouble[] {
  const of = (kind: TroubleKind, receivers: readonly ReceiverId[]): Trouble[] =>
    receivers.length === 0 ? [] : [kind, ...receivers.map((receiver): Trouble => `${kind}:${receiver}`)];
  return [...of("any", [...failed, ...late]), ...of("failed", failed), ...of("late", late)];
}

/** From the end to when the last receiver had first done its work, in milliseconds: repeating it later changes nothing. */
function settledAfter(runs: readonly RunFacts[], ended: number): number | null {
  const ends = receiverIds.map((receiver) =>
    earliest(runs.filter((run) => run.receiver === receiver && isSettled(run)).map((run) => run.finished)),
  );
  const known = ends.filter((end) => end !== null);
  return known.length < receiverIds.length ? null : Math.max(0, Math.max(...known) - ended);
}

/** The next of the regular looks at a goal that has ended then. */
const nextLook = (ended: number, now: number) =>
  ended + (Math.floor(Math.max(0, now - ended) / lookAgain_ms) + 1) * lookAgain_ms;

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
