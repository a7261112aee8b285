import { ProblemError } from "#src/contract/problems.ts";
import type { Services } from "../services.ts";
import { spend } from "./limit.ts";
import { answer, unavailable } from "./problem.ts";

/**
 * `/api/auth/*`, by the auth library, whose 429 and failures are said the way that all our routes say them; its other
 * refusals stay as its own client knows them.
 */
export const handleAuth = (services: Services, request: Request): Promise<Response> =>
  answer(request, services.log, async () => {
    if (new URL(request.url).pathname.endsWith("/sign-in/email")) {
      await spend(services.signInLimit, request.headers.get("x-client-address") ?? "unknown");
    }
    const response = await services.auth.handler(await asItsClient(request));
    if (response.status === 429) {
      const seconds = Number(response.headers.get("x-retry-after"));
      throw new ProblemError("rate_limited", { retryAfterSeconds: Math.max(1, Math.ceil(seconds) || 1) });
    }
    if (response.status >= 500) throw unavailable(new Error(`the auth library answered ${response.status}`));
    return response;
  });

/**
 * The library takes any `Sec-Fetch-Mode` for a browser's and then wants an origin; but Node's own fetch sends that
 * header alone, and what names neither an origin nor a site is no browser.
 */
async function asItsClient(request: Request): Promise<Request> {
  const { url, method } = request;
  const headers = new Headers(request.headers);
  const isScript = headers.has("sec-fetch-mode") && !headers.has("sec-fetch-site") && !headers.has("origin");
  if (!isScript) return request;
  headers.delete("sec-fetch-mode");
  return new Request(url, { method, headers, body: method === "GET" ? null : await request.arrayBuffer() });
}
