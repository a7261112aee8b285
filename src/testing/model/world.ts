import { functions } from "#inngest/index.ts";
import type { Database } from "#src/server/data/database.ts";
import type { Services } from "#src/server/services.ts";
import { openQueue, type Queue } from "./queue.ts";
import { openTurns, type Turns } from "./turns.ts";

/** Where the product is at work, and where what happens to it can be made to happen. */
export interface World {
  readonly services: Services;
  /** The services of whoever asks for something next. */
  asking(): Services;
  readonly turns: Pick<Turns, "begin" | "some" | "all" | "arm" | "killAll">;
  readonly queue: Pick<Queue, "events" | "failures" | "tick" | "redeliver" | "lose">;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Lets time pass, and wakes whoever has waited for it. Gives by how much invitations run out sooner instead. */
  pass(ms: number): Promise<number>;
}

const hour_ms = 3_600_000;
/** What of the driver asks the database; everything else only says how. */
const asking = new Set<string | symbol>(
  (
    "insertOne insertMany updateOne updateMany deleteOne deleteMany bulkWrite findOne findOneAndUpdate " +
    "findOneAndReplace findOneAndDelete countDocuments toArray"
  ).split(" "),
);

/** A collection or a cursor of the driver, of which every question waits for its turn. */
const byTurns = <T extends object>(turns: Turns, target: T): T =>
  new Proxy(target, {
    get(object, key) {
      const member: unknown = Reflect.get(object, key);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        const call = (): unknown => Reflect.apply(member, object, args);
        if (asking.has(key)) return turns.take(async () => await call());
        const answer = call();
        return typeof answer === "object" && answer !== null ? byTurns(turns, answer) : answer;
      };
    },
  });

const databaseByTurns = (turns: Turns, { prisma, driver }: Database): Database =>
  ({
    prisma: {
      raw: prisma.raw,
      async runtime() {
        const runtime = await prisma.runtime();
        type Plan = Parameters<typeof runtime.query>[0];
        return { query: (plan: Plan) => turns.take(async () => await runtime.query(plan)) };
      },
    },
    driver: { collection: (name: string) => byTurns(turns, driver.collection(name)) },
  }) as unknown as Database;

/** Everything that a run may leave behind. */
const collections = (
  "goals sessions user ledger_transfers receiver_runs goal_tracks deactivation_runs audit_log refund_holds " +
  "stragglers reconciliation view_cache"
).split(" ");

/** Forgets whatever earlier runs have left in this database. */
export async function empty({ driver }: Database): Promise<void> {
  for (const name of collections) await driver.collection(name).deleteMany({});
}

/**
 * Makes a small world over the database of these services, which is emptied: the order of all things is drawn. The clock begins at a full hour to come, and goes on
 * by a millisecond whenever it is read. `draws` decide the order of all things (see `openTurns`).
 */
export async function makeWorld(real: Services, draws: readonly number[]): Promise<World> {
  await empty(real.db);
  const turns = openTurns(draws);
  let time = Math.ceil(Date.now() / hour_ms) * hour_ms;
  const queue = openQueue(turns, () => time);
  const said = () => turns.take(async () => undefined);
  const services: Services = {
    ...real,
    clock: () => new Date(time++),
    db: databaseByTurns(turns, real.db),
    inngest: queue.client as Services["inngest"],
    live: {
      ...real.live,
      goalEnded: said,
      hint: said,
      hintPairs: said,
      hintModerators: said,
      endConnections: said,
    },
    news: { ...real.news, tell: () => undefined },
    settings: { ...real.settings, REFUND_DELAY_SECONDS: 120 },
  };
  functions(services);
  return {
    services,
    asking: () => services,
    turns,
    queue,
    now: () => time,
    async pass(ms) {
      time += ms;
      queue.wake();
      return 0;
    },
  };
}
