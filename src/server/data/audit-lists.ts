import { ObjectId } from "mongodb";
import type { AuditAction, AuditStatus } from "#src/contract/console.ts";
import { type Database, raw } from "./database.ts";
import type { AuditDocument } from "./documents.ts";
import { below, type Place } from "./keyset.ts";

/** Which entries of the audit log. Ids are hex; `from` is included, `to` is not. */
export interface AuditSelection {
  readonly actor?: string | undefined;
  readonly action?: AuditAction | undefined;
  readonly status?: AuditStatus | undefined;
  readonly target?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** The pipeline of a page, for its test to explain. */
export function auditPipeline(
  { actor, action, status, target, from, to }: AuditSelection,
  after: Place<ObjectId> | null,
  limit: number,
): Record<string, unknown>[] {
  const at = { ...(from && { $gte: from }), ...(to && { $lt: to }) };
  const selection = {
    ...(actor !== undefined && { actor: new ObjectId(actor) }),
    ...(action !== undefined && { action }),
    ...(status !== undefined && { status }),
    ...(target !== undefined && { target }),
    ...(Object.keys(at).length > 0 && { at }),
  };
  const conditions = [selection, below("at", after)].filter((part) => Object.keys(part).length > 0);
  return [
    { $match: conditions.length === 0 ? {} : { $and: conditions } },
    { $sort: { at: -1, _id: -1 } },
    { $limit: limit },
  ];
}

/** Entries of the audit log, the newest first. */
export const listAuditEntries = (
  db: Database,
  selection: AuditSelection,
  after: Place<ObjectId> | null,
  limit: number,
) => raw<AuditDocument>(db, "audit_log", (log) => log.aggregate(auditPipeline(selection, after, limit)));
