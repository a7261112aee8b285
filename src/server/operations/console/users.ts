import { ObjectId } from "mongodb";
import { ProblemError } from "#src/contract/problems.ts";
import type { Caller, Role } from "#src/contract/roles.ts";
import { completeEntry, findEntry } from "../../data/audit-log.ts";
import { listUserDocuments } from "../../data/user-lists.ts";
import { changeRole, countAdmins, findRole, type RoleSeen } from "../../data/user-roles.ts";
import { asRole } from "../../data/users.ts";
import type { Services } from "../../services.ts";
import { audited } from "./audit.ts";
import type { Cursor } from "./goal-list.ts";
import { pageOf } from "./paging.ts";

/** An account in the console's list. */
export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly created: string | null;
}

/** Accounts by e-mail address; `q` is how one begins, or an id. */
export async function listUsers(
  { db }: Services,
  filter: { q?: string | undefined; role?: Role | undefined },
  after: Cursor | null,
  limit: number,
): Promise<{ readonly users: readonly UserRow[]; readonly next: Cursor | null }> {
  const found = await listUserDocuments(db, filter, after?.value ?? null, limit + 1);
  const rows = found.map(({ _id, name, email, role, createdAt }): UserRow => ({
    id: _id.toHexString(),
    name,
    email,
    role: asRole(role),
    created: createdAt?.toISOString() ?? null,
  }));
  const { page, next } = pageOf(rows, limit, ({ email, id }) => ({ value: email, id }));
  return { users: page, next };
}

/** What an entry says of a role: before it was given, and since. */
interface RoleEntry {
  readonly role: Role;
}

/** What became of giving an account another role, as its entry has it. */
export const roleEffect = (before: unknown, input: unknown) => {
  const [{ role: was }, { role: is }] = [before as RoleEntry, input as RoleEntry];
  return { result: { before: was, after: is }, after: { role: is } };
};

/**
 * Gives an account another role, audited; its live connections end, and come back with what the new role may hear. The
 * role is read anew for every request, so that nothing else has to end. Throws `user_not_found`, and `action_refused`
 * for the caller's own role, for the last admin's, and when somebody else has just changed it.
 *
 * Nobody may change their own role, so whoever takes an admin's away is one who stays; only admins who take each
 * other's at once could leave none. So the admins are counted again after the write, and it is taken back when there
 * is none: of writes that overlap, the last one sees the others. None are left only if the processes of all who did it
 * die between their write and that count.
 */
export async function setRole(
  services: Services,
  caller: Caller,
  request: { userId: string; role: Role; reason: string; requestId: string },
): Promise<{ readonly audit_id: string; readonly before: Role; readonly after: Role }> {
  const { db, live } = services;
  const { userId, role, reason, requestId } = request;
  const first = await findRole(db, userId);
  if (first === null) throw new ProblemError("user_not_found");
  const input = { role };
  const { audit_id, result } = await audited(
    services,
    {
      caller,
      action: "user.set_role",
      target: `user:${userId}`,
      reason,
      requestId,
      input,
      before: { role: first.role } satisfies RoleEntry,
    },
    async (auditId, before) => {
      const seen = await findRole(db, userId);
      if (seen === null) throw new ProblemError("user_not_found");
      if (seen.auditId !== auditId) await change(services, caller, { userId, role, auditId, seen, before });
      await live.endConnections(userId);
      return roleEffect(before, input);
    },
  );
  return { audit_id, ...result };
}

async function change(
  services: Services,
  caller: Caller,
  {
    userId,
    role,
    auditId,
    seen,
    before,
  }: {
    userId: string;
    role: Role;
    auditId: string;
    seen: RoleSeen;
    before: unknown;
  },
): Promise<void> {
  const { db } = services;
  if (userId === caller.id) throw new ProblemError("action_refused");
  if (seen.role !== (before as RoleEntry).role) throw new ProblemError("action_refused");
  // Who was an admin when the request came in may no longer be one.
  if ((await findRole(db, caller.id))?.role !== "admin") throw new ProblemError("action_refused");
  await completeLast(services, seen);
  if (!(await changeRole(db, userId, seen, { role, auditId }))) throw new ProblemError("action_refused");
  if (seen.role === "admin" && (await countAdmins(db)) === 0) {
    await changeRole(db, userId, { role, stored: role, auditId }, { role: seen.role, auditId: seen.auditId });
    throw new ProblemError("action_refused");
  }
}

/** The role is the one trace of the entry under which it was given: that entry is completed before it goes. */
async function completeLast({ db, clock }: Services, { auditId }: RoleSeen): Promise<void> {
  if (auditId === null) return;
  const id = new ObjectId(auditId);
  const entry = await findEntry(db, id);
  if (entry !== null) await completeEntry(db, id, roleEffect(entry.before, entry.input), clock());
}
