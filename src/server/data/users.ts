import { ObjectId } from "mongodb";
import { type Role, roles } from "#src/contract/roles.ts";
import type { Database } from "./database.ts";

/** An account, as the auth library keeps it, with what other people may see of it. `id` is hex. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

interface UserDocument {
  _id: ObjectId;
  name: string;
  email: string;
  role?: string;
}

const users = ({ driver }: Database) => driver.collection<UserDocument>("user");

/** A role as stored; anything unknown has the fewest rights. */
export const asRole = (role: unknown): Role => roles.find((known) => known === role) ?? "viewer";

const toAccount = ({ _id, name, email, role }: UserDocument): Account => ({
  id: _id.toHexString(),
  name,
  email,
  role: asRole(role),
});

export async function findAccountByEmail(db: Database, email: string): Promise<Account | null> {
  const found = await users(db).findOne({ email: email.toLowerCase() });
  return found === null ? null : toAccount(found);
}

/** Accounts by their hex ids; ids of nobody are absent. */
export async function findAccounts(db: Database, ids: Iterable<string>): Promise<Map<string, Account>> {
  const wanted = [...new Set(ids)].map((id) => new ObjectId(id));
  const found = await users(db)
    .find({ _id: { $in: wanted } })
    .toArray();
  return new Map(found.map((user) => [user._id.toHexString(), toAccount(user)]));
}
