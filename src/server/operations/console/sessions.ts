import type { Services } from "../../services.ts";
import type { PairView } from "../overviews.ts";
import type { Person } from "../people.ts";
import { comingSoon } from "./coming.ts";
import type { Cursor } from "./goal-list.ts";

/** A session in the console's list. Times are ISO 8601. */
export interface SessionRow {
  readonly id: string;
  readonly streamer: Person;
  readonly created: string;
  readonly ended: string | null;
  readonly pairs: number;
  readonly pending: number;
  readonly invitations: number;
}

export async function listSessions(
  services: Services,
  filter: { live?: boolean | undefined; streamer?: string | undefined },
  after: Cursor | null,
  limit: number,
): Promise<{ readonly sessions: readonly SessionRow[]; readonly next: Cursor | null }> {
  return comingSoon(services, filter, after, limit);
}

/** One session with its live pairs and its document. Throws `session_not_found`. */
export async function sessionDetail(
  services: Services,
  sessionId: string,
): Promise<{
  readonly session: SessionRow;
  readonly pairs: readonly PairView[];
  readonly document: Readonly<Record<string, unknown>>;
}> {
  return comingSoon(services, sessionId);
}
