import { ObjectId } from "mongodb";
import { type Role } from "#src/contract/roles.ts";
import type { Database } from "./database.ts";
import { asRole } from "./users.ts";

interface UserDocument {
  _id: ObjectId;
  role?: string;
  /** The entry of the audit log under which the role was last given by hand. */
  role_audit_id?: ObjectId;
}

const users = ({ driver }: Database) => driver.collection<UserDocument>("user");

/** An account's role, as it was read. `auditId` is the entry under which it was given by hand, or null. */
export interface RoleSeen {
  readonly role: Role;
  readonly auditId: string | null;
  readonly stored: string | null;
}

/** The role of an account; null when there is no such account. */
export async function findRole(db: Database, userId: string): Promise<RoleSeen | null> {
  const found = await users(db).findOne({ _id: new ObjectId(userId) });
  if (found === null) return null;
  return {
    role: asRole(found.role),
    auditId: found.role_audit_id?.toHexString() ?? null,
    stored: found.role ?? null,
  };
}

/** Gives an account a role, if its role is still the one that was seen. Says whether it did. */
export async function changeRole(
  db: Database,
  userId: string,
  seen: RoleSeen,
  { role, auditId }: { role: Role; auditId: string | null },
): Promise<boolean> {
  const { matchedCount } = await users(db).updateOne(
    {
      _id: new ObjectId(userId),
      // What is absent is matched by null.
      role: seen.stored as string,
      role_audit_id: (seen.auditId === null ? null : new ObjectId(seen.auditId)) as ObjectId,
    },
    auditId === null
      ? { $set: { role }, $unset: { role_audit_id: true } }
      : { $set: { role, role_audit_id: new ObjectId(auditId) } },
  );
  return matchedCount === 1;
}

/** How many admins there are; two stand for any number above one. */
export const countAdmins = (db: Database) =>
  users(db).countDocuments({ role: "admin" satisfies Role }, { limit: 2 });
