import { createHmac } from "node:crypto";
import { ObjectId } from "mongodb";
import type { Role } from "#src/contract/roles.ts";
import type { Services } from "#src/server/services.ts";
import { makeScene, tokenFor, type Scene } from "./scene.ts";

/** Everyone who may ask: nobody, and two of each kind where it matters whose something is. */
export const actors = [
  "anonymous",
  "viewer",
  "another viewer",
  "streamer",
  "another streamer",
  "moderator",
  "admin",
] as const;
export type Actor = (typeof actors)[number];

/** Two streamers who are live, each with a pending invitation of another viewer, and those who look after all. */
export interface Cast {
  readonly scene: Scene;
  readonly otherScene: Scene;
  /** Ids in hex; nobody's is all zeros. */
  readonly ids: Readonly<Record<Actor, string>>;
  /** The viewer's invitation to the streamer. */
  readonly goalId: string;
  /** The other viewer's invitation to the other streamer. */
  readonly otherGoalId: string;
  /** What a script sends to be known as this actor. */
  bearer(actor: Actor): Record<string, string>;
  /** What a browser sends. */
  cookie(actor: Actor): Promise<Record<string, string>>;
}

/** Makes them, signed in. */
export async function makeCast(services: Services): Promise<Cast> {
  const [scene, otherScene] = [
    await makeScene(services, ["viewer"]),
    await makeScene(services, ["another viewer"]),
  ];
  const add = async (role: Role) => {
    const _id = new ObjectId();
    const email = `${role}-${_id.toHexString()}@example.com`;
    await services.db.driver.collection("user").insertOne({ _id, name: role, email, role });
    return _id.toHexString();
  };
  const ids: Record<Actor, string> = {
    anonymous: "0".repeat(24),
    viewer: scene.viewers["viewer"] ?? "",
    "another viewer": otherScene.viewers["another viewer"] ?? "",
    streamer: scene.streamerId,
    "another streamer": otherScene.streamerId,
    moderator: await add("moderator"),
    admin: await add("admin"),
  };
  const tokens = new Map<Actor, string>();
  for (const actor of actors)
    if (actor !== "anonymous") tokens.set(actor, await tokenFor(services, ids[actor]));
  return {
    scene,
    otherScene,
    ids,
    goalId: await scene.invite("viewer"),
    otherGoalId: await otherScene.invite("another viewer"),
    bearer(actor) {
      const token = tokens.get(actor);
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    },
    async cookie(actor) {
      const token = tokens.get(actor);
      return token === undefined ? {} : { cookie: await sessionCookie(services, token) };
    },
  };
}

/** The cookie by which a browser would be known that holds this session. */
export async function sessionCookie({ auth }: Services, token: string): Promise<string> {
  const { authCookies, secret } = await auth.$context;
  const signature = createHmac("sha256", secret).update(token).digest("base64");
  return `${authCookies.sessionToken.name}=${encodeURIComponent(`${token}.${signature}`)}`;
}
