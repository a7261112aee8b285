import type { AuditAction } from "#src/contract/console.ts";
import type { Caller } from "#src/contract/roles.ts";
import type { Services } from "../../services.ts";
import { comingSoon } from "./coming.ts";

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

/**
 * Does something by hand: writes the entry as intended, acts, completes the entry. `act` is given the entry's id, from
 * which it derives the ids of what it writes and sends, so that doing it again does nothing more.
 */
export async function audited<T>(
  services: Services,
  intention: Intention,
  act: (auditId: string) => Promise<{ readonly result: T; readonly after: unknown }>,
): Promise<Audited<T>> {
  return comingSoon(services, intention, act);
}
