import { AsyncLocalStorage } from "node:async_hooks";

/**
 * What may befall an operation when its turn comes: it is not done; it is done, and its answer is lost; or whoever wants it
 * dies before it.
 */
type Fate = "refused" | "unanswered" | "dies";

/** What is to befall the next who is of this name, once so many of its operations have been done. */
export interface Fault {
  readonly name: string;
  readonly after: number;
  readonly fate: Fate;
}

/** Whoever does something side by side with others: a request that is served, or a run of a function. */
export interface Actor {
  readonly name: string;
  isDead: boolean;
  /** How many of its operations were done. */
  done: number;
  /** Called once, when it dies before its end. */
  readonly died: () => void;
}

interface Waiting {
  readonly actor: Actor;
  readonly go: (fate: Fate | undefined) => Promise<void>;
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
  /** Arms a fault, which befalls one operation. */
  arm(fault: Fault): void;
  /** It does nothing any more, at whichever operation it was. */
  kill(actor: Actor): void;
  /** All who wait die, as when their process is killed. */
  killAll(): void;
}

/** More turns than anything could ever take: beyond them it goes round in circles. */
const most = 50_000;

/** Lets all that can go on by itself come to its next operation. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Opens them. `draws` are taken round and round; without any, whoever has waited longest has its turn. */
export function openTurns(draws: readonly number[]): Turns {
  const current = new AsyncLocalStorage<Actor>();
  let waiting: Waiting[] = [];
  const armed: Fault[] = [];
  let taken = 0;

  const faultOf = ({ name, done }: Actor): Fate | undefined => {
    const at = armed.findIndex((fault) => fault.name === name && fault.after === done);
    return at < 0 ? undefined : armed.splice(at, 1)[0]?.fate;
  };
  const kill = (actor: Actor) => {
    if (actor.isDead) return;
    actor.isDead = true;
    waiting = waiting.filter((one) => one.actor !== actor);
    actor.died();
  };
  const turns: Turns = {
    begin(name, act, died = () => undefined) {
      const actor: Actor = { name, isDead: false, done: 0, died };
      current.run(actor, () => void act().catch(() => undefined));
      return actor;
    },
    take<T>(operation: () => Promise<T>): Promise<T> {
      const actor = current.getStore();
      if (actor === undefined) return operation();
      return new Promise<T>((resolve, reject) => {
        if (actor.isDead) return;
        const go = async (fate: Fate | undefined) => {
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
      const [chosen] = waiting.splice(draw % waiting.length, 1);
      if (chosen === undefined) return false;
      const fate = faultOf(chosen.actor);
      chosen.actor.done++;
      if (fate === "dies") kill(chosen.actor);
      else await chosen.go(fate);
      await settled();
      return true;
    },
    async some(count) {
      for (let n = 0; n < count && (await turns.next()); n++);
    },
    async all() {
      await turns.some(most);
      if (await turns.next()) throw new Error(`After ${most} turns there is no rest.`);
    },
    arm: (fault) => void armed.push(fault),
    kill,
    killAll() {
      for (const actor of new Set(waiting.map((one) => one.actor))) kill(actor);
    },
  };
  return turns;
}
