import {
  abandoned_ms,
  type Decline,
  type DeclineEvent,
  type Declines,
  nextDue,
  type Outcome,
  reduceDeclines,
  toKept,
} from "./declines.ts";
import type { KeptDeclines } from "./kept-declines.ts";

/** What an outbox needs of the world around it. */
export interface OutboxWorld {
  now(): number;
  /** A number from 0 to 1. */
  chance(): number;
  /** Sends one decline. With `keepalive`, in a way that outlives the page. Never rejects. */
  send(goalId: string, keepalive: boolean): Promise<Outcome>;
  /** Does something while no other page does it for the same goal; `busy` when another page is at it. */
  exclusively(goalId: string, act: () => Promise<Outcome>): Promise<Outcome>;
  /** Null where nothing can be kept. */
  readonly kept: KeptDeclines | null;
}

/** The declines of one account on this page, and what makes them go out. */
export interface Outbox {
  readonly declines: () => Declines;
  /** Calls `changed` when the declines have changed, until the answer is called. */
  readonly watch: (changed: () => void) => () => void;
  /** Calls `settled` whenever the server has spoken for good, until the answer is called. */
  readonly whenSettled: (settled: () => void) => () => void;
  /** Begins, with what earlier visits have left behind; the answer ends all waiting, and what is kept stays kept. */
  start(): () => void;
  dispatch(event: DeclineEvent): void;
  /** Takes on what other pages have left behind. */
  readonly adopt: () => void;
  /** Sends at once, in a way that outlives the page, what is in its grace. */
  readonly leave: () => void;
  /** There is hope again: sends at once what waits. */
  readonly hurry: () => void;
}

/** Makes an outbox. Nothing happens in it before the first call. */
export function createOutbox(world: OutboxWorld): Outbox {
  let declines: Declines = new Map();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  const watchers = new Set<() => void>();
  const settlers = new Set<() => void>();

  function dispatch(event: DeclineEvent): void {
    const before = declines;
    declines = reduceDeclines(before, event);
    if (declines !== before) {
      for (const goalId of new Set([...before.keys(), ...declines.keys()]))
        follow(before.get(goalId), declines.get(goalId), event.kind === "leave");
      for (const changed of watchers) changed();
    }
    schedule();
  }

  /** Does what a change of one decline asks for. */
  function follow(before: Decline | undefined, after: Decline | undefined, leaving: boolean): void {
    if (before === after) return;
    const kept = after === undefined ? null : toKept(after);
    if (before !== undefined && kept === null) world.kept?.remove(before.goal_id);
    // What another page has left is in its keeping already; writing it again might undo that page's removing it.
    else if (kept !== null && after !== undefined && isNews(before, after)) world.kept?.put(kept);
    if (after?.phase === "sending" && before?.phase !== "sending") void transmit(after.goal_id, leaving);
  }

  const isNews = (before: Decline | undefined, after: Decline): boolean =>
    after.phase === "grace" ||
    (after.phase === "waiting" && after.problem !== null) ||
    (after.phase === "sending" && before?.until !== after.until);

  async function transmit(goal_id: string, leaving: boolean): Promise<void> {
    const outcome = leaving
      ? await world.send(goal_id, true)
      : await world.exclusively(goal_id, async () =>
          world.kept === null || world.kept.has(goal_id)
            ? await world.send(goal_id, false)
            : { kind: "settled" },
        );
    dispatch({ kind: "answer", goal_id, outcome, now: world.now(), chance: world.chance() });
    const phase = declines.get(goal_id)?.phase;
    if (phase !== "waiting" && phase !== "sending") for (const settled of settlers) settled();
  }

  function schedule(): void {
    clearTimeout(timer);
    if (!running) return;
    const others = (world.kept?.all() ?? []).filter(({ goal_id }) => !declines.has(goal_id));
    const due = nextDue(declines);
    const times = [...(due === null ? [] : [due]), ...others.map(({ until }) => until + abandoned_ms)];
    if (times.length === 0) return;
    timer = setTimeout(
      () => {
        adopt();
        dispatch({ kind: "tick", now: world.now() });
      },
      Math.max(0, Math.min(...times) - world.now()),
    );
  }

  function adopt(): void {
    if (world.kept === null) return schedule();
    dispatch({ kind: "kept", kept: world.kept.all(), now: world.now() });
  }

  function hurry(): void {
    adopt();
    dispatch({ kind: "hurry", now: world.now() });
    dispatch({ kind: "tick", now: world.now() });
  }

  return {
    declines: () => declines,
    watch(changed) {
      watchers.add(changed);
      return () => void watchers.delete(changed);
    },
    dispatch,
    adopt,
    leave: () => dispatch({ kind: "leave", now: world.now() }),
    hurry,
    whenSettled(settled) {
      settlers.add(settled);
      return () => void settlers.delete(settled);
    },
    start() {
      running = true;
      hurry();
      return () => {
        running = false;
        clearTimeout(timer);
      };
    },
  };
}
