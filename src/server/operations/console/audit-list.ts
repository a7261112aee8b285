import type { AuditAction, AuditStatus } from "#src/contract/console.ts";
import type { Role } from "#src/contract/roles.ts";
import type { Services } from "../../services.ts";
import type { Person } from "../people.ts";
import { comingSoon } from "./coming.ts";
import type { Cursor } from "./goal-list.ts";

/** One entry, as the console shows it. */
export interface AuditView {
  readonly id: string;
  readonly actor: Person;
  readonly role: Role;
  readonly action: AuditAction;
  readonly target: string;
  readonly input: unknown;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string;
  readonly status: AuditStatus;
  readonly error: string | null;
  readonly at: string;
  readonly completed: string | null;
}

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: AuditAction | undefined;
  readonly status?: AuditStatus | undefined;
  readonly target?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A page of entries, the newest first. */
export async function listAudit(
  services: Services,
  filter: AuditFilter,
  after: Cursor | null,
  limit: number,
): Promise<{ readonly entries: readonly AuditView[]; readonly next: Cursor | null }> {
  return comingSoon(services, filter, after, limit);
}
