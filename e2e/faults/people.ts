import { setTimeout as wait } from "node:timers/promises";
import { type Db, ObjectId } from "mongodb";
import { insertSession } from "#src/server/data/sessions.ts";
import { agree } from "#src/server/operations/agree.ts";
import { invite } from "#src/server/operations/invite.ts";
import type { Services } from "#src/server/services.ts";
import type { Story } from "./judge.ts";
import type { PlannedInvitation } from "./plan.ts";

/** How long somebody goes on asking before giving up: nothing waits for ever. */
const patience_ms = 90_000;
const pause_ms = 250;
/** Who asks gives up on an answer that is so late, and asks again. */
const answerWithin_ms = 8_000;
/** Longer than any clock jumps. */
const standing_minutes = 30 * 24 * 60;
/** An invitation that is to run out does so in the midst of it. */
const short_minutes = 0.03;

/** What a caller was told, in the end; the status of each answer, null where there was none. */
interface Told {
  readonly answers: readonly (number | null)[];
  readonly accepted: boolean;
}

/** A goal's story while it is written. */
export type Draft = { -readonly [Key in keyof Story]: Story[Key] };

export const minutesOf = (fate: PlannedInvitation["fate"]) =>
  fate === "expire" ? short_minutes : standing_minutes;

/** Gives a streamer a session without pairs, in the place of the one that went on. */
export async function beginSession({ db }: Services, streamerId: ObjectId): Promise<void> {
  const now = new Date();
  await db.driver
    .collection("sessions")
    .updateMany({ "user.id": streamerId, "statuses.ended": null }, { $set: { "statuses.ended": now } });
  await insertSession(db, {
    _id: new ObjectId(),
    user: { id: streamerId },
    statuses: { created: now },
    trigger_private_goals: {},
    exclusive_goal_pairs: {},
  });
}

export async function accountId(database: Db, name: string): Promise<ObjectId> {
  const account = await database.collection("user").findOne({ email: `${name}@example.com` });
  if (account === null) throw new Error(`there is no ${name}`);
  return account._id;
}

/** Invites as the platform does it, straight in the database; gives the goal's id. */
export async function inviteAs(
  services: Services,
  { streamer, viewer, amount, fate }: PlannedInvitation,
): Promise<string> {
  const invited = await invite(services, {
    streamerEmail: `${streamer}@example.com`,
    viewerEmail: `${viewer}@example.com`,
    amount,
    minutes: minutesOf(fate),
    force: true,
  });
  if ("refused" in invited) throw new Error(invited.refused);
  return invited.goal_id;
}

/** Asks once. Gives the status, or null when there was no answer, or when the caller hung up after `hangUp_ms`. */
async function ask(app: string, authorization: string, goalId: string, hangUp_ms?: number) {
  try {
    const response = await fetch(`${app}/goals/${goalId}`, {
      method: "DELETE",
      headers: { authorization, "content-type": "application/json" },
      body: '{"agree":false}',
      signal: AbortSignal.timeout(hangUp_ms ?? answerWithin_ms),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}

/**
 * Declines as a page does: who has no answer, or one that says that something is away, asks again. Throws when nobody
 * could be told anything for so long that it comes to waiting for ever.
 */
async function declineAs(
  app: string,
  authorization: string,
  goalId: string,
  { hangsUp = false } = {},
): Promise<Told> {
  const answers: (number | null)[] = [];
  if (hangsUp) answers.push(await ask(app, authorization, goalId, 15));
  for (const deadline = Date.now() + patience_ms; Date.now() < deadline; await wait(pause_ms)) {
    const status = await ask(app, authorization, goalId);
    answers.push(status);
    if (status === 202 || status === 200 || status === 409) return { answers, accepted: status === 202 };
    if (status !== null && status < 500 && status !== 401 && status !== 429)
      throw new Error(`the decline of ${goalId} was answered ${status}`);
  }
  throw new Error(`the decline of ${goalId} was never answered: ${answers.join(", ")}`);
}

/** Agrees as the platform does, and asks again where the database is away. Says whether it came to it. */
async function agreeAs(services: Services, goalId: string): Promise<boolean> {
  for (const deadline = Date.now() + patience_ms; Date.now() < deadline; await wait(pause_ms)) {
    try {
      // Whoever dies in between is told on asking again that it was agreed to already.
      const answer = await agree(services, goalId);
      return "goal_id" in answer || answer.refused.includes("agreed to already");
    } catch {
      continue;
    }
  }
  throw new Error(`agreeing to ${goalId} was never answered`);
}

/** Does about a goal what its fate has people do, and notes it. Comes back when everybody was answered. */
export async function act(
  services: Services,
  { app, authorization }: { readonly app: string; readonly authorization: string },
  fate: PlannedInvitation["fate"],
  story: Draft,
): Promise<void> {
  const decline = async (options?: { hangsUp: boolean }) => {
    story.declined = true;
    const told = await declineAs(app, authorization, story.goalId, options);
    if (told.accepted) story.accepted = true;
  };
  const agreeToIt = async () => {
    story.agreed = true;
    await agreeAs(services, story.goalId);
  };
  switch (fate) {
    case "decline":
      return decline();
    case "insist":
      await Promise.all([decline({ hangsUp: true }), decline(), decline()]);
      return undefined;
    case "race":
      await Promise.all([decline(), agreeToIt()]);
      return undefined;
    case "agree":
      return agreeToIt();
    case "replace":
    case "expire":
    case "leave":
      return undefined;
  }
}
