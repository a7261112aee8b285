import { type ClientProblem, isPassing } from "../api/problem.ts";

/** How long a decline can be taken back before it is sent. */
export const grace_ms = 5_000;
/** How long after its grace a decline counts as left behind by the page that it was made on. */
export const abandoned_ms = 2_000;
const firstRetry_ms = 1_000;
const lastRetry_ms = 60_000;

/**
 * One decline, from the click to the server's word. Times are milliseconds since the epoch.
 * - `grace`: not sent yet; may be taken back until `until`.
 * - `sending`: on its way.
 * - `waiting`: could not be sent; goes out again at `retry_at`.
 * - `accepted`: the server has taken it; it is over when a reading no longer shows the invitation.
 * - `refused`: the server said no for good; the invitation is as it was.
 */
export type Decline = {
  readonly goal_id: string;
  /** The viewer's name, for the time when the invitation is no longer in the page. */
  readonly name: string;
  readonly until: number;
  /** How many times it was sent in vain. */
  readonly attempts: number;
} & (
  | { readonly phase: "grace" | "sending" | "accepted" }
  | { readonly phase: "waiting"; readonly retry_at: number; readonly problem: ClientProblem | null }
  | { readonly phase: "refused"; readonly problem: ClientProblem }
);

/** A decline as the browser keeps it until the server has answered, for this page and for the next visit. */
export interface KeptDecline {
  readonly goal_id: string;
  readonly name: string;
  readonly until: number;
  readonly attempts: number;
  /** Not before this time does another page send it. */
  readonly retry_at: number;
}

/** What came of sending one. */
export type Outcome =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly problem: ClientProblem; readonly retryAfter_ms: number | null }
  /** Another page is sending it just now. */
  | { readonly kind: "busy" }
  /** Another page has brought it to its end. */
  | { readonly kind: "settled" };

export type DeclineEvent =
  | { readonly kind: "decline"; readonly goal_id: string; readonly name: string; readonly now: number }
  | { readonly kind: "undo"; readonly goal_id: string; readonly now: number }
  /** Time has passed. */
  | { readonly kind: "tick"; readonly now: number }
  /** The page is being left: nothing may wait for the end of its grace. */
  | { readonly kind: "leave"; readonly now: number }
  /** There is hope again: the network is back, or the person asks. */
  | { readonly kind: "hurry"; readonly now: number }
  | {
      readonly kind: "answer";
      readonly goal_id: string;
      readonly outcome: Outcome;
      readonly now: number;
      /** Between 0 and 1, so that not all pages come back at once. */
      readonly chance: number;
    }
  /** What the browser keeps, as another page has left it. */
  | { readonly kind: "kept"; readonly kept: readonly KeptDecline[]; readonly now: number }
  /** A reading has come, with these invitations still waiting, and these that gave way to something else. */
  | {
      readonly kind: "read";
      readonly pending: ReadonlySet<string>;
      readonly gaveWay: ReadonlySet<string>;
    }
  | { readonly kind: "dismiss"; readonly goal_id: string };

/** All declines of a page, by goal. */
export type Declines = ReadonlyMap<string, Decline>;

/** Whether the same decline may succeed later: it is kept then, and sent again. */
const mayPass = (problem: ClientProblem): boolean =>
  problem === "rate_limited" ||
  problem === "unauthenticated" ||
  (problem !== "internal_error" && isPassing(problem));

/** When the next attempt is made after `attempts` vain ones: doubling, up to a minute, spread by a quarter. */
export const backOff_ms = (attempts: number, chance: number): number =>
  Math.min(lastRetry_ms, firstRetry_ms * 2 ** Math.max(0, attempts - 1)) * (0.75 + chance / 4);

