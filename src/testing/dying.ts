import type { Database } from "#src/server/data/database.ts";
import type { Services } from "#src/server/services.ts";

/** Services of a process that dies: nothing that it would do from then on is done. */
export interface Dying {
  readonly services: Services;
  /** Whether it came to that. */
  died(): boolean;
  /** The ids of the events that it still sent. */
  readonly sent: readonly string[];
}

/**
 * The services, for so many operations on the database, Inngest and Pusher; then the process is as good as dead, since
 * every further one throws undone. Running through all numbers kills it between any two.
 */
export function dying(services: Services, operations: number): Dying {
  let left = operations;
  let dead = false;
  const sent: string[] = [];
  const step = () => {
    dead ||= left-- <= 0;
    if (dead) throw new Error("The process has died.");
  };
  const { prisma, driver } = services.db;
  const db = {
    prisma: {
      raw: prisma.raw,
      runtime: async () => {
        step();
        return await prisma.runtime();
      },
    },
    driver: {
      collection(name: string) {
        step();
        return driver.collection(name);
      },
    },
  } as unknown as Database;
  const inngest = {
    async send(events: Parameters<Services["inngest"]["send"]>[0]) {
      step();
      const answer = await services.inngest.send(events);
      sent.push(...[events].flat().map(({ id }) => id ?? ""));
      return answer;
    },
  } as unknown as Services["inngest"];
  const live: Services["live"] = {
    ...services.live,
    hint: async (...message) => {
      step();
      await services.live.hint(...message);
    },
    endConnections: async (userId) => {
      step();
      await services.live.endConnections(userId);
    },
  };
  return {
    services: { ...services, db, inngest, live, news: { ...services.news, tell: () => undefined } },
    died: () => dead,
    sent,
  };
}
