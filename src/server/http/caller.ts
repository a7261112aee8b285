import { type Caller } from "#src/contract/roles.ts";
import { ProblemError } from "#src/contract/problems.ts";
import { asRole } from "../data/users.ts";
import type { Services } from "../services.ts";
import { isForeign } from "./origin.ts";
import { unavailable } from "./problem.ts";

/**
 * Who is asking, by session cookie or bearer token; null when nobody is signed in. A request that brings an
 * `Authorization` header is judged by it alone, so that a cookie cannot ride along. Throws `unavailable`.
 */
export async function findCaller({ auth }: Services, headers: Headers): Promise<Caller | null> {
  const authorization = headers.get("authorization");
  const judged = authorization === null ? headers : new Headers({ authorization });
  // The library wraps what the database throws; a caller who cannot be looked up is not an unknown one.
  const session = await auth.api.getSession({ headers: judged }).catch((cause: unknown) => {
    throw unavailable(cause);
  });
  if (session === null) return null;
  const { id, name, email, role } = session.user;
  return { id, name, email, role: asRole(role) };
}

/**
 * Who is asking, or `unauthenticated`. A request that changes something by cookie must come from our own pages
 * (`wrong_origin`); a bearer token is never sent by a browser of its own accord.
 */
export async function requireCaller(services: Services, request: Request): Promise<Caller> {
  const caller = await findCaller(services, request.headers);
  if (caller === null) throw new ProblemError("unauthenticated");
  const byCookie = !request.headers.has("authorization");
  if (byCookie && request.method !== "GET" && isForeign(request.headers, services.settings.APP_URL)) {
    throw new ProblemError("wrong_origin");
  }
  return caller;
}
