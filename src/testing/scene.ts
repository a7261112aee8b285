import { ObjectId } from "mongodb";
import type { Role } from "#src/contract/roles.ts";
import { insertSession } from "#src/server/data/sessions.ts";
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
