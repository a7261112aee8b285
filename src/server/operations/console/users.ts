import type { Caller, Role } from "#src/contract/roles.ts";
import type { Services } from "../../services.ts";
import { comingSoon } from "./coming.ts";
import type { Cursor } from "./goal-list.ts";

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
  services: Services,
  filter: { q?: string | undefined; role?: Role | undefined },
  after: Cursor | null,
  limit: number,
): Promise<{ readonly users: readonly UserRow[]; readonly next: Cursor | null }> {
  return comingSoon(services, filter, after, limit);
}

/**
 * Gives an account another role, audited; its live connections end. Throws `user_not_found`, and `action_refused` for
 * the caller's own role and for the last admin's.
 */
export async function setRole(
  services: Services,
  caller: Caller,
  request: { userId: string; role: Role; reason: string; requestId: string },
): Promise<{ readonly audit_id: string; readonly before: Role; readonly after: Role }> {
  return comingSoon(services, caller, request);
}
