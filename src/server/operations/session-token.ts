import { SignJWT } from "jose";
import { ProblemError } from "#src/contract/problems.ts";
import type { Caller } from "#src/contract/roles.ts";
import { findSession } from "../data/sessions.ts";
import { cachedView, viewTtl_ms } from "../data/view-cache.ts";
import type { Services } from "../services.ts";
import { tokenViewTag } from "./announce.ts";
import { type PairView, viewPairs } from "./overviews.ts";

/** The signed token outlives any cached answer that carries it, so that nobody is handed an expired one. */
const tokenTtl_ms = viewTtl_ms + 5 * 60_000;

export interface TokenView {
  /** A JWT (HS256): `sub` the caller, `session`, `part` "streamer" or "viewer". */
  readonly token: string;
  readonly expires: string;
  readonly session: {
    readonly id: string;
    readonly streamer_id: string;
    readonly state: "live" | "ended";
    readonly created: string;
    readonly ended: string | null;
  };
  /** The caller's own pair with the streamer. */
  readonly pair: PairView | null;
}

/**
 * `GET /sessions/<session_id>/token`: the session as its streamer or a viewer sees it, with a signed token. Cached per
 * caller until invalidated. Throws `session_not_found`, also for callers whose business it is not.
 */
export async function sessionToken(
  services: Services,
  caller: Caller,
  sessionId: string,
): Promise<TokenView> {
  const key = { id: `${tokenViewTag(sessionId)}:${caller.id}:${caller.role}`, tag: tokenViewTag(sessionId) };
  return await cachedView(services.db, key, services.clock(), () => load(services, caller, sessionId));
}

async function load(services: Services, caller: Caller, sessionId: string): Promise<TokenView> {
  const session = await findSession(services.db, sessionId);
  const streamerId = session?.user.id.toHexString();
  const part = streamerId === caller.id ? "streamer" : caller.role === "viewer" ? "viewer" : null;
  if (session === null || streamerId === undefined || part === null)
    throw new ProblemError("session_not_found");
  const now = services.clock().getTime();
  const expires = new Date(now + tokenTtl_ms);
  const token = await new SignJWT({ session: sessionId, part })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(caller.id)
    .setIssuedAt(Math.floor(now / 1_000))
    .setExpirationTime(Math.floor(expires.getTime() / 1_000))
    .sign(new TextEncoder().encode(services.settings.AUTH_SECRET));
  const [pair = null] = await viewPairs(services, session, caller.id);
  return {
    token,
    expires: expires.toISOString(),
    session: {
      id: sessionId,
      streamer_id: streamerId,
      state: session.statuses.ended == null ? "live" : "ended",
      created: session.statuses.created.toISOString(),
      ended: session.statuses.ended?.toISOString() ?? null,
    },
    pair,
  };
}
