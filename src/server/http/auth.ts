import type { Services } from "../services.ts";

/**
 * `/api/auth/*`, by the auth library. It takes any `Sec-Fetch-Mode` for a browser's and then wants an origin; but
 * Node's own fetch sends that header alone, and what names neither an origin nor a site is no browser.
 */
export function handleAuth({ auth }: Services, request: Request): Promise<Response> {
  const { headers } = request;
  if (headers.has("origin") || headers.has("sec-fetch-site") || !headers.has("sec-fetch-mode")) {
    return auth.handler(request);
  }
  const scripted = new Request(request);
  scripted.headers.delete("sec-fetch-mode");
  return auth.handler(scripted);
}
