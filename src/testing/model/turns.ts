import { AsyncLocalStorage } from "node:async_hooks";

/** What becomes of an operation when its turn comes: it is done; it is not done; or it is done, and its answer is lost. */
export type Fate = "done" | "refused" | "unanswered";

/** Whoever does something side by side with others: a request that is served, or a run of a function. */
export interface Actor {
  readonly name: string;
  isDead: boolean;
  /** Called once, when it dies before its end. */
  readonly died: () => void;
}

interface Waiting {
  readonly actor: Actor;
  readonly go: (fate: Fate) => Promise<void>;
}

/**
 * Lets everything that is under way wait before each of its operations, and take turns. What is drawn decides whose
 * turn it is: the same draws give the same order, however fast the machine is, so that a race can be replayed.
 */
export interface Turns {
  /** Begins something. It goes on by turns, until its end or its death. */
  begin(name: string, act: () => Promise<void>, died?: () => void): Actor;
  /** Does the operation once it is the actor's turn. Whoever is no actor, which is the test itself, need not wait. */
  take<T>(operation: () => Promise<T>): Promise<T>;
  /** One operation of one of those who wait. False when nobody waits any more. */
  next(): Promise<boolean>;
  /** As many as that, or until nobody waits. */
  some(turns: number): Promise<void>;
  /** Until nobody waits any more. */
  all(): Promise<void>;
  /** The turn of the n-th of those who wait, now, and with this fate. False when nobody waits. */
  afflict(n: number, fate: Fate): Promise<boolean>;
  /** It does nothing any more, at whichever operation it was. */
  kill(actor: Actor): void;
  /** The n-th of those who wait dies; without a number all of them do, as when their process is killed. */
  killWaiting(n?: number): void;
}

/** More turns than anything could ever take: beyond them it goes round in circles. */
const most = 50_000;

/** Lets all that can go on by itself come to its next operation. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Opens them. `draws` are taken round and round; without any, whoever has waited longest has its turn. */
export function openTurns(draws: readonly number[]): Turns {
  const current = new AsyncLocalStorage<Actor>();
  let waiting: Waiting[] = [];
  let taken = 0;

  const turnOf = async (place: number, fate: Fate) => {
    const [chosen] = waiting.splice(place, 1);
    await chosen?.go(fate);
    await settled();
  };
  const kill = (actor: Actor) => {
    if (actor.isDead) return;
    actor.isDead = true;
    waiting = waiting.filter((one) => one.actor !== actor);
    actor.died();
  };
  const turns: Turns = {
    begin(name, act, died = () => undefined) {
      const actor: Actor = { name, isDead: false, died };
      current.run(actor, () => void act().catch(() => undefined));
      return actor;
    },
    take<T>(operation: () => Promise<T>): Promise<T> {
      const actor = current.getStore();
      if (actor === undefined) return operation();
      return new Promise<T>((resolve, reject) => {
        if (actor.isDead) return;
        const go = async (fate: Fate) => {
          try {
            if (fate === "refused") throw new Error("The service refused.");
            const result = await operation();
            if (fate === "unanswered") throw new Error("The service did not answer.");
            resolve(result);
          } catch (error) {
            reject(error as Error);
          }
        };
        waiting.push({ actor, go });
      });
    },
    async next() {
      await settled();
      if (waiting.length === 0) return false;
      const draw = draws[taken++ % draws.length] ?? 0;
      await turnOf(draw % waiting.length, "done");
      return true;
    },
    async some(count) {
      for (let n = 0; n < count && (await turns.next()); n++);
    },
    async all() {
      await turns.some(most);
      if (await turns.next()) throw new Error(`After ${most} turns there is no rest.`);
    },
    async afflict(n, fate) {
      await settled();
      if (waiting.length === 0) return false;
      await turnOf(n % waiting.length, fate);
      return true;
    },
    kill,
    killWaiting(n) {
      const chosen = n === undefined ? waiting : waiting.slice(n % Math.max(1, waiting.length)).slice(0, 1);
      for (const actor of new Set(chosen.map((one) => one.actor))) kill(actor);
    },
  };
  return turns;
}
