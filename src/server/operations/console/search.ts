import type { ObjectId } from "mongodb";
import { readObjectId } from "#src/contract/ids.ts";
import type { Role } from "#src/contract/roles.ts";
import { findGoal } from "../../data/goals.ts";
import { findSession } from "../../data/sessions.ts";
import { spellings, usersBeginning } from "../../data/user-search.ts";
import { type Account, findAccounts } from "../../data/users.ts";
import type { Services } from "../../services.ts";
import { personOf } from "../people.ts";

/** What a moderator may have meant by a few letters: whole ids, whole or begun e-mail addresses, begun names. */
export interface Found {
  readonly goals: readonly { readonly id: string; readonly viewer: string; readonly streamer: string }[];
  readonly users: readonly {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly role: Role;
  }[];
  readonly sessions: readonly { readonly id: string; readonly streamer: string }[];
}

/** How many people a search shows. */
const most = 5;

/**
 * Looks for what these letters begin or name. Names are found by how they begin, as typed or with capitals where names
 * have them; nothing is found by its middle, which no index could do.
 */
export async function search(services: Services, q: string): Promise<Found> {
  const id = readObjectId(q);
  return id === null ? { goals: [], sessions: [], users: await beginning(services, q) } : byId(services, id);
}

async function byId({ db }: Services, id: string): Promise<Found> {
  const [goal, session] = await Promise.all([findGoal(db, id), findSession(db, id)]);
  const people = [goal?.conditions.exclusive_to, goal?.metadata.user_id, session?.user.id];
  const accounts = await findAccounts(db, [id, ...people.flatMap((one) => one?.toHexString() ?? [])]);
  const nameOf = (one: ObjectId) => personOf(accounts, one.toHexString()).name;
  const user = accounts.get(id);
  return {
    goals:
      goal === null
        ? []
        : [{ id, viewer: nameOf(goal.conditions.exclusive_to), streamer: nameOf(goal.metadata.user_id) }],
    sessions: session === null ? [] : [{ id, streamer: nameOf(session.user.id) }],
    users: user === undefined ? [] : [user],
  };
}

/** People by how their address or their name begins: addresses first, as they are exact. */
async function beginning({ db }: Services, q: string): Promise<Account[]> {
  const queries = (["email", "name"] as const).flatMap((field) =>
    spellings(field, q).map((spelling) => usersBeginning(db, field, spelling, most).toArray()),
  );
  const found = (await Promise.all(queries)).flat().map(({ _id }) => _id.toHexString());
  const ids = [...new Set(found)].slice(0, most);
  const accounts = await findAccounts(db, ids);
  return ids.flatMap((id) => accounts.get(id) ?? []);
}