/** The next state of all declines. Nothing that happens is an error: what does not fit changes nothing. */
export function reduceDeclines(all: Declines, event: DeclineEvent): Declines {
  switch (event.kind) {
    case "decline": {
      const known = all.get(event.goal_id);
      if (known !== undefined && known.phase !== "refused") return all;
      const { goal_id, name, now } = event;
      return withOne(all, { goal_id, name, until: now + grace_ms, attempts: 0, phase: "grace" });
    }
    case "undo": {
      const known = all.get(event.goal_id);
      // A page that slept may be late: what is due is as good as sent.
      return known?.phase === "grace" && event.now < known.until ? without(all, event.goal_id) : all;
    }
    case "tick":
      return mapped(all, (one) =>
        (one.phase === "grace" && one.until <= event.now) ||
        (one.phase === "waiting" && one.retry_at <= event.now)
          ? send(one)
          : one,
      );
    case "leave":
      return mapped(all, (one) =>
        one.phase === "grace" ? send({ ...one, until: Math.min(one.until, event.now) }) : one,
      );
    case "hurry":
      return mapped(all, (one) =>
        // Who is asked to slow down does.
        one.phase === "waiting" && one.problem !== "rate_limited" && one.retry_at > event.now
          ? { ...one, retry_at: event.now }
          : one,
      );
    case "answer":
      return answered(all, event);
    case "kept":
      return adopted(all, event.kept, event.now);
    case "read": {
      const over = [...all.values()].filter(({ goal_id, phase }) =>
        // What gave way, mostly to another decline of the same minute, is gone as it was meant to be.
        phase === "accepted"
          ? !event.pending.has(goal_id)
          : phase !== "sending" && event.gaveWay.has(goal_id),
      );
      return over.reduce<Declines>((rest, { goal_id }) => without(rest, goal_id), all);
    }
    case "dismiss":
      return all.get(event.goal_id)?.phase === "refused" ? without(all, event.goal_id) : all;
  }
}

function answered(
  all: Declines,
  { goal_id, outcome, now, chance }: Extract<DeclineEvent, { kind: "answer" }>,
): Declines {
  const one = all.get(goal_id);
  if (one?.phase !== "sending") return all;
  const { name, until, attempts } = one;
  const same = { goal_id, name, until };
  switch (outcome.kind) {
    case "accepted":
      return withOne(all, { ...same, attempts, phase: "accepted" });
    case "settled":
      return without(all, goal_id);
    case "busy":
      return withOne(all, {
        ...same,
        attempts,
        phase: "waiting",
        problem: null,
        retry_at: now + firstRetry_ms,
      });
    case "refused": {
      const { problem, retryAfter_ms } = outcome;
      if (!mayPass(problem)) return withOne(all, { ...same, attempts, phase: "refused", problem });
      const wait_ms = Math.max(backOff_ms(attempts + 1, chance), retryAfter_ms ?? 0);
      return withOne(all, {
        ...same,
        attempts: attempts + 1,
        phase: "waiting",
        problem,
        retry_at: now + wait_ms,
      });
    }
  }
}

/** Takes on what other pages have left behind, and lets go of what they have brought to its end. */
function adopted(all: Declines, kept: readonly KeptDecline[], now: number): Declines {
  const stillKept = new Set(kept.map(({ goal_id }) => goal_id));
  const settled = [...all.values()].filter(
    ({ goal_id, phase }) => phase === "waiting" && !stillKept.has(goal_id),
  );
  const rest = settled.reduce<Declines>((left, { goal_id }) => without(left, goal_id), all);
  return kept
    .filter(({ goal_id, until }) => !rest.has(goal_id) && until + abandoned_ms <= now)
    .reduce<Declines>(
      (left, { goal_id, name, until, attempts, retry_at }) =>
        withOne(left, { goal_id, name, until, attempts, phase: "waiting", problem: null, retry_at }),
      rest,
    );
}

/** When something is due by itself, in milliseconds since the epoch; null when nothing is. */
export function nextDue(all: Declines): number | null {
  const times = [...all.values()].flatMap((one) => {
    if (one.phase === "grace") return [one.until];
    return one.phase === "waiting" ? [one.retry_at] : [];
  });
  return times.length === 0 ? null : Math.min(...times);
}

/** How the browser keeps a decline; null for one that needs no keeping. */
export function toKept(one: Decline): KeptDecline | null {
  const { goal_id, name, until, attempts } = one;
  switch (one.phase) {
    case "grace":
    case "sending":
      return { goal_id, name, until, attempts, retry_at: until };
    case "waiting":
      return { goal_id, name, until, attempts, retry_at: one.retry_at };
    case "accepted":
    case "refused":
      return null;
  }
}

const send = ({ goal_id, name, until, attempts }: Decline): Decline => ({
  goal_id,
  name,
  until,
  attempts,
  phase: "sending",
});

const withOne = (all: Declines, one: Decline): Declines => new Map(all).set(one.goal_id, one);

function without(all: Declines, goalId: string): Declines {
  const rest = new Map(all);
  rest.delete(goalId);
  return rest;
}

/** The same map where nothing has changed, so that nobody draws again for nothing. */
function mapped(all: Declines, change: (one: Decline) => Decline): Declines {
  const next = new Map([...all].map(([goalId, one]) => [goalId, change(one)] as const));
  return [...next].some(([goalId, one]) => all.get(goalId) !== one) ? next : all;
}
