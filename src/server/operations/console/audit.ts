import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { ObjectId } from "mongodb";
import type { AuditAction } from "#src/contract/console.ts";
import { type ProblemCode, ProblemError, problems } from "#src/contract/problems.ts";
import type { Caller } from "#src/contract/roles.ts";
import { beginEntry, completeEntry, refuseEntry } from "../../data/audit-log.ts";
import type { AuditDocument } from "../../data/documents.ts";
import type { Services } from "../../services.ts";

/** What somebody is about to do by hand. */
export interface Intention {
  readonly caller: Caller;
  readonly action: AuditAction;
  readonly target: string;
  readonly reason: string;
  /** Chosen by the page, a UUID: the same request sent twice is one action with one entry. */
  readonly requestId: string;
  readonly input?: unknown;
  readonly before?: unknown;
}

/** What came of it. `after` is what the entry says of the state since. */
export interface Audited<T> {
  readonly audit_id: string;
  readonly result: T;
}

/** The id of the entry of a request: the same however often it is sent, and another for everybody else's. */
export const auditIdOf = (callerId: string, requestId: string): string =>
  createHash("sha256").update(`${callerId}:${requestId.toLowerCase()}`).digest("hex").slice(0, 24);

/** As JSON has it: what is kept, and compared, is the same whichever way it came. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

/**
 * Does something by hand: writes the entry as intended, acts, completes the entry. `act` is given the entry's id, from
 * which it derives the ids of what it writes and sends, so that doing it again does nothing more; and what the entry
 * says of the state before, as JSON has it, which is the first arrival's however often the request is sent.
 *
 * A clear answer that nothing was changed (a problem below 500) leaves the entry as refused. Anything else may have
 * happened: the entry stays intended, until the same request comes again or `reconcile_audit` finds a trace.
 * Throws what `act` throws; `invalid_request` when the request's id was used for something else.
 */
export async function audited<T>(
  services: Services,
  intention: Intention,
  act: (auditId: string, before: unknown) => Promise<{ readonly result: T; readonly after: unknown }>,
): Promise<Audited<T>> {
  const { db, clock } = services;
  const { caller, action, target, reason } = intention;
  const audit_id = auditIdOf(caller.id, intention.requestId);
  const wanted: AuditDocument = {
    _id: new ObjectId(audit_id),
    actor: new ObjectId(caller.id),
    role: caller.role,
    action,
    target,
    input: plain(intention.input),
    before: plain(intention.before),
    reason,
    status: "intended",
    at: clock(),
  };
  const entry = await beginEntry(db, wanted);
  if (!isSame(entry, wanted)) throw new ProblemError("invalid_request");
  switch (entry.status) {
    case "completed":
      return { audit_id, result: entry.result as T };
    case "refused":
      throw new ProblemError(asCode(entry.error));
    case "lapsed":
      // Given up: whoever still wants it says so anew, under an entry of its own.
      throw new ProblemError("action_refused");
    case "intended":
  }
  try {
    const { result, after } = await act(audit_id, entry.before);
    await completeEntry(db, entry._id, { after: plain(after), result: plain(result) }, clock());
    return { audit_id, result };
  } catch (error) {
    if (error instanceof ProblemError && problems[error.code].status < 500) {
      await refuseEntry(db, entry._id, error.code);
    }
    throw error;
  }
}

const isSame = (one: AuditDocument, other: AuditDocument) =>
  one.action === other.action &&
  one.target === other.target &&
  one.reason === other.reason &&
  isDeepStrictEqual(one.input, other.input);

const asCode = (error: string | undefined): ProblemCode =>
  error !== undefined && Object.hasOwn(problems, error) ? (error as ProblemCode) : "action_refused";
