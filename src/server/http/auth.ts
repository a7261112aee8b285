import type { Services } from "../services.ts";
import { isReading, readText } from "./body.ts";
import { senderOf } from "./limit.ts";
import { answer, unavailable } from "./problem.ts";

/** What the auth library is ever told fits in this many bytes. */
const mostBytes = 16_384;

/**
 * `/api/auth/*`, by the auth library, whose failures are said the way that all our routes say them; its other refusals
 * stay as its own client knows them.
 */
export const handleAuth = (services: Services, request: Request): Promise<Response> =>
  answer(request, services.log, async () => {
    const { limits, auth } = services;
    const sender = senderOf(request);
    await limits.authAddress.spend(sender);
    const session = await sessionIn(services, request.headers);
    if (session !== null) await limits.authCaller.spend(session);
    const isSignIn = new URL(request.url).pathname.endsWith("/sign-in/email");
    if (isSignIn) await limits.signIn.spend(sender);
    const text = isReading(request.method) ? null : await readText(request, mostBytes);
    const account = isSignIn ? accountNamed(text ?? "") : null;
    const attempt = account === null ? null : { account, place: `${account} ${sender}` };
    const isNew = attempt !== null && !limits.signedInFrom.has(attempt.place);
    if (isNew) await limits.signInAccount.spend(attempt.account);
    const response = await auth.handler(asItsClient(request, text));
    if (response.status >= 500) throw unavailable(new Error(`the auth library answered ${response.status}`));
    if (attempt !== null && response.ok) {
      limits.signedInFrom.add(attempt.place);
      if (isNew) await limits.signInAccount.giveBack(attempt.account);
    }
    return response;
  });

/** The session that a request claims to be of, as far as it can be told without asking the database. */
async function sessionIn({ auth }: Services, headers: Headers): Promise<string | null> {
  const authorization = headers.get("authorization");
  if (authorization !== null) return authorization.slice(0, 200);
  const { name } = (await auth.$context).authCookies.sessionToken;
  const cookies = (headers.get("cookie") ?? "").split(";").map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(0, 200) ?? null;
}

/** Whose account a body wants to sign in to, JSON or a form's; null when it names none, and nobody can be signed in. */
function accountNamed(text: string): string | null {
  let named: unknown = new URLSearchParams(text).get("email");
  try {
    named = (JSON.parse(text) as { email?: unknown } | null)?.email ?? named;
  } catch {
    // Then it is a form, or nothing.
  }
  return typeof named === "string" ? named.trim().toLowerCase().slice(0, 320) : null;
}

/**
 * The library takes any `Sec-Fetch-Mode` for a browser's and then wants an origin; but Node's own fetch sends that
 * header alone, and what names neither an origin nor a site is no browser.
 */
function asItsClient({ url, method, headers: given }: Request, body: string | null): Request {
  const headers = new Headers(given);
  const isScript = headers.has("sec-fetch-mode") && !headers.has("sec-fetch-site") && !headers.has("origin");
  if (isScript) headers.delete("sec-fetch-mode");
  return new Request(url, { method, headers, body });
}
