import { ObjectId } from "mongodb";
import type { GoalFilter } from "#src/contract/console.ts";
import { readObjectId } from "#src/contract/ids.ts";
import { findGoal } from "../../data/goals.ts";
import { findSession } from "../../data/sessions.ts";
import { type Account, findAccountByEmail, findAccounts } from "../../data/users.ts";
import { isStreamerOfGoals } from "../../data/goal-summaries.ts";
import type { Services } from "../../services.ts";

/** What words may stand for: a person or a session of the filter, or one goal, by its id in `q`. */
type Meant = Pick<GoalFilter, "streamer" | "viewer" | "session" | "q">;

/**
 * The plain filter that a filter with words means; null when nobody and nothing is known by them, or when they
 * contradict the rest of the filter. A filter without words means itself.
 */
export async function understand(
  services: Pick<Services, "db">,
  { q, ...rest }: GoalFilter,
): Promise<GoalFilter | null> {
  if (q === undefined) return rest;
  const meant = await meaningOf(services, q);
  if (meant === null) return null;
  const contradicts = (["streamer", "viewer", "session"] as const).some(
    (who) => meant[who] !== undefined && rest[who] !== undefined && meant[who] !== rest[who],
  );
  return contradicts ? null : { ...rest, ...meant };
}

/** An id is looked up as a goal, a session and a person; anything else is an e-mail address, whole. */
async function meaningOf(services: Pick<Services, "db">, q: string): Promise<Meant | null> {
  const { db } = services;
  const id = readObjectId(q);
  if (id === null) {
    const account = await findAccountByEmail(db, q);
    return account && goalsOf(services, account);
  }
  const [goal, session, accounts] = await Promise.all([
    findGoal(db, id),
    findSession(db, id),
    findAccounts(db, [id]),
  ]);
  if (goal !== null) return { q: id };
  if (session !== null) return { session: id };
  const account = accounts.get(id);
  return account === undefined ? null : goalsOf(services, account);
}

/** A person's goals: those of a streamer or a viewer, by the role; of others, whatever they were before. */
async function goalsOf({ db }: Pick<Services, "db">, { id, role }: Account): Promise<Meant> {
  const streams =
    role === "streamer" || (role !== "viewer" && (await isStreamerOfGoals(db, new ObjectId(id))));
  return streams ? { streamer: id } : { viewer: id };
}
