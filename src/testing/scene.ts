import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { ObjectId } from "mongodb";
import { type GoalEnded, goalEndedRetry } from "#src/contract/events.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import type { Role } from "#src/contract/roles.ts";
import type { ReceiverRunDocument } from "#src/server/data/documents.ts";
import { runsOfGoal } from "#src/server/data/receiver-runs.ts";
import { insertSession } from "#src/server/data/sessions.ts";
import { endGoalOnce, type EndRequest, setCooldown, signalOf } from "#src/server/operations/end-goal.ts";
import { invite } from "#src/server/operations/invite.ts";
import type { Services } from "#src/server/services.ts";

/** A streamer who is live, and viewers who may invite. Ids are hex. */
export interface Scene {
  readonly streamerId: string;
  readonly sessionId: string;
  readonly viewers: Readonly<Record<string, string>>;
  /** Invites as this viewer does, with a prepayment of 1,200; gives the goal's id. */
  invite(viewer: string): Promise<string>;
}

/** Makes a scene of its own, with people whom no other test knows. */
export async function makeScene(services: Services, viewerNames: readonly string[]): Promise<Scene> {
  const tag = new ObjectId().toHexString();
  const add = async (name: string, role: Role) => {
    const _id = new ObjectId();
    const email = `${name}-${tag}@example.com`;
    await services.db.driver.collection("user").insertOne({ _id, name, email, role });
    return _id;
  };
  const streamer = await add("ada", "streamer");
  const viewers = new Map<string, string>();
  for (const name of viewerNames) viewers.set(name, (await add(name, "viewer")).toHexString());
  const sessionId = new ObjectId();
  await insertSession(services.db, {
    _id: sessionId,
    user: { id: streamer },
    statuses: { created: services.clock() },
    trigger_private_goals: {},
    exclusive_goal_pairs: {},
  });
  return {
    streamerId: streamer.toHexString(),
    sessionId: sessionId.toHexString(),
    viewers: Object.fromEntries(viewers),
    invite: async (viewer) => {
      const invited = await invite(services, {
        streamerEmail: `ada-${tag}@example.com`,
        viewerEmail: `${viewer}-${tag}@example.com`,
        amount: 1_200,
        minutes: 10,
        force: false,
      });
      if ("refused" in invited) throw new Error(invited.refused);
      return invited.goal_id;
    },
  };
}

/** Ends a goal by the two writes of `deactivate_goal`, and gives its signal unsent: for tests of one receiver alone. */
export async function endUnsignalled(
  services: Services,
  { streamerId }: Scene,
  goalId: string,
  metadata: EndRequest["metadata"] = null,
): Promise<GoalEnded> {
  const request = { goalId, streamerId, triggerer: streamerId, eventId: randomUUID(), metadata };
  const goal = await endGoalOnce(services, request);
  if (goal === null) throw new Error(`Goal ${goalId} is not active.`);
  return signalOf(goal, request, await setCooldown(services, goal));
}

/** Sends a signal to one receiver alone. Gives a look at its run, and its end. */
export async function sendTo(services: Services, receiver: ReceiverId, signal: GoalEnded) {
  const eventId = `test:${randomUUID()}`;
  await services.inngest.send(goalEndedRetry.create({ ...signal, receiver }, { id: eventId }));
  const run = async () =>
    (await runsOfGoal(services.db, signal.goal_id)).find(({ event_id }) => event_id === eventId);
  const settled = async (): Promise<ReceiverRunDocument> => {
    for (;;) {
      const now = await run();
      if (now !== undefined && ["done", "returned", "failed"].includes(now.status)) return now;
      await wait(10);
    }
  };
  return { eventId, run, settled };
}

/** Signs an account in, and gives the bearer token. */
export async function tokenFor({ auth }: Services, userId: string): Promise<string> {
  const { internalAdapter } = await auth.$context;
  return (await internalAdapter.createSession(userId)).token;
}
