import { ProblemError } from "#src/contract/problems.ts";
import { pairState } from "#src/domain/pairs.ts";
import type { SessionDocument } from "../../data/documents.ts";
import { listSessionDocuments } from "../../data/session-lists.ts";
import { findSession, pairFacts, pairsOf } from "../../data/sessions.ts";
import { findAccounts } from "../../data/users.ts";
import type { Services } from "../../services.ts";
import { type PairView, viewPairs } from "../overviews.ts";
import { type Person, personOf } from "../people.ts";
import type { Cursor } from "./goal-list.ts";
import { pageOf, placeOf } from "./paging.ts";

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

async function viewSessions(
  { db, clock }: Services,
  sessions: readonly SessionDocument[],
): Promise<SessionRow[]> {
  const now = clock().getTime();
  const accounts = await findAccounts(
    db,
    sessions.map(({ user }) => user.id.toHexString()),
  );
  return sessions.map((session) => {
    const pairs = [...pairsOf(session).values()];
    return {
      id: session._id.toHexString(),
      streamer: personOf(accounts, session.user.id.toHexString()),
      created: session.statuses.created.toISOString(),
      ended: session.statuses.ended?.toISOString() ?? null,
      pairs: pairs.length,
      pending: pairs.filter((pair) => pairState(pairFacts(pair), now) === "pending").length,
      invitations: Object.keys(session.trigger_private_goals ?? {}).length,
    };
  });
}

/** A page of sessions, the newest first. Throws `invalid_request`. */
export async function listSessions(
  services: Services,
  filter: { live?: boolean | undefined; streamer?: string | undefined },
  after: Cursor | null,
  limit: number,
): Promise<{ readonly sessions: readonly SessionRow[]; readonly next: Cursor | null }> {
  const found = await listSessionDocuments(services.db, filter, placeOf(after), limit + 1);
  const { page, next } = pageOf(found, limit, ({ statuses, _id }) => ({
    value: statuses.created.toISOString(),
    id: _id.toHexString(),
  }));
  return { sessions: await viewSessions(services, page), next };
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
  const document = await findSession(services.db, sessionId);
  if (document === null) throw new ProblemError("session_not_found");
  const [[session], pairs] = await Promise.all([
    viewSessions(services, [document]),
    viewPairs(services, document),
  ]);
  if (session === undefined) throw new ProblemError("session_not_found");
  return { session, pairs, document: JSON.parse(JSON.stringify(document)) as Record<string, unknown> };
}
