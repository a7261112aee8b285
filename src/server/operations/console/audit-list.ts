import type { AuditAction, AuditFilter, AuditStatus } from "#src/contract/console.ts";
import type { Role } from "#src/contract/roles.ts";
import { listAuditEntries } from "../../data/audit-lists.ts";
import type { AuditDocument } from "../../data/documents.ts";
import { findAccounts } from "../../data/users.ts";
import type { Services } from "../../services.ts";
import { type Person, personOf } from "../people.ts";
import type { Cursor } from "./goal-list.ts";
import { pageOf, placeOf } from "./paging.ts";

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

/** A value of the log as JSON has it: ids hex, times ISO 8601; null where there is none. */
const plain = (value: unknown): unknown =>
  value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown);

/** Entries with the names of those who acted, each account read once. */
export async function viewAudit(
  { db }: Pick<Services, "db">,
  entries: readonly AuditDocument[],
): Promise<AuditView[]> {
  const accounts = await findAccounts(
    db,
    entries.map(({ actor }) => actor.toHexString()),
  );
  return entries.map((entry) => ({
    id: entry._id.toHexString(),
    actor: personOf(accounts, entry.actor.toHexString()),
    role: entry.role,
    action: entry.action,
    target: entry.target,
    input: plain(entry.input),
    before: plain(entry.before),
    after: plain(entry.after),
    reason: entry.reason,
    status: entry.status,
    error: entry.error ?? null,
    at: entry.at.toISOString(),
    completed: entry.completed?.toISOString() ?? null,
  }));
}

/** A page of entries, the newest first. `from` is included, `to` is not. Throws `invalid_request`. */
export async function listAudit(
  services: Services,
  filter: AuditFilter,
  after: Cursor | null,
  limit: number,
): Promise<{ readonly entries: readonly AuditView[]; readonly next: Cursor | null }> {
  const { from, to, ...rest } = filter;
  const selection = {
    ...rest,
    ...(from !== undefined && { from: new Date(from) }),
    ...(to !== undefined && { to: new Date(to) }),
  };
  const found = await listAuditEntries(services.db, selection, placeOf(after), limit + 1);
  const { page, next } = pageOf(found, limit, ({ at, _id }) => ({
    value: at.toISOString(),
    id: _id.toHexString(),
  }));
  return { entries: await viewAudit(services, page), next };
}
