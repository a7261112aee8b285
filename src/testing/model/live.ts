import { setTimeout as wait } from "node:timers/promises";
import { askInngest } from "#src/server/gateways/inngest-api.ts";
import { expireBatch, mendBatch } from "#src/server/operations/expire-goals.ts";
import type { Services } from "#src/server/services.ts";
import { dying } from "#src/testing/dying.ts";
import type { KeptEvent } from "./queue.ts";
import { aRequest } from "./stage.ts";
import { empty, type World } from "./world.ts";

/**
 * Makes a world of the real Inngest and the real clock, over these services and their database, which is emptied. Here
 * the machine decides the order of all things. Whoever dies is the next who asks for something; time passes for
 * invitations, which run out sooner; what a real queue does not do, come again or be lost, does not happen.
 */
export async function makeLiveWorld(services: Services): Promise<World> {
  await empty(services.db);
  let events: KeptEvent[] = [];
  let requests: Promise<void>[] = [];
  let diesAfter: number | undefined;

  const underWay = async (): Promise<number> => {
    const path = "/v2/runs?status=QUEUED&status=RUNNING&limit=1";
    return ((await askInngest(services.settings, path)) as { data: unknown[] }).data.length;
  };
  return {
    services,
    asking() {
      const asking = diesAfter === undefined ? services : dying(services, diesAfter).services;
      diesAfter = undefined;
      return asking;
    },
    turns: {
      begin(name, act, died = () => undefined) {
        requests.push(act().catch(() => undefined));
        return { name, isDead: false, done: 0, died };
      },
      // A turn is about as long as an operation takes.
      some: async (turns) => wait(turns),
      async all() {
        await Promise.all(requests);
        requests = [];
        for (let quiet = 0; quiet < 2; quiet = (await underWay()) === 0 ? quiet + 1 : 0) await wait(20);
        const path = "/v1/events?name=goal.ended&limit=100";
        events = ((await askInngest(services.settings, path)) as { data: KeptEvent[] }).data;
      },
      arm({ name, after, fate }) {
        if (name === aRequest && fate === "dies") diesAfter = after;
      },
      killAll: () => undefined,
    },
    queue: {
      get events() {
        return events;
      },
      failures: [],
      tick(functionId) {
        if (functionId !== "expire_goals") return;
        requests.push(mendBatch(services, null).then(async () => void (await expireBatch(services, null))));
      },
      redeliver: () => undefined,
      lose: () => undefined,
    },
    now: () => services.clock().getTime(),
    async pass(ms) {
      if (ms === 0) return 0;
      await services.db.driver
        .collection("goals")
        .updateMany({ active: true }, [{ $set: { exp: { $subtract: ["$exp", ms] } } }]);
      return ms;
    },
  };
}
