import { type Filter, ObjectId } from "mongodb";
import { readObjectId } from "#src/contract/ids.ts";
import type { Role } from "#src/contract/roles.ts";
import type { Database } from "./database.ts";

interface UserDocument {
  _id: ObjectId;
  name: string;
  email: string;
  role?: string;
  createdAt?: Date;
}

/** Which accounts: whose e-mail address begins so, or whose id this is; and with which role. */
export interface UserSelection {
  readonly q?: string | undefined;
  readonly role?: Role | undefined;
}

/** The filter of a page, for its test to explain. Addresses are unique and kept in lower case, so they alone are order. */
export function userFilter({ q, role }: UserSelection, afterEmail: string | null): Filter<UserDocument> {
  const id = q === undefined ? null : readObjectId(q);
  const start = q?.toLowerCase();
  const conditions: Filter<UserDocument>[] = [
    ...(role === undefined ? [] : [{ role }]),
    ...(id === null ? [] : [{ _id: new ObjectId(id) }]),
    ...(start === undefined || id !== null ? [] : [{ email: { $gte: start, $lt: `${start}\uffff` } }]),
    ...(afterEmail === null ? [] : [{ email: { $gt: afterEmail } }]),
  ];
  return conditions.length === 0 ? {} : { $and: conditions };
}

/** Accounts by e-mail address. */
export const listUserDocuments = (
  { driver }: Database,
  selection: UserSelection,
  afterEmail: string | null,
  limit: number,
) =>
  driver
    .collection<UserDocument>("user")
    .find(userFilter(selection, afterEmail))
    .project<UserDocument>({ name: true, email: true, role: true, createdAt: true })
    .sort({ email: 1 })
    .limit(limit)
    .toArray();
